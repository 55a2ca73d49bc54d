/* SPDX-License-Identifier: MIT */
/* headroom db: the private cluster, and the ledger's backup. */

#include <jansson.h>
#include <stdlib.h>

#include "cli/command.h"

static enum exit_code run_start(const struct invocation *invocation);
static enum exit_code run_stop(const struct invocation *invocation);
static enum exit_code run_status(const struct invocation *invocation);
static enum exit_code run_psql(const struct invocation *invocation);
static enum exit_code run_backup(const struct invocation *invocation);
static enum exit_code run_restore(const struct invocation *invocation);

static const struct command db_start_command = {
    .name = "start",
    .summary = "start the private cluster",
    .description =
        "Every command starts the private cluster by itself; this one only does it beforehand. The server runs apart "
        "from the terminal until 'db stop', with the programs of the cluster's own major version of PostgreSQL. As "
        "root, the server alone runs as the user headroom, else postgres.\n\nJSON: as 'db status'.",
    .examples = (const char *const[]){"headroom db start  # and wait until it answers", NULL},
    .run = run_start,
};

static const struct command db_stop_command = {
    .name = "stop",
    .summary = "stop the private cluster",
    .description = "Open transactions are given up; everything that was committed stays.\n\nJSON: as 'db status'.",
    .examples = (const char *const[]){"headroom db stop  # before the machine is moved", NULL},
    .run = run_stop,
};

static const struct command db_status_command = {
    .name = "status",
    .summary = "say where the private cluster is and whether it runs",
    .description = "JSON: {home, running, pid, version, socket, log}; pid is null where no server runs.",
    .examples = (const char *const[]){"headroom db status --json | jq -r .socket  # for another program", NULL},
    .run = run_status,
};

static const struct command db_psql_command = {
    .name = "psql",
    .summary = "open psql on the ledger",
    .operands = "[-- ARGUMENT…]",
    .operands_max = SIZE_MAX,
    .description =
        "Works with the login's own rights. What follows -- is handed to psql. Everything is in the schema headroom, "
        "and every rule of counting, pricing and closing is a function there.",
    .examples =
        (const char *const[]){
            "headroom db psql  # look around",
            "headroom db psql -- -c 'TABLE headroom.batch'  # what was taken in",
            NULL,
        },
    .run = run_psql,
};

static const struct command db_backup_command = {
    .name = "backup",
    .summary = "write the whole ledger into a folder",
    .operands = "DIR",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "DIR must be new or empty. Loads may go on meanwhile: the backup is the state of one moment. It survives a "
        "change of PostgreSQL's major version, and holds the SHA-256 of each of its files, the head of the chain and "
        "the counts, all of which 'db restore' compares. The gateway's keys are in it, so the login needs the rights "
        "of "
        "headroom_writer, and the folder is for its owner alone.\n\n"
        "JSON: {folder, taken_at, chain_head, chain_length, contracts, batches, events}.",
    .examples = (const char *const[]){"headroom db backup /backups/ledger-2026-10-31  # then copy it elsewhere", NULL},
    .run = run_backup,
};

static const struct command db_restore_command = {
    .name = "restore",
    .summary = "bring a backup back into an empty home",
    .operands = "DIR",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "Makes a private cluster with the newest PostgreSQL that is installed, or fills a database (--db) that has no "
        "schema headroom. A cluster is kept only when chain and counts equal those of the backup.\n\n"
        "JSON: {folder, taken_at, chain_head, chain_length, contracts, batches, events}.",
    .examples =
        (const char *const[]){
            "HEADROOM_HOME=/srv/ledger headroom db restore /backups/ledger-2026-10-31  # into a new home",
            NULL,
        },
    .run = run_restore,
};

const struct command cmd_db = {
    .name = "db",
    .summary = "run the private cluster, back up and restore the ledger",
    .subcommands = (const struct command *const[]){&db_start_command, &db_stop_command, &db_status_command,
                                                   &db_psql_command, &db_backup_command, &db_restore_command, NULL},
};

/* ---- the cluster ---- */

