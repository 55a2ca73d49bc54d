/* SPDX-License-Identifier: MIT */
/* Makes a private cluster: under a temporary name, and under its own only when it is whole. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/internal.h"
#include "statements.h"

/* Appended to postgresql.conf; durability (fsync, synchronous_commit, full_page_writes) stays as PostgreSQL has it. */
static const char settings[] =
    "\n# headroom's settings: a ledger that is loaded in batches and read in summaries.\n"
    "listen_addresses = ''\n" /* nobody but who may enter the socket's folder */
    "unix_socket_permissions = 0700\n"
    "max_connections = 50\n"
    "cluster_name = 'headroom'\n"
    "shared_buffers = '256MB'\n"
    "work_mem = '32MB'\n"
    "maintenance_work_mem = '128MB'\n"
    "max_wal_size = '4GB'\n" /* a load is not held up by checkpoints that its own writing asks for */
    "wal_compression = on\n"
    "checkpoint_timeout = '15min'\n"
    "checkpoint_completion_target = 0.9\n"
    "max_locks_per_transaction = 256\n" /* a partition a month, for many years, each with its indexes */
    "random_page_cost = 1.1\n"
    "jit = off\n"             /* compiling takes longer than these queries */
    "log_checkpoints = off\n" /* the log is for what went wrong */
    "log_timezone = 'UTC'\n"
    "timezone = 'UTC'\n";

static bool write_settings(const struct cluster *cluster, struct error *err)
{
    int file = openat(cluster->data, "postgresql.conf", O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
    bool done = file >= 0 && write(file, settings, sizeof(settings) - 1) == (ssize_t)sizeof(settings) - 1;

    if (!done)
        fail(err, EXIT_DATABASE, "cannot write the settings of the new cluster in %s: %s", cluster->home.path,
             strerror(errno));
    if (file >= 0)
        close(file);
    return done;
}

static bool run_initdb(const struct cluster *cluster, const struct server_programs *programs, struct error *err)
{
    static const char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC", NULL};
    char *program = mem_format("%s/initdb", programs->folder);
    const char *const argv[] = {
        program,           "-D",         PROCESS_FOLDER_1,   "-U",        CLUSTER_USER,        "--auth=trust",
        "--encoding=UTF8", "--locale=C", "--data-checksums", "--no-sync", "--no-instructions", NULL};
    struct process process = {
        .argv = argv, .environment = environment, .user = &cluster->user, .folders = {cluster->data, -1}};
    bool done = db_process_must(&process, err);

    free(program);
    return done || fail_within(err, "cannot make the private cluster in %s", cluster->home.path);
}

/* Removes what an attempt left that was broken off: first its server, or an initdb that still runs; both hold the lock
 * on the folder. */
static bool remove_making(const struct home *home, struct error *err)
{
    int data = openat(home->folder, CLUSTER_MAKING, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int64_t end = timestamp_monotonic() + INT64_C(60000000);
    bool done = true;

    if (data < 0 && errno == ENOENT)
        return true;
    while (done && data >= 0 && flock(data, LOCK_EX | LOCK_NB) != 0) {
        done = db_cluster_halt(data, SIGQUIT, err);
        if (done && timestamp_monotonic() > end)
            done = fail(err, EXIT_DATABASE, "an attempt to make the cluster in %s/" CLUSTER_MAKING " still runs",
                        home->path);
        usleep(20000);
    }
    if (data >= 0)
        close(data);
    return done && db_remove_tree(home->folder, CLUSTER_MAKING, err);
}

static bool make_data(struct cluster *cluster, struct error *err)
{
    int home = cluster->home.folder;

    if (mkdirat(home, CLUSTER_MAKING, 0700) == 0)
        cluster->data = openat(home, CLUSTER_MAKING, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (cluster->data < 0 ||
        (cluster->user.other && fchown(cluster->data, cluster->user.uid, cluster->user.gid) != 0) ||
        flock(cluster->data, LOCK_EX | LOCK_NB) != 0)
        return fail(err, EXIT_DATABASE, "cannot make %s/" CLUSTER_MAKING ": %s", cluster->home.path, strerror(errno));
    return true;
}

/* Everything is written to disk by one request; initdb asks for its thousand files one by one. The lock that initdb
 * worked under ends here: the server takes its own. */
static bool make_files(struct cluster *cluster, struct error *err)
{
    struct server_programs programs;
    bool done = db_programs_find(0, &programs, err) && make_data(cluster, err) && run_initdb(cluster, &programs, err) &&
                write_settings(cluster, err);

    if (done && syncfs(cluster->data) != 0)
        done = fail(err, EXIT_DATABASE, "cannot write the new cluster in %s to disk: %s", cluster->home.path,
                    strerror(errno));
    if (cluster->data >= 0)
        flock(cluster->data, LOCK_UN);
    cluster->major = programs.major;
    return done;
}

static bool fill_with(const struct cluster *cluster, db_fill_fn *fill, void *context, struct error *err)
{
    char *place = mem_format("the new private cluster in %s", cluster->home.path);
    struct db *db = NULL;
    bool done = db_connect_socket(&db, cluster->socket, "postgres", place, err) &&
                db_run(db, &sql_db_create_database, NULL, err);

    db_close(db);
    db = NULL;
    done = done && db_connect_socket(&db, cluster->socket, CLUSTER_DATABASE, place, err) && fill(db, context, err);
    db_close(db);
    free(place);
    return done;
}

/* A running server does not mind its folder's new name: it works in the folder, not under the path. */
static bool give_name(const struct cluster *cluster, struct error *err)
{
    int home = cluster->home.folder;

    if (renameat(home, CLUSTER_MAKING, home, CLUSTER_FOLDER) == 0 && fsync(home) == 0)
        return true;
    return fail(err, EXIT_DATABASE, "cannot name the new cluster %s/" CLUSTER_FOLDER ": %s", cluster->home.path,
                strerror(errno));
}

static bool make(struct cluster *cluster, db_fill_fn *fill, void *context, struct error *err)
{
    bool done = remove_making(&cluster->home, err) && db_server_user_choose(&cluster->user, err) &&
                db_home_socket(&cluster->home, &cluster->user, &cluster->socket, err) && make_files(cluster, err) &&
                db_cluster_run(cluster, err) && fill_with(cluster, fill, context, err) && give_name(cluster, err);
    struct error ignored;

    if (!done && !remove_making(&cluster->home, &ignored))
        log_warning("%s", ignored.text);
    return done;
}

bool db_cluster_make(const char *home, db_fill_fn *fill, void *context, bool *made, struct error *err)
{
    struct cluster cluster = {.data = -1, .socket = -1};
    bool done = db_home_open(&cluster.home, home, true, err) && db_home_lock(&cluster.home, err);

    *made = done && faccessat(cluster.home.folder, CLUSTER_FOLDER, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
    if (*made) {
        log_note("making a private PostgreSQL cluster in %s", home);
        done = make(&cluster, fill, context, err);
    }
    db_cluster_close(&cluster);
    return done;
}

static bool fill_schema(struct db *db, void *context, struct error *err)
{
    (void)context;
    return db_migrate_on(db, NULL, err);
}

bool db_make_home(const struct db_target *target, struct error *err)
{
    bool made;

    return target->conninfo != NULL || db_cluster_make(target->home, fill_schema, NULL, &made, err);
}
