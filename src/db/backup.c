/* SPDX-License-Identifier: MIT */
/* Backup: PostgreSQL's own dump and a manifest, both of one moment, in a folder that is whole or not there. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "db/internal.h"
#include "statements.h"

bool db_summary(struct db *db, struct db_backup_summary *summary, int *schema, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query_one(db, &sql_db_summary, NULL, &rows, err))
        return false;
    timestamp_format(db_int64(rows, 0, "taken_us"), summary->taken_at);
    snprintf(summary->chain_head, sizeof(summary->chain_head), "%s", db_text(rows, 0, "chain_head"));
    summary->chain_length = db_int64(rows, 0, "chain_length");
    summary->contracts = db_int64(rows, 0, "contracts");
    summary->batches = db_int64(rows, 0, "batches");
    summary->events = db_int64(rows, 0, "events");
    if (schema != NULL)
        *schema = (int)db_int64(rows, 0, "schema");
    db_rows_free(rows);
    return true;
}

/* ---- the folder ---- */

static bool is_empty(const char *path)
{
    DIR *list = opendir(path);
    size_t entries = 0;

    while (list != NULL && readdir(list) != NULL)
        entries++;
    if (list != NULL)
        closedir(list);
    return list != NULL && entries <= 2;
}

struct place {
    char *folder; /* as given, without a slash at its end */
    char *parent;
    char *temporary; /* beside it */
    bool made;       /* the temporary one */
};

/* Such a folder can't be put in place of: the backup is made beside its name, and then gets it. */
static bool is_mount(const struct place *place)
{
    struct stat folder;
    struct stat parent;

    return stat(place->folder, &folder) == 0 && stat(place->parent, &parent) == 0 && folder.st_dev != parent.st_dev;
}

/* Before anything is dumped: the folder is new or empty, and something can be made beside it. */
static bool make_place(struct place *place, const char *folder, struct error *err)
{
    char *copy = mem_text(folder);

    for (size_t size = strlen(copy); size > 1 && copy[size - 1] == '/'; size--)
        copy[size - 1] = '\0';
    place->folder = mem_text(copy);
    place->parent = mem_text(dirname(copy));
    place->temporary = mem_format("%s/.headroom-backup-XXXXXX", place->parent);
    free(copy);
    if (access(place->folder, F_OK) == 0 && !is_empty(place->folder))
        return fail(err, EXIT_COMMAND, "%s is not an empty folder; give a new one, so that no backup is written over",
                    place->folder);
    if (is_mount(place))
        return fail(err, EXIT_COMMAND, "%s is where another file system is mounted; give a new folder in it",
                    place->folder);
    place->made = mkdtemp(place->temporary) != NULL;
    return place->made || fail(err, EXIT_COMMAND, "cannot make a folder in %s: %s", place->parent, strerror(errno));
}

static bool sync_folder(const char *path)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = folder >= 0 && fsync(folder) == 0;

    if (folder >= 0)
        close(folder);
    return done;
}

static bool give_name(struct place *place, struct error *err)
{
    bool named = sync_folder(place->temporary) && rename(place->temporary, place->folder) == 0;

    place->made = !named;
    if (named && sync_folder(place->parent))
        return true;
    return fail(err, EXIT_COMMAND, "cannot name the backup %s: %s", place->folder, strerror(errno));
}

static void end_place(struct place *place)
{
    struct error ignored;

    if (place->made && !db_remove_tree(AT_FDCWD, place->temporary, &ignored))
        log_warning("%s", ignored.text);
    free(place->temporary);
    free(place->parent);
    free(place->folder);
}

/* ---- the dump ---- */

/* As many at once as help, and leave the machine to others. */
static int jobs(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors < 2 ? 1 : processors > 4 ? 4 : (int)processors;
}

static bool run_dump(struct db *db, const char *snapshot, const char *folder, struct error *err)
{
    char *path = NULL;
    struct client client = {0};

    if (!db_programs_client("pg_dump", PQserverVersion(db->conn) / 10000, &path, err))
        return false;
    db_client_init(&client, db);

    char *seen = mem_format("--snapshot=%s", snapshot);
    char *into = mem_format("--file=%s/" BACKUP_DUMP, folder);
    char *parallel = mem_format("--jobs=%d", jobs());
    const char *const argv[] = {path,
                                "--format=directory",
                                "--schema=headroom",
                                "--role=headroom_writer",
                                seen,
                                "--no-password",
                                parallel,
                                into,
                                "--dbname",
                                client.conninfo,
                                NULL};
    struct process process = {
        .argv = argv, .environment = (const char *const *)(uintptr_t)client.environment, .folders = {db->socket, -1}};
    bool done = db_process_must(&process, err);

    free(parallel);
    free(into);
    free(seen);
    db_client_free(&client);
    free(path);
    return done;
}

/* All in one snapshot: the manifest says exactly what the dump holds, whatever is taken in meanwhile. */
static bool dump(struct db *db, const char *folder, struct manifest *manifest, struct error *err)
{
    struct db_rows *rows = NULL;
    bool done;

    manifest->server = PQserverVersion(db->conn) / 10000;
    if (!db_begin_snapshot(db, err))
        return false;
    done = db_summary(db, &manifest->summary, &manifest->schema, err) &&
           db_query_one(db, &sql_db_export_snapshot, NULL, &rows, err) &&
           run_dump(db, db_text(rows, 0, "snapshot"), folder, err) &&
           db_manifest_digest(folder, &manifest->files, err) && db_manifest_write(folder, manifest, err);
    db_rows_free(rows);
    db_rollback(db);
    return done;
}

/* As the writer, since the reader must not read keys. A schema older than the program's may be backed up: before it is
 * upgraded is when one wants to. */
static bool open_ledger(struct db **db, const struct db_target *target, struct error *err)
{
    struct db_schema schema;

    if (!db_connect(db, target, err) || !db_take_role(*db, DB_WRITER, err) || !db_schema_read(*db, &schema, err))
        return false;
    return schema.installed > 0 ||
           fail(err, EXIT_DATABASE, "%s has no schema of headroom: there is nothing to back up", (*db)->place);
}

bool db_backup(const struct db_target *target, const char *folder, struct db_backup_summary *summary, struct error *err)
{
    struct place place = {0};
    struct manifest manifest = {0};
    struct db *db = NULL;
    bool done = open_ledger(&db, target, err) && make_place(&place, folder, err) &&
                dump(db, place.temporary, &manifest, err) && give_name(&place, err);

    if (done)
        *summary = manifest.summary;
    db_manifest_free(&manifest);
    end_place(&place);
    db_close(db);
    return done;
}
