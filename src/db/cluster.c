/* SPDX-License-Identifier: MIT */
/* The private cluster as it runs: whether it does, how it is started, waited for and stopped. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/internal.h"

#define WAIT_US  INT64_C(60000000)
#define TELL_US  INT64_C(5000000)
#define PAUSE_US 20000
#define PID_FILE "postmaster.pid"

/* ---- its folders ---- */

static void read_text(int folder, const char *name, char *text, size_t size)
{
    int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    ssize_t got = file >= 0 ? read(file, text, size - 1) : 0;

    text[got > 0 ? got : 0] = '\0';
    if (file >= 0)
        close(file);
}

static int read_number(int folder, const char *name)
{
    char text[32];

    read_text(folder, name, text, sizeof(text));
    long number = strtol(text, NULL, 10);
    return number > 0 && number <= INT32_MAX ? (int)number : 0;
}

bool db_cluster_open(struct cluster *cluster, const char *home, struct error *err)
{
    *cluster = (struct cluster){.data = -1, .socket = -1, .home = {.folder = -1, .lock = -1}};
    if (!db_home_open(&cluster->home, home, false, err))
        return false;
    cluster->data = openat(cluster->home.folder, CLUSTER_FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (cluster->data < 0 && errno == ENOENT)
        return db_no_cluster(home, err);
    if (cluster->data < 0)
        return fail(err, EXIT_DATABASE, "cannot open the private cluster %s/" CLUSTER_FOLDER ": %s", home,
                    errno == EACCES ? "it belongs to another user; run headroom as that user or as root"
                                    : strerror(errno));
    cluster->major = read_number(cluster->data, "PG_VERSION");
    if (cluster->major == 0)
        return fail(err, EXIT_DATABASE, "%s/" CLUSTER_FOLDER " is no PostgreSQL cluster (it has no PG_VERSION)", home);
    return db_server_user_of(cluster->data, &cluster->user, err) &&
           db_home_socket(&cluster->home, &cluster->user, &cluster->socket, err);
}

void db_cluster_close(struct cluster *cluster)
{
    if (cluster->socket >= 0)
        close(cluster->socket);
    if (cluster->data >= 0)
        close(cluster->data);
    db_home_close(&cluster->home);
    cluster->socket = cluster->data = -1;
}

/* A number in a file may be that of another process by now: the server is the one that works in this very folder. */
pid_t db_cluster_pid(int data)
{
    int pid = read_number(data, PID_FILE);
    char path[64];
    struct stat works_in;
    struct stat folder;

    snprintf(path, sizeof(path), "/proc/%d/cwd", pid);
    if (pid == 0 || stat(path, &works_in) != 0 || fstat(data, &folder) != 0)
        return 0;
    return works_in.st_dev == folder.st_dev && works_in.st_ino == folder.st_ino ? pid : 0;
}

/* ---- starting ---- */

/* Whether the server says of itself, in the 8th line of its pid file, what `state` says: "starting" (a recovery too),
 * "ready", "stopping". */
static bool says(int data, const char *state)
{
    char text[2048];
    const char *line = text;

    read_text(data, PID_FILE, text, sizeof(text));
    for (int i = 1; line != NULL && i < 8; i++) {
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    return line != NULL && strncmp(line, state, strlen(state)) == 0;
}

static bool answers(const struct cluster *cluster)
{
    const char *const names[] = {"host", "port", "user", "dbname", "connect_timeout", NULL};
    char host[32];
    const char *const values[] = {host, CLUSTER_PORT, CLUSTER_USER, "postgres", "5", NULL};

    snprintf(host, sizeof(host), "/proc/self/fd/%d", cluster->socket);
    return PQpingParams(names, values, 0) == PQPING_OK;
}

/* What a server that was killed has left. The caller knows that none runs. */
static void clear_left_overs(const struct cluster *cluster, int data)
{
    unlinkat(data, PID_FILE, 0);
    unlinkat(cluster->socket, ".s.PGSQL." CLUSTER_PORT, 0);
    unlinkat(cluster->socket, ".s.PGSQL." CLUSTER_PORT ".lock", 0);
}

static bool start_with(const struct cluster *cluster, const char *program, int data, pid_t *pid, struct error *err)
{
    static const char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC", NULL};
    const char *const argv[] = {program, "-D", PROCESS_FOLDER_1, "-k", PROCESS_FOLDER_2, "-p", CLUSTER_PORT, NULL};
    struct process process = {
        .argv = argv, .environment = environment, .user = &cluster->user, .folders = {data, cluster->socket}};
    int log = -1;
    bool done = db_home_log(&cluster->home, &log, err) && db_process_start(&process, log, pid, err);

    if (log >= 0)
        close(log);
    return done;
}

/* Starts the server unless something of an earlier one is still alive. The lock on the data folder goes over to the
 * server and to all its processes, and ends with the last of them: so this is known for certain, whatever number a file
 * says and in whatever container they run. It belongs to what was opened, so the folder is opened anew. *pid stays 0
 * when it is to be tried again. */
static bool try_start(const struct cluster *cluster, pid_t *pid, struct error *err)
{
    struct server_programs programs;
    int data = openat(cluster->data, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = true;

    if (data < 0)
        return fail(err, EXIT_DATABASE, "cannot open the private cluster in %s: %s", cluster->home.path,
                    strerror(errno));
    if (flock(data, LOCK_EX | LOCK_NB) == 0) {
        clear_left_overs(cluster, data);
        done = db_programs_find(cluster->major, &programs, err);
        if (done) {
            char *program = mem_format("%s/postgres", programs.folder);
            done = start_with(cluster, program, data, pid, err);
            free(program);
        }
    }
    close(data);
    return done;
}

static bool start_failed(const struct cluster *cluster, const char *what, off_t from, struct error *err)
{
    char *said = db_home_log_tail(&cluster->home, from);

    fail(err, EXIT_DATABASE, "the private cluster in %s %s; its log %s/" LOG_FILE " ends with: %s", cluster->home.path,
         what, cluster->home.path, said);
    free(said);
    return false;
}

/* A server that recovers from a crash takes the time that it takes: how long it may still be waited for. */
static int64_t wait_for_recovery(const struct cluster *cluster, int64_t *tell_at)
{
    int64_t now = timestamp_monotonic();

    if (now > *tell_at) {
        log_note("the private cluster in %s recovers what its last end left undone; waiting", cluster->home.path);
        *tell_at = INT64_MAX;
    }
    return now + WAIT_US;
}

/* Waits on two conditions, that it answers and that it lives. One that stops right now is waited for and started. It is
 * not asked before it is ready: each refusal would be a line of its log. */
bool db_cluster_run(struct cluster *cluster, struct error *err)
{
    int64_t tell_at = timestamp_monotonic() + TELL_US;
    int64_t end = timestamp_monotonic() + WAIT_US;
    off_t from = db_home_log_size(&cluster->home);
    pid_t started = 0;

    while (timestamp_monotonic() < end) {
        if (db_cluster_pid(cluster->data) > 0) {
            if (says(cluster->data, "ready") && answers(cluster))
                return true;
            if (says(cluster->data, "starting"))
                end = wait_for_recovery(cluster, &tell_at);
        } else if (started == 0 && !try_start(cluster, &started, err)) {
            return false;
        }
        if (started > 0 && waitpid(started, NULL, WNOHANG) != 0)
            return start_failed(cluster, "did not start", from, err);
        usleep(PAUSE_US);
    }
    return start_failed(
        cluster, started == 0 ? "is still held by an earlier server" : "does not answer yet (try again)", from, err);
}

static bool refuse_conninfo(const struct db_target *target, struct error *err)
{
    return target->conninfo == NULL ||
           fail(
               err, EXIT_COMMAND,
               "%s names a database, which is not headroom's to start or stop; this command is for the private cluster",
               target->origin);
}

bool db_start(const struct db_target *target, struct error *err)
{
    struct cluster cluster;

    if (!refuse_conninfo(target, err))
        return false;
    bool done = db_cluster_open(&cluster, target->home, err) && db_home_lock(&cluster.home, err) &&
                db_cluster_run(&cluster, err);
    db_cluster_close(&cluster);
    return done;
}

/* ---- stopping ---- */

bool db_cluster_halt(int data, int signal_number, struct error *err)
{
    int64_t end = timestamp_monotonic() + WAIT_US;
    pid_t pid = db_cluster_pid(data);

    if (pid > 0 && kill(pid, signal_number) != 0 && errno != ESRCH)
        return fail(err, EXIT_COMMAND, "cannot stop the private cluster's server (process %d): %s", (int)pid,
                    strerror(errno));
    for (; pid > 0 && db_cluster_pid(data) == pid; usleep(PAUSE_US))
        if (timestamp_monotonic() > end)
            return fail(err, EXIT_COMMAND, "the private cluster's server (process %d) does not end", (int)pid);
    return true;
}

bool db_stop(const struct db_target *target, struct error *err)
{
    struct cluster cluster;

    if (!refuse_conninfo(target, err))
        return false;
    /* SIGINT is the fast shutdown: open transactions are given up, everything committed is written. */
    bool done = db_cluster_open(&cluster, target->home, err) && db_home_lock(&cluster.home, err) &&
                db_cluster_halt(cluster.data, SIGINT, err);
    db_cluster_close(&cluster);
    return done;
}

bool db_cluster_state(const struct db_target *target, struct db_cluster_status *status, struct error *err)
{
    struct cluster cluster;

    *status = (struct db_cluster_status){0};
    if (!refuse_conninfo(target, err))
        return false;
    bool done = db_cluster_open(&cluster, target->home, err);
    if (done) {
        status->exists = true;
        status->pid = db_cluster_pid(cluster.data);
        status->running = status->pid > 0;
        snprintf(status->version, sizeof(status->version), "%d", cluster.major);
        snprintf(status->socket, sizeof(status->socket), "%s/" SOCKET_FOLDER, target->home);
        snprintf(status->log, sizeof(status->log), "%s/" LOG_FILE, target->home);
    }
    db_cluster_close(&cluster);
    return done;
}

/* A server that was told to stop takes its postmaster.pid away; one that was killed leaves it. */
bool db_cluster_is_there(const struct db_target *target, struct error *err)
{
    struct cluster cluster;

    if (target->conninfo != NULL)
        return true;
    bool done = db_cluster_open(&cluster, target->home, err);
    if (done && db_cluster_pid(cluster.data) == 0 && faccessat(cluster.data, PID_FILE, F_OK, 0) != 0)
        done = fail(err, EXIT_DATABASE, "the private cluster is stopped; `headroom db start` starts it");
    db_cluster_close(&cluster);
    return done;
}
