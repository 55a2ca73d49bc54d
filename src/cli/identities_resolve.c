/* SPDX-License-Identifier: MIT */
/* headroom identities resolve: users known by half, looked up at the vendor. */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/identities.h"
#include "cli/json.h"
#include "cli/selection.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/value.h"
#include "headroom/engagement.h"

#define TOKEN_SIZE 8192
#define LIMIT_MAX  1000000000

static enum exit_code run_resolve(const struct invocation *invocation);

const struct command identities_resolve = {
    .name = "resolve",
    .summary = "look up at the API who owns handles and user ids that are known by half",
    .description =
        "Asks the API for the user of each handle that was used and has none, and for the handle of each user id that "
        "was used and has none, 100 in a request. Handles and user ids are all that is sent, and only by this command. "
        "What an answer says is kept as seen together at the time of the look-up: it tells who owns a handle now, "
        "which for a handle that changed hands is not who used it then; 'identities import' can say more.\n\n"
        "The API wants the bearer token of an app: from --token-file, or from HEADROOM_BEARER_TOKEN. It is neither "
        "kept nor shown, goes by HTTPS to the base URL alone, and a redirection is not followed.\n\n"
        "Each answer is a batch of its own: after a break, run the command again for the rest; 'identities withdraw' "
        "takes one back. Where the rate limit is used up, it waits; faults of the service are tried again.\n\n"
        "JSON: {handles, user_ids, requests, asked, found, not_found: [{subject, reason}], batches, chain_head}: "
        "handles and user_ids are how many were known by half before; of those not found, asked - found, the first "
        "10,000 are named. With --dry-run, requests says how many there would be, asked is 0 and chain_head null.",
    .options =
        (const struct option_spec[]){
            OPTION_CONTRACT_OF_ALL,
            {"month", 0, "2026-10|this|last", "only what was used in this billing month; default: in any"},
            {"token-file", 0, "FILE", "the bearer token, alone in a file; - is standard input"},
            {"limit", 0, "N", "ask for no more than so many; default: all"},
            {"max-wait", 0, "SECONDS", "wait no longer before another try, 0 to 900; default: 900"},
            {"base-url", 0, "URL", "where to ask; default: " LOOKUP_BASE_URL},
            {"dry-run", 0, NULL, "say how many would be asked for; send and write nothing"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom identities resolve --dry-run  # how many requests would it take?",
            "headroom identities resolve --month last --token-file ~/.headroom-token  # before the month is closed",
            NULL,
        },
    .run = run_resolve,
};

/* ---- the token ---- */

static size_t read_all(int descriptor, char *bytes, size_t size)
{
    size_t used = 0;
    ssize_t got = 1;

    while (used < size && (got > 0 || (got < 0 && errno == EINTR))) {
        got = read(descriptor, bytes + used, size - used);
        used += got > 0 ? (size_t)got : 0;
    }
    return got < 0 ? SIZE_MAX : used;
}

/* The file's text without the line end that an editor leaves behind it. */
MUST_CHECK static bool read_token(const char *path, char token[TOKEN_SIZE], struct error *err)
{
    bool from_input = strcmp(path, "-") == 0;
    int descriptor = from_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;

    if (descriptor < 0)
        return fail(err, EXIT_COMMAND, "%s: %s", path, strerror(errno));
    if (!from_input && fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 0077) != 0)
        log_warning("%s: others may read the token in it; chmod 600 changes that", path);

    size_t size = read_all(descriptor, token, TOKEN_SIZE - 1);
    int why = errno;
    if (!from_input)
        close(descriptor);
    if (size == SIZE_MAX)
        return fail(err, EXIT_COMMAND, "%s: %s", path, strerror(why));
    while (size > 0 && strchr(" \t\r\n", token[size - 1]) != NULL)
        size--;
    token[size] = '\0';
    if (size == 0 || strlen(token) < size)
        return fail(err, EXIT_COMMAND, "%s: no token in it; it must hold the bearer token and nothing else", path);
    return true;
}

