/* SPDX-License-Identifier: MIT */
/* The schema: which one is there, whether this program knows it, and how it is created and upgraded. */

#include <stdlib.h>
#include <string.h>

#include "db/internal.h"
#include "embedded.h"
#include "statements.h"

/* A migration's number is what its name begins with. */
static int version_of(const struct embedded *migration)
{
    return (int)strtol(migration->name, NULL, 10);
}

int db_schema_newest(void)
{
    int newest = 0;

    for (const struct embedded *migration = embedded_schema; migration->name != NULL; migration++)
        if (version_of(migration) > newest)
            newest = version_of(migration);
    return newest;
}

static void hex_of(const char *text, char hex[DIGEST_HEX_SIZE])
{
    unsigned char digest[DIGEST_SIZE];

    digest_of(text, strlen(text), digest);
    digest_hex(digest, hex);
}

/* Of the whole set: names too, for a routine may move from one file to another. */
static void hex_of_routines(char hex[DIGEST_HEX_SIZE])
{
    unsigned char sum[DIGEST_SIZE];
    struct digest *digest = digest_new();

    for (const struct embedded *routine = embedded_routines; routine->name != NULL; routine++) {
        digest_add(digest, routine->name, strlen(routine->name) + 1);
        digest_add(digest, routine->text, strlen(routine->text) + 1);
    }
    digest_peek(digest, sum);
    digest_free(digest);
    digest_hex(sum, hex);
}

/* ---- which schema is there ---- */

bool db_schema_read(struct db *db, struct db_schema *schema, struct error *err)
{
    struct db_rows *rows = NULL;
    struct error refused;

    *schema = (struct db_schema){0};
    if (db_query_one(db, &sql_db_schema_version, NULL, &rows, &refused)) {
        schema->installed = (int)db_int64(rows, 0, "installed");
        snprintf(schema->routines, sizeof(schema->routines), "%s", db_text(rows, 0, "routines"));
        snprintf(schema->program, sizeof(schema->program), "%s", db_text(rows, 0, "program"));
        db_rows_free(rows);
        return true;
    }
    /* No such schema, no such table: that is an answer. */
    if (strcmp(refused.sqlstate, "3F000") == 0 || strcmp(refused.sqlstate, "42P01") == 0)
        return true;
    if (err != NULL)
        *err = refused;
    return false;
}

static bool refuse_newer(const struct db *db, int installed, struct error *err)
{
    return fail(
        err, EXIT_COMMAND,
        "%s has schema version %d, and this program (headroom %s) knows versions up to %d; use the program that "
        "made it, or a newer one",
        db->place, installed, HEADROOM_VERSION, db_schema_newest());
}

bool db_schema_check(struct db *db, struct error *err)
{
    struct db_schema schema;
    char routines[DIGEST_HEX_SIZE];

    if (!db_schema_read(db, &schema, err))
        return false;
    if (schema.installed == 0)
        return fail(err, EXIT_DATABASE, "%s has no schema of headroom; run `headroom init`", db->place);
    if (schema.installed > db_schema_newest())
        return refuse_newer(db, schema.installed, err);
    if (schema.installed < db_schema_newest())
        return fail(err, EXIT_COMMAND, "%s has schema version %d, and this program wants %d; run `headroom init`",
                    db->place, schema.installed, db_schema_newest());
    hex_of_routines(routines);
    if (strcmp(routines, schema.routines) != 0)
        return fail(err, EXIT_COMMAND,
                    "%s: its views and functions differ from those of this program (headroom %s put them there, this "
                    "is headroom %s%s); run `headroom init` with the newer of the two, which replaces them",
                    db->place, schema.program, HEADROOM_VERSION,
                    strcmp(schema.program, HEADROOM_VERSION) == 0 ? ", another build" : "");
    return true;
}

/* ---- creating and upgrading ---- */

/* Runs a text of several statements; only embedded ones come here. */
static bool run_script(struct db *db, const struct embedded *script, struct error *err)
{
    PGresult *result = PQexec(db->conn, script->text);
    ExecStatusType status = PQresultStatus(result);
    bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

    if (!done)
        db_refused(db, &(struct sql){script->name, script->text}, result, err);
    PQclear(result);
    return done;
}

static const struct embedded *find_migration(int version)
{
    for (const struct embedded *migration = embedded_schema; migration->name != NULL; migration++)
        if (version_of(migration) == version)
            return migration;
    return NULL;
}

/* What was applied must be what this program holds under the same number: an edited migration would leave two databases
 * that only seem to have one schema. */