static json_t *status_json(const struct db_target *target, const struct db_cluster_status *status)
{
    return json_pack("{s:s, s:b, s:o, s:s, s:s, s:s}", "home", target->home, "running", status->running, "pid",
                     status->running ? json_integer(status->pid) : json_null(), "version", status->version, "socket",
                     status->socket, "log", status->log);
}

static void print_status(const struct db_target *target, const struct db_cluster_status *status)
{
    if (status->running)
        printf("the private cluster in %s runs (process %jd)\n", target->home, (intmax_t)status->pid);
    else
        printf("the private cluster in %s is stopped\n", target->home);
    printf("PostgreSQL  %s\nsocket      %s\nlog         %s\n", status->version, status->socket, status->log);
}

typedef bool change_fn(const struct db_target *target, struct error *err);

/* What start, stop and status have in common: the change (none for status), then how the cluster is. */
static enum exit_code run_with(const struct invocation *invocation, change_fn *change)
{
    struct db_target target;
    struct db_cluster_status status;
    struct error err;

    if (!db_find_target(invocation->db, &target, &err) || (change != NULL && !change(&target, &err)) ||
        !db_cluster_state(&target, &status, &err))
        return cli_failed(&err);
    if (invocation->json)
        return cli_print_json(status_json(&target, &status), &err) ? EXIT_DONE : cli_failed(&err);
    print_status(&target, &status);
    return EXIT_DONE;
}

static enum exit_code run_start(const struct invocation *invocation)
{
    return run_with(invocation, db_start);
}

static enum exit_code run_stop(const struct invocation *invocation)
{
    return run_with(invocation, db_stop);
}

static enum exit_code run_status(const struct invocation *invocation)
{
    return run_with(invocation, NULL);
}

static enum exit_code run_psql(const struct invocation *invocation)
{
    size_t count = argument_count(invocation->arguments);
    const char **words = mem_alloc((count + 1) * sizeof(*words));
    struct db_target target;
    struct error err;

    for (size_t i = 0; i < count; i++)
        words[i] = argument_at(invocation->arguments, i);

    bool done = db_find_target(invocation->db, &target, &err) && db_psql(&target, words, &err);
    free(words);
    return done ? EXIT_DONE : cli_failed(&err);
}

/* ---- backup and restore ---- */

static json_t *summary_json(const char *folder, const struct db_backup_summary *summary)
{
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I}", "folder", folder, "taken_at", summary->taken_at,
                     "chain_head", summary->chain_head, "chain_length", (json_int_t)summary->chain_length, "contracts",
                     (json_int_t)summary->contracts, "batches", (json_int_t)summary->batches, "events",
                     (json_int_t)summary->events);
}

static void print_summary(const char *done, const char *folder, const struct db_backup_summary *summary)
{
    printf("%s %s\n", done, folder);
    printf("taken at    %s\n", summary->taken_at);
    printf("chain head  %s (link %jd)\n", summary->chain_head, (intmax_t)summary->chain_length);
    printf("contracts   %jd\n", (intmax_t)summary->contracts);
    printf("batches     %jd\n", (intmax_t)summary->batches);
    printf("events      %jd\n", (intmax_t)summary->events);
}

typedef bool move_fn(const struct db_target *target, const char *folder, struct db_backup_summary *summary,
                     struct error *err);

static enum exit_code move_with(const struct invocation *invocation, move_fn *move, const char *done)
{
    const char *folder = argument_at(invocation->arguments, 0);
    struct db_backup_summary summary;
    struct db_target target;
    struct error err;

    if (!db_find_target(invocation->db, &target, &err) || !move(&target, folder, &summary, &err))
        return cli_failed(&err);
    if (invocation->json)
        return cli_print_json(summary_json(folder, &summary), &err) ? EXIT_DONE : cli_failed(&err);
    print_summary(done, folder, &summary);
    return EXIT_DONE;
}

static enum exit_code run_backup(const struct invocation *invocation)
{
    return move_with(invocation, db_backup, "backed up to");
}

static enum exit_code run_restore(const struct invocation *invocation)
{
    return move_with(invocation, db_restore, "restored from");
}