MUST_CHECK static bool find_token(const struct invocation *invocation, char token[TOKEN_SIZE], struct error *err)
{
    const char *path = argument_option(invocation->arguments, "token-file");
    const char *variable = getenv("HEADROOM_BEARER_TOKEN");

    token[0] = '\0';
    if (argument_flag(invocation->arguments, "dry-run"))
        return true;
    if (path != NULL)
        return read_token(path, token, err);
    if (variable == NULL || variable[0] == '\0')
        return fail(err, EXIT_USAGE,
                    "no bearer token: give --token-file FILE, or put it into the environment as HEADROOM_BEARER_TOKEN");
    if (strlen(variable) >= TOKEN_SIZE)
        return fail(err, EXIT_USAGE, "HEADROOM_BEARER_TOKEN is longer than a token is");
    memcpy(token, variable, strlen(variable) + 1);
    return true;
}

/* ---- whose ---- */

struct chosen {
    struct selection selection;
    struct resolve_chosen *items;
    size_t count;
};

MUST_CHECK static bool choose_contracts(struct chosen *chosen, const struct invocation *invocation, const char *name,
                                        struct error *err)
{
    struct selection *selection = &chosen->selection;
    struct reconcile_contracts contracts;

    selection->arena = arena_new();
    if (!cli_open(invocation, DB_READER, &selection->db, err) ||
        !reconcile_find_contracts(selection->db, name, selection->arena, &contracts, err))
        return false;
    chosen->count = contracts.count;
    chosen->items = arena_alloc(selection->arena, contracts.count * sizeof(*chosen->items));
    for (size_t i = 0; i < contracts.count; i++)
        chosen->items[i] = (struct resolve_chosen){.contract_id = contracts.items[i].id};
    return true;
}

MUST_CHECK static bool choose_months(struct chosen *chosen, const struct invocation *invocation, struct error *err)
{
    struct selection *selection = &chosen->selection;

    if (!selection_open(selection, invocation, SELECTION_ALL, err))
        return false;
    chosen->count = selection->count;
    chosen->items = arena_alloc(selection->arena, selection->count * sizeof(*chosen->items));
    for (size_t i = 0; i < selection->count; i++)
        chosen->items[i] =
            (struct resolve_chosen){.contract_id = selection->items[i].contract.id, .month = selection->items[i].month};
    return true;
}

MUST_CHECK static bool choose(struct chosen *chosen, const struct invocation *invocation, struct error *err)
{
    const char *name = argument_option(invocation->arguments, "contract");

    if (argument_option(invocation->arguments, "month") != NULL)
        return choose_months(chosen, invocation, err);
    return name == NULL || choose_contracts(chosen, invocation, name, err);
}

/* ---- what came of it ---- */

static json_t *result_json(const struct resolve_result *result)
{
    json_t *misses = json_array();

    for (size_t i = 0; i < result->miss_count; i++)
        (void)json_array_append_new(
            misses, json_pack("{s:s, s:s}", "subject", result->misses[i].subject, "reason", result->misses[i].why));
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:o, s:I, s:o}", "handles", (json_int_t)result->handles, "user_ids",
                     (json_int_t)result->user_ids, "requests", (json_int_t)result->requests, "asked",
                     (json_int_t)result->asked, "found", (json_int_t)result->found, "not_found", misses, "batches",
                     (json_int_t)result->batches, "chain_head",
                     json_text(result->batches > 0 ? result->chain_head : NULL));
}

static void print_counts(const struct resolve_result *result, bool dry_run)
{
    static const struct table_column columns[] = {{"KNOWN BY HALF", TABLE_LEFT}, {"COUNT", TABLE_RIGHT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));

    table_add_count(table, "handles without a user", result->handles);
    table_add_count(table, "user ids without a handle", result->user_ids);
    if (!dry_run) {
        table_add_count(table, "asked for", result->asked);
        table_add_count(table, "  found", result->found);
        table_add_count(table, "  not found", result->asked - result->found);
    }
    table_print(table, stdout);
    table_free(table);
}

