/* SPDX-License-Identifier: MIT */
/* Restore: a backup is proved by its digests, brought back, and compared with what its manifest says it holds. */

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "db/internal.h"
#include "statements.h"

struct restore {
    const char *folder;
    struct manifest manifest;
    bool whole; /* in one transaction: into a database that is not under a temporary name */
};

/* ---- what was backed up ---- */

static bool check_files(const struct restore *restore, struct error *err)
{
    json_t *found = NULL;
    const char *name;
    json_t *digest;
    bool done = db_manifest_digest(restore->folder, &found, err);

    if (!done)
        goto out;
    json_object_foreach(restore->manifest.files, name, digest)
    {
        if (json_equal(json_object_get(found, name), digest))
            continue;
        done = fail(err, EXIT_CHECK, "the backup %s is damaged: " BACKUP_DUMP "/%s is %s; use another copy of it",
                    restore->folder, name,
                    json_object_get(found, name) == NULL ? "missing" : "not what its manifest says");
        goto out;
    }
    if (json_object_size(found) != json_object_size(restore->manifest.files))
        done = fail(err, EXIT_CHECK, "the backup %s has files that its manifest does not name", restore->folder);
out:
    json_decref(found);
    return done;
}

static bool check_schema(const struct restore *restore, struct error *err)
{
    int newest = db_schema_newest();

    return restore->manifest.schema <= newest ||
           fail(err, EXIT_COMMAND,
                "the backup %s has schema version %d, and this program (headroom %s) knows versions up to %d; use the "
                "program that made it, or a newer one",
                restore->folder, restore->manifest.schema, HEADROOM_VERSION, newest);
}

/* ---- bringing it back ---- */

static bool make_roles(struct db *db, struct error *err)
{
    if (!db_begin(db, err))
        return false;
    if (db_ensure_roles(db, err) && db_commit(db, err))
        return true;
    db_rollback(db);
    return false;
}

static bool run_restore(struct db *db, const struct restore *restore, struct error *err)
{
    char *path = NULL;
    struct client client = {0};

    if (!db_programs_client("pg_restore", PQserverVersion(db->conn) / 10000, &path, err))
        return false;
    db_client_init(&client, db);

    char *dump = mem_format("%s/" BACKUP_DUMP, restore->folder);
    const char *const argv[] = {path,
                                "--exit-on-error",
                                restore->whole ? "--single-transaction" : "--jobs=2",
                                "--no-password",
                                "--dbname",
                                client.conninfo,
                                dump,
                                NULL};
    struct process process = {
        .argv = argv, .environment = (const char *const *)(uintptr_t)client.environment, .folders = {db->socket, -1}};
    bool done = db_process_must(&process, err);

    free(dump);
    db_client_free(&client);
    free(path);
    return done;
}

static bool compare(struct db *db, const struct restore *restore, struct error *err)
{
    const struct db_backup_summary *wanted = &restore->manifest.summary;
    struct db_backup_summary found;

    if (!db_summary(db, &found, NULL, err))
        return false;
    if (found.chain_length == wanted->chain_length && strcmp(found.chain_head, wanted->chain_head) == 0 &&
        found.contracts == wanted->contracts && found.batches == wanted->batches && found.events == wanted->events)
        return true;
    return fail(err, EXIT_CHECK,
                "what was restored from %s is not what its manifest says: chain head %s (link %jd), %jd contracts, %jd "
                "batches, %jd events; wanted %s (link %jd), %jd, %jd, %jd%s",
                restore->folder, found.chain_head, (intmax_t)found.chain_length, (intmax_t)found.contracts,
                (intmax_t)found.batches, (intmax_t)found.events, wanted->chain_head, (intmax_t)wanted->chain_length,
                (intmax_t)wanted->contracts, (intmax_t)wanted->batches, (intmax_t)wanted->events,
                restore->whole ? "; it stays in the database for you to look at" : "");
}

static bool fill(struct db *db, void *context, struct error *err)
{
    const struct restore *restore = context;

    return make_roles(db, err) && run_restore(db, restore, err) && db_take_role(db, DB_OWNER, err) &&
           compare(db, restore, err) && db_run(db, &sql_db_analyze, NULL, err);
}

static bool into_home(struct restore *restore, const char *home, struct error *err)
{
    bool made = false;

    return db_cluster_make(home, fill, restore, &made, err) &&
           (made || fail(err, EXIT_COMMAND,
                         "there is a private cluster in %s already; a backup is restored into an empty home: set "
                         "HEADROOM_HOME to a new folder",
                         home));
}

static bool into_database(struct restore *restore, const struct db_target *target, struct error *err)
{
    struct db_rows *rows = NULL;
    struct db *db = NULL;
    bool done = db_connect(&db, target, err) && db_query_one(db, &sql_db_has_schema, NULL, &rows, err);

    if (done && db_bool(rows, 0, "named"))
        done = fail(err, EXIT_COMMAND, "%s has a schema headroom already; a backup is restored into a database without",
                    db->place);
    db_rows_free(rows);
    restore->whole = true;
    done = done && fill(db, restore, err);
    db_close(db);
    return done;
}

bool db_restore(const struct db_target *target, const char *folder, struct db_backup_summary *summary,
                struct error *err)
{
    struct restore restore = {.folder = folder};
    bool done =
        db_manifest_read(folder, &restore.manifest, err) && check_schema(&restore, err) && check_files(&restore, err);

    if (done && target->conninfo == NULL)
        done = into_home(&restore, target->home, err);
    else if (done)
        done = into_database(&restore, target, err);
    if (done)
        *summary = restore.manifest.summary;
    db_manifest_free(&restore.manifest);
    return done;
}