static bool check_applied(struct db *db, int *installed, struct error *err)
{
    struct db_rows *rows = NULL;
    bool done = true;

    if (!db_query(db, &sql_db_applied_migrations, NULL, &rows, err))
        return false;
    for (size_t row = 0; done && row < db_rows_count(rows); row++) {
        int version = (int)db_int64(rows, row, "version");
        const struct embedded *migration = find_migration(version);
        char hex[DIGEST_HEX_SIZE] = "";

        *installed = version;
        if (version > db_schema_newest()) {
            done = refuse_newer(db, (int)db_int64(rows, db_rows_count(rows) - 1, "version"), err);
            break;
        }
        if (migration != NULL)
            hex_of(migration->text, hex);
        if (strcmp(hex, db_text(rows, row, "sha256")) != 0)
            done = fail(err, EXIT_COMMAND,
                        "%s has migration %d (%s) as headroom %s applied it, with another text than this program's; "
                        "nothing was changed; use the program that made it",
                        db->place, version, db_text(rows, row, "name"), db_text(rows, row, "program"));
    }
    db_rows_free(rows);
    return done;
}

static bool apply(struct db *db, const struct embedded *migration, struct error *err)
{
    char version[16];
    char hex[DIGEST_HEX_SIZE];

    hex_of(migration->text, hex);
    snprintf(version, sizeof(version), "%d", version_of(migration));
    log_detail("applying %s", migration->name);
    return run_script(db, migration, err) &&
           db_run(db, &sql_db_record_migration, (const char *const[]){version, migration->name, hex, HEADROOM_VERSION},
                  err);
}

static bool apply_missing(struct db *db, bool none, int installed, struct error *err)
{
    for (const struct embedded *migration = embedded_schema; migration->name != NULL; migration++)
        if ((none || version_of(migration) > installed) && !apply(db, migration, err))
            return false;
    return true;
}

/* Replaces views and functions as a whole, where the set is not the one that is there. */
static bool replace_routines(struct db *db, struct error *err)
{
    struct db_rows *rows = NULL;
    char wanted[DIGEST_HEX_SIZE];
    bool same;

    hex_of_routines(wanted);
    if (!db_query(db, &sql_db_schema_version, NULL, &rows, err))
        return false;
    same = db_rows_count(rows) == 1 && strcmp(db_text(rows, 0, "routines"), wanted) == 0;
    db_rows_free(rows);
    if (same)
        return true;
    if (!db_run(db, &sql_db_drop_routines, NULL, err))
        return false;
    for (const struct embedded *routine = embedded_routines; routine->name != NULL; routine++)
        if (!run_script(db, routine, err))
            return false;
    return db_run(db, &sql_db_record_routines, (const char *const[]){wanted, HEADROOM_VERSION}, err);
}

/* Makes the schema where there is none; *found: with headroom's tables in it already. */
static bool ensure_schema(struct db *db, bool *found, struct error *err)
{
    struct db_rows *rows = NULL;
    bool done;

    if (!db_query_one(db, &sql_db_has_schema, NULL, &rows, err))
        return false;
    *found = db_bool(rows, 0, "found");
    done = db_bool(rows, 0, "named") || db_run(db, &sql_db_create_schema, NULL, err);
    if (!done && err != NULL && strcmp(err->sqlstate, "42501") == 0)
        fail(err, EXIT_COMMAND,
             "the login %s may not make a schema in %s; let the database's owner run the following, then run `headroom "
             "init` again: %s",
             PQuser(db->conn), db->place, db_text(rows, 0, "making"));
    db_rows_free(rows);
    return done;
}

/* All of it in the open transaction. */
static bool migrate(struct db *db, int *installed, struct error *err)
{
    bool found;

    return db_run(db, &sql_db_lock_schema, NULL, err) && db_ensure_roles(db, err) && ensure_schema(db, &found, err) &&
           db_take_role(db, DB_OWNER, err) && (!found || check_applied(db, installed, err)) &&
           apply_missing(db, !found, *installed, err) && replace_routines(db, err);
}

bool db_migrate_on(struct db *db, struct db_schema_state *before, struct error *err)
{
    int installed = 0;

    if (!db_begin(db, err))
        return false;
    if (!migrate(db, &installed, err) || !db_commit(db, err)) {
        db_rollback(db);
        return false;
    }
    if (before != NULL)
        *before = (struct db_schema_state){.installed = installed, .known = db_schema_newest()};
    return true;
}

bool db_migrate(const struct db_target *target, struct db_schema_state *before, struct error *err)
{
    struct db *db = NULL;
    bool done = db_connect(&db, target, err) && db_migrate_on(db, before, err);

    db_close(db);
    return done;
}