static void print_misses(const struct resolve_result *result)
{
    static const struct table_column columns[] = {{"NOT FOUND", TABLE_LEFT}, {"WHY", TABLE_LEFT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));

    for (size_t i = 0; i < result->miss_count; i++)
        table_add(table, (const char *const[]){result->misses[i].subject, result->misses[i].why});
    printf("\n");
    table_print(table, stdout);
    table_free(table);
    if (result->asked - result->found > result->miss_count)
        printf("… and %" PRIu64 " more\n", result->asked - result->found - result->miss_count);
}

static void print_text(const struct resolve_result *result, bool dry_run)
{
    if (result->handles + result->user_ids == 0) {
        printf("Every handle that was used has a user, and every user id a handle: there is nothing to ask.\n");
        return;
    }
    print_counts(result, dry_run);
    if (dry_run)
        printf("\nIt would take %" PRIu64 " request%s. Nothing was sent.\n", result->requests,
               result->requests == 1 ? "" : "s");
    if (result->miss_count > 0)
        print_misses(result);
    if (result->batches > 0)
        printf("\nBatches: %" PRIu64 ". Chain head: %s\n", result->batches, result->chain_head);
}

static enum exit_code finish(const struct resolve_result *result, bool dry_run, bool json)
{
    struct error err;

    if (json && !cli_print_json(result_json(result), &err))
        return cli_failed(&err);
    if (!json)
        print_text(result, dry_run);
    if (!result->interrupted)
        return EXIT_DONE;
    log_error("interrupted: what was found stays; run the command again for the rest");
    return EXIT_COMMAND;
}

/* ---- the command ---- */

/* What was found before a break is shown, then why it broke. */
static enum exit_code resolve(const struct invocation *invocation, struct resolve_options *options)
{
    struct db_target target;
    struct resolve_result result = {0};
    struct chosen chosen = {0};
    struct error err;
    enum exit_code code = EXIT_DONE;
    bool done = choose(&chosen, invocation, &err);

    options->chosen = chosen.items;
    options->chosen_count = chosen.count;
    db_close(chosen.selection.db);
    chosen.selection.db = NULL;
    done = done && db_find_target(invocation->db, &target, &err) && ingest_resolve(&target, options, &result, &err);
    if (done || result.asked > 0)
        code = finish(&result, options->dry_run, invocation->json);
    if (!done)
        code = err.code == EXIT_USAGE ? cli_usage(invocation, "%s", err.text) : cli_failed(&err);
    ingest_resolve_free(&result);
    selection_close(&chosen.selection);
    return code;
}

/* Leaves the default where the option is absent. */
MUST_CHECK static bool read_number(const struct invocation *invocation, const char *option, int64_t min, int64_t max,
                                   int64_t *number, struct error *err)
{
    const char *text = argument_option(invocation->arguments, option);

    return text == NULL || (value_count(option, text, min, max, err) && str_to_int64(str_of(text), min, max, number));
}

static enum exit_code run_resolve(const struct invocation *invocation)
{
    const struct arguments *arguments = invocation->arguments;
    char token[TOKEN_SIZE];
    struct error err;
    int64_t limit = 0, seconds = LOOKUP_WAIT_MAX;

    if (!read_number(invocation, "limit", 1, LIMIT_MAX, &limit, &err) ||
        !read_number(invocation, "max-wait", 0, LOOKUP_WAIT_MAX, &seconds, &err))
        return cli_usage(invocation, "%s", err.text);
    if (!find_token(invocation, token, &err))
        return err.code == EXIT_USAGE ? cli_usage(invocation, "%s", err.text) : cli_failed(&err);

    struct resolve_options options = {
        .base_url = argument_option(arguments, "base-url"),
        .bearer = token,
        .wait_max = (int)seconds,
        .limit = (uint64_t)limit,
        .by = invocation->by,
        .dry_run = argument_flag(arguments, "dry-run"),
    };
    enum exit_code code = resolve(invocation, &options);
    explicit_bzero(token, sizeof(token));
    return code;
}
