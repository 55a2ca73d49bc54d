/* SPDX-License-Identifier: MIT */
/* headroom init: creates or upgrades the schema. */

#include <jansson.h>
#include <stdlib.h>

#include "cli/command.h"

static enum exit_code run_init(const struct invocation *invocation);

const struct command cmd_init = {
    .name = "init",
    .summary = "create or upgrade the schema",
    .description =
        "Makes everything that headroom keeps in a database: the schema headroom and the roles headroom_owner, "
        "headroom_writer and headroom_reader. Where no database is named, it makes a private PostgreSQL cluster first. "
        "Run it again after the program was upgraded; a schema that is up to date is left as it is.\n\n"
        "The whole upgrade is one transaction. Where the login may not make roles, the statements to run as a "
        "superuser are printed. Other logins get their rights by GRANT headroom_writer (or headroom_reader) TO "
        "them.\n\n"
        "JSON: {database, schema_before, schema}; schema_before is 0 where there was none.",
    .examples =
        (const char *const[]){
            "headroom init  # a private cluster under HEADROOM_HOME",
            "headroom init --db 'host=db.example dbname=ledger user=admin'  # in a database that you run",
            NULL,
        },
    .run = run_init,
};

/* A new private cluster comes with its schema, so what was before is asked before. */
static bool make_schema(const struct db_target *target, struct db_schema_state *before, struct error *err)
{
    struct db_cluster_status cluster;
    bool is_new = target->conninfo == NULL && !db_cluster_state(target, &cluster, NULL);

    if (!db_make_home(target, err) || !db_migrate(target, before, err))
        return false;
    if (is_new)
        before->installed = 0;
    return true;
}

static void print_schema(const char *where, const struct db_schema_state *before)
{
    if (before->installed == 0)
        printf("made the schema, version %d, in %s\n", before->known, where);
    else if (before->installed < before->known)
        printf("upgraded the schema from version %d to %d in %s\n", before->installed, before->known, where);
    else
        printf("the schema, version %d, is up to date in %s\n", before->known, where);
}

static enum exit_code run_init(const struct invocation *invocation)
{
    struct db_target target;
    struct db_schema_state before;
    struct error err;

    if (!db_find_target(invocation->db, &target, &err) || !make_schema(&target, &before, &err))
        return cli_failed(&err);

    const char *at = target.conninfo == NULL ? target.home : target.origin;
    if (invocation->json) {
        json_t *document =
            json_pack("{s:s, s:i, s:i}", "database", at, "schema_before", before.installed, "schema", before.known);
        return cli_print_json(document, &err) ? EXIT_DONE : cli_failed(&err);
    }
    char *where = mem_format(target.conninfo == NULL ? "the private cluster in %s" : "the database given by %s", at);
    print_schema(where, &before);
    free(where);
    return EXIT_DONE;
}
