/* SPDX-License-Identifier: MIT */
/* headroom trace: from a figure back to the line of the log that it rests on. */

#include <string.h>

#include "cli/trace.h"
#include "headroom/model.h"

static enum exit_code run_trace(const struct invocation *invocation);

const struct command cmd_trace = {
    .name = "trace",
    .summary = "go from a handle or an event back to its line in the log",
    .operands = "HANDLE|USER-ID|EVENT",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "Of a handle (with or without @) or a user id: the month's figure that it is part of, who owns it and why, the "
        "first request that counts, the batch it came with, that batch's link in the chain of digests, and the file "
        "and line, with the SHA-256 of the file's content to the end of the batch. Where it is not counted it says "
        "why: requests were seen that do not count, or none was seen.\n\n"
        "Of an event's id (any other text, or with --event): every event with that id, whether it counts or why not, "
        "and the same way back. Without --month all months are searched, which reads all events.\n\n"
        "An event that came through a gateway has no line: its number in the spool is named, and how to have the spool "
        "read again; one that an application sent to the event endpoint says so.\n\n"
        "--file opens a file and proves that its content is what was taken in and that the line means this event; it "
        "shows the line, with secrets masked. Exit code 4 when one of the two does not hold, 1 when the ledger holds "
        "nothing of what was asked for.\n\n"
        "JSON: of an owner an array of {contract, month, unique_handles, rule, owner, counted, handle, requests, "
        "counted_requests, not_counted: {REASON: requests}, facts: [{handle, user_id, together_since, from, to, "
        "batch}], first_event}; an event is {contract, month, id, time, source, subject, owner, via, class, outcome, "
        "endpoint, label, handle, status, tweet_count, counted, not_counted, rule, digest, line, batch, found, spool, "
        "by_endpoint}, and of an event's id the answer is an array of these.",
    .options =
        (const struct option_spec[]){
            {"contract", 0, "NAME", "the contract; default: the only one there is, for an event all"},
            {"month", 0, "2026-10|this|last", "the billing month; default: the open month of now, for an event all"},
            {"event", 0, NULL, "what is asked for is an event's id, though it looks like a handle or a user id"},
            {"source", 0, "NAME", "only events of this source"},
            {"file", 0, "FILE", "find the line in this file (plain or .gz) and prove it"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom trace @ann --month 2026-10  # why ann is one of October's handles",
            "headroom trace 9007199254740993 --month last --file requests.jsonl.gz  # and the line itself",
            "headroom trace 3f2a91c07b5d8e46 --event --source gateway  # one request",
            NULL,
        },
    .run = run_trace,
};

struct tracing {
    const struct arguments *arguments;
    const char *what;
    const char *file; /* --file, or NULL */
    bool json;
    struct selection selection;
    json_t *array;
    enum exit_code code;
};

/* Whether it can be a handle or a user id. */
static bool is_owner(const char *what)
{
    char handle[HANDLE_MAX + 1];
    int64_t user_id;
    return what[0] == '~' || str_to_int64(str_of(what), 1, INT64_MAX, &user_id) ||
           handle_normalise(str_of(what), handle);
}

/* ---- events ---- */

static bool find_line(struct tracing *tracing, const struct db_rows *events, size_t row, struct trace_line *line,
                      struct error *err)
{
    const struct ingest_line_wanted wanted = {
        .path = tracing->file,
        .format = db_text(events, row, "format"),
        .scope = db_text(events, row, "scope"),
        .line = (uint64_t)db_int64(events, row, "position"),
        .end_byte = (uint64_t)db_int64(events, row, "end_byte"),
        .contract_id = db_int64(events, row, "contract_id"),
        .contract = db_text(events, row, "contract"),
        .source = db_text(events, row, "source"),
        .id = db_text(events, row, "event_id"),
    };
    line->path = tracing->file;
    return ingest_find_line(tracing->selection.db, &wanted, &line->line, err);
}

/* Only what was read from a file has a line there. */
static bool check_file(const struct db_rows *events, size_t row, struct error *err)
{
    bool by_endpoint = !db_is_null(events, row, "by_endpoint") && db_bool(events, row, "by_endpoint");

    return (!by_endpoint && db_is_null(events, row, "spool")) ||
           fail(err, EXIT_USAGE, "--file proves a line of a log; event '%s' came %s: leave --file out",
                db_text(events, row, "event_id"), by_endpoint ? "over HTTP" : "through a gateway");
}

/* Holds the event against the file, before anything of the answer is printed: the file may not be there. */
static bool prove_event(struct tracing *tracing, const struct db_rows *events, size_t row, struct trace_line *line,
                        struct error *err)
{
    struct db *db = tracing->selection.db;
    if (!audit_event_digest(db, db_int64(events, row, "batch_id"), db_int64(events, row, "ordinal"), line->digest, err))
        return false;
    if (tracing->file == NULL)
        return true;
    if (!check_file(events, row, err))
        return false;
    if (!find_line(tracing, events, row, line, err))
        return false;
    if (!trace_line_holds(line, events, row))
        tracing->code = EXIT_CHECK;
    return true;
}

/* Prints the event, or returns its document. */
static json_t *show_event(const struct tracing *tracing, const struct db_rows *events, size_t row,
                          const struct trace_line *line)
{
    if (tracing->json)
        return trace_event_json(events, row, line->digest, tracing->file != NULL ? line : NULL);
    trace_print_event(events, row, line->digest);
    if (tracing->file != NULL)
        trace_print_line(line, events, row);
    return NULL;
}

static bool refuse_several(const struct tracing *tracing, size_t count, struct error *err)
{
    return count <= 1 || tracing->file == NULL ||
           fail(err, EXIT_USAGE,
                "'%s' means %zu of them, and --file proves one; choose it by --contract, --month or --source",
                tracing->what, count);
}

static bool show_events(struct tracing *tracing, const struct db_rows *events, struct error *err)
{
    size_t count = db_rows_count(events);
    if (count == 0)
        return fail(err, EXIT_COMMAND,
                    "no event with the id '%s' is in the ledger, as far as was searched%s; 'headroom quarantine list' "
                    "shows lines that are no events",
                    tracing->what, is_owner(tracing->what) ? "; without --event it is looked for as a user" : "");
    if (!refuse_several(tracing, count, err))
        return false;
    for (size_t row = 0; row < count; row++) {
        struct trace_line line = {0};
        bool done = prove_event(tracing, events, row, &line, err);
        if (done && row > 0 && !tracing->json)
            putchar('\n');
        json_t *document = done ? show_event(tracing, events, row, &line) : NULL;
        ingest_line_free(&line.line);
        if (!done)
            return false;
        if (document != NULL)
            (void)json_array_append_new(tracing->array, document);
    }
    if (count == TRACE_EVENTS_MAX)
        log_warning("only %d events are shown; choose by --contract, --month or --source", TRACE_EVENTS_MAX);
    return true;
}

static bool trace_event(struct tracing *tracing, struct error *err)
{
    struct trace_filter filter = {.id = tracing->what, .source = argument_option(tracing->arguments, "source")};
    struct selection *selection = &tracing->selection;
    struct db_rows *events = NULL;
    if (selection->count > 0) {
        struct reconcile_status status;
        if (!reconcile_status(selection->db, &selection->items[0].contract, selection->items[0].month, selection->arena,
                              &status, err))
            return false;
        filter.contract_id = selection->items[0].contract.id;
        filter.from_us = status.period_start;
        filter.until_us = status.period_end;
    } else if (argument_option(tracing->arguments, "contract") != NULL) {
        struct reconcile_contract contract;
        if (!reconcile_find_contract(selection->db, argument_option(tracing->arguments, "contract"), selection->arena,
                                     &contract, err))
            return false;
        filter.contract_id = contract.id;
    }
    if (!audit_trace_events(selection->db, &filter, &events, err))
        return false;
    bool done = show_events(tracing, events, err);
    db_rows_free(events);
    return done;
}

/* ---- owners ---- */

static bool was_seen(const struct trace_owner *owner)
{
    return db_rows_count(owner->counted) + db_rows_count(owner->not_counted) > 0;
}

static bool show_owner(struct tracing *tracing, const struct trace_owner *owner, const struct reconcile_status *status,
                       struct error *err)
{
    bool has_first = owner->first != NULL && db_rows_count(owner->first) > 0;
    struct trace_line line = {0};
    bool done = !has_first || prove_event(tracing, owner->first, 0, &line, err);
    if (done && !tracing->json)
        trace_print_owner(owner, status);
    json_t *first = done && has_first ? show_event(tracing, owner->first, 0, &line) : NULL;
    if (done && tracing->json)
        (void)json_array_append_new(tracing->array, trace_owner_json(owner, status, first));
    ingest_line_free(&line.line);
    return done;
}

static bool show_owners(struct tracing *tracing, const struct trace_owners *owners, struct error *err)
{
    const struct selected *item = &tracing->selection.items[0];
    struct reconcile_status status;
    int64_t number;
    bool is_number = str_to_int64(str_of(tracing->what), 1, INT64_MAX, &number);
    size_t seen = 0;
    size_t shown = 0;
    for (size_t i = 0; i < owners->count; i++)
        seen += was_seen(&owners->items[i]);
    if (!reconcile_status(tracing->selection.db, &item->contract, item->month, tracing->selection.arena, &status, err))
        return false;
    if (seen == 0)
        return fail(
            err, EXIT_COMMAND,
            "'%s' was never seen as a %s in %s of contract '%s'; --month asks for another month, --event for an event "
            "with this id%s",
            tracing->what,
            is_number                 ? "user id"
            : tracing->what[0] == '~' ? "token"
                                      : "handle",
            status.month, status.contract, is_number ? ", 'headroom batch show' for a batch of this number" : "");
    if (!refuse_several(tracing, seen, err))
        return false;
    for (size_t i = 0; i < owners->count; i++) {
        if (!was_seen(&owners->items[i]))
            continue;
        if (shown++ > 0 && !tracing->json)
            putchar('\n');
        if (!show_owner(tracing, &owners->items[i], &status, err))
            return false;
    }
    return true;
}

static bool trace_owner(struct tracing *tracing, struct error *err)
{
    const struct selected *item = &tracing->selection.items[0];
    struct trace_owners owners;
    bool done =
        audit_trace_owners(tracing->selection.db, item->contract.id, item->month, tracing->what, &owners, err) &&
        show_owners(tracing, &owners, err);
    audit_trace_free(&owners);
    return done;
}

/* ---- what is asked for ---- */

/* An event's id is looked for in all months, unless one is asked for. */
static bool open_ledger(struct tracing *tracing, const struct invocation *invocation, bool by_event, struct error *err)
{
    if (!by_event || argument_option(invocation->arguments, "month") != NULL)
        return selection_open(&tracing->selection, invocation, SELECTION_ONE, err);
    tracing->selection = (struct selection){.arena = arena_new()};
    return cli_open(invocation, DB_READER, &tracing->selection.db, err) &&
           db_begin_snapshot(tracing->selection.db, err);
}

static enum exit_code run_trace(const struct invocation *invocation)
{
    const struct arguments *arguments = invocation->arguments;
    struct tracing tracing = {
        .arguments = arguments,
        .what = argument_at(arguments, 0),
        .file = argument_option(arguments, "file"),
        .json = invocation->json,
        .array = json_array(),
    };
    struct error err;
    bool by_event = argument_flag(arguments, "event") || !is_owner(tracing.what);
    if (!by_event && argument_option(arguments, "source") != NULL) {
        json_decref(tracing.array);
        return cli_usage(invocation, "--source chooses among events: add --event, or leave it out");
    }
    bool done = open_ledger(&tracing, invocation, by_event, &err) &&
                (by_event ? trace_event(&tracing, &err) : trace_owner(&tracing, &err)) &&
                (!tracing.json || cli_print_json(json_incref(tracing.array), &err));
    json_decref(tracing.array);
    selection_close(&tracing.selection);
    if (!done)
        return cli_failed(&err);
    if (tracing.code == EXIT_CHECK)
        log_error("%s is not what was taken in", tracing.file);
    return tracing.code;
}
