/* SPDX-License-Identifier: MIT */
/* The way from a figure to its line, for a person at a terminal of 80 columns. */

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output.h"
#include "cli/text.h"
#include "cli/trace.h"
#include "cli/wrap.h"

#define LABEL_WIDTH 9

static void print_field(const char *label, const char *format, ...) PRINTF_LIKE(2, 3);
static void print_field(const char *label, const char *format, ...)
{
    char text[8192];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    printf("%-*s", LABEL_WIDTH, label);
    wrap_print(stdout, text, LABEL_WIDTH, LABEL_WIDTH);
}

static const char *time_of(const struct db_rows *rows, size_t row, const char *column, char out[TIMESTAMP_SIZE])
{
    return timestamp_format(db_int64(rows, row, column), out);
}

static const char *plural(int64_t count)
{
    return count == 1 ? "" : "s";
}

/* ---- owners ---- */

static void print_figure(const struct reconcile_status *status)
{
    struct cell start = {0}, end = {0};
    print_field("figure", "%lld unique handle%s of contract %s in %s (%s to %s), rule %s",
                (long long)status->unique_handles, plural(status->unique_handles), status->contract, status->month,
                cell_time(&start, status->period_start), cell_time(&end, status->period_end), status->rule);
}

static void print_fact(const struct db_rows *facts, size_t row)
{
    char first[TIMESTAMP_SIZE];
    const char *handle = db_text(facts, row, "handle");
    const char *user_id = db_text(facts, row, "user_id");
    const char *batch = db_text(facts, row, "batch_id");
    const char *from = db_text(facts, row, "valid_from");
    const char *until = db_text(facts, row, "valid_until");
    if (db_is_null(facts, row, "first_us"))
        print_field("", "@%s is user %s%s%s%s%s: an import says so (batch %s)", handle, user_id,
                    from != NULL ? " from " : "", from != NULL ? from : "", until != NULL ? " until before " : "",
                    until != NULL ? until : "", batch);
    else if (db_int64(facts, row, "first_us") == 0)
        print_field("", "@%s is user %s: an import says so (batch %s)", handle, user_id, batch);
    else
        print_field("", "@%s and user %s were seen together from %s on (batch %s)", handle, user_id,
                    time_of(facts, row, "first_us", first), batch);
}

static void print_name(const struct trace_owner *owner)
{
    const char *handle = db_rows_count(owner->counted) > 0 ? db_text(owner->counted, 0, "handle") : NULL;
    if (owner->owner[0] == '@')
        print_field("owner", "%s, of which no user id is known", owner->owner);
    else if (owner->owner[0] == '~')
        print_field("owner", "%s, provisional: named by a token only", owner->owner);
    else
        print_field("owner", "user %s%s%s", owner->owner, handle != NULL ? ", last known as @" : "",
                    handle != NULL ? handle : "");
    for (size_t row = 0; row < db_rows_count(owner->facts); row++)
        print_fact(owner->facts, row);
}

static void print_reasons(const struct trace_owner *owner)
{
    for (size_t row = 0; row < db_rows_count(owner->not_counted); row++)
        print_field("", "%lld not counted: %s", (long long)db_int64(owner->not_counted, row, "requests"),
                    db_text(owner->not_counted, row, "reason"));
}

void trace_print_owner(const struct trace_owner *owner, const struct reconcile_status *status)
{
    char last[TIMESTAMP_SIZE];
    print_figure(status);
    print_name(owner);
    if (db_rows_count(owner->counted) > 0) {
        print_field("counted", "yes, as one: %lld of %lld request%s count; last seen %s",
                    (long long)db_int64(owner->counted, 0, "counted_requests"),
                    (long long)db_int64(owner->counted, 0, "requests"), plural(db_int64(owner->counted, 0, "requests")),
                    time_of(owner->counted, 0, "last_seen_us", last));
        print_reasons(owner);
    } else if (db_rows_count(owner->not_counted) > 0) {
        print_field("counted", "no: none of the requests counts");
        print_reasons(owner);
    } else {
        print_field("counted", "no: never seen in this month");
    }
}

/* ---- events ---- */

/* What came through a gateway has no line: the spool's entry is its first record. */
static void print_spool(const struct db_rows *events, size_t row)
{
    print_field("entry", "number %s of the gateway's spool %s (the batch: %s to %s)", db_text(events, row, "position"),
                db_text(events, row, "spool"), db_text(events, row, "first_line"), db_text(events, row, "last_line"));
    print_field("file",
                "none: the gateway wrote it into its spool before the request left, under that number, which is "
                "the event's id. Numbers follow one another from 1, and 'headroom sources' names those that "
                "never came. While the spool keeps it (gateway --spool-keep), 'headroom gateway replay --spool "
                "FOLDER' reads it again, and finds it there already");
}

static void print_endpoint(const struct db_rows *events, size_t row)
{
    print_field("entry", "event %s of a request to the event endpoint (headroom serve)",
                db_text(events, row, "position"));
    print_field("file", "none: an application sent it over HTTP, and was told that it is durable once this batch was "
                        "written; which key it had is not kept. Whoever sends it again finds it a duplicate, if it "
                        "means the same");
}

static void print_batch(const struct db_rows *events, size_t row)
{
    char loaded[TIMESTAMP_SIZE], voided[TIMESTAMP_SIZE];
    const char *batch = db_text(events, row, "batch_id");
    if (db_is_null(events, row, "file")) {
        print_field("batch", "%s, which is not in the ledger: run `headroom verify`", batch);
        return;
    }
    print_field("batch", "%s, taken in %s by %s", batch, time_of(events, row, "loaded_us", loaded),
                db_text(events, row, "loaded_by"));
    if (!db_is_null(events, row, "void_us"))
        print_field("", "voided %s by %s: %s", time_of(events, row, "void_us", voided), db_text(events, row, "void_by"),
                    db_text(events, row, "void_reason"));
    if (db_is_null(events, row, "seq"))
        print_field("link", "none: run `headroom verify`");
    else
        print_field("link", "%s of the chain, %s", db_text(events, row, "seq"), db_text(events, row, "link_digest"));
    if (!db_is_null(events, row, "spool")) {
        print_spool(events, row);
        return;
    }
    if (!db_is_null(events, row, "by_endpoint") && db_bool(events, row, "by_endpoint")) {
        print_endpoint(events, row);
        return;
    }
    print_field("line", "%s of %s (the batch: lines %s to %s)", db_text(events, row, "position"),
                db_text(events, row, "file"), db_text(events, row, "first_line"), db_text(events, row, "last_line"));
    if (db_is_null(events, row, "end_digest"))
        print_field("file", "no digest of its content was kept (a pipe, or an older batch)");
    else
        print_field("file", "SHA-256 of its first %s bytes, to the end of the batch: %s",
                    db_text(events, row, "end_byte"), db_text(events, row, "end_digest"));
}

/* "via user, answered, status 200, outcome ok, endpoint totals, 3 Tweets" */
static void print_what(const struct db_rows *events, size_t row)
{
    static const char *const columns[] = {"status", "outcome", "endpoint", "tweet_count", "label"};
    static const char *const names[] = {"status", "outcome", "endpoint", "Tweets", "label"};
    char text[1024];
    int size = snprintf(text, sizeof text, "via %s, %s", db_text(events, row, "via"), db_text(events, row, "class"));
    for (size_t i = 0; i < ARRAY_LENGTH(columns); i++)
        if (!db_is_null(events, row, columns[i]))
            size += snprintf(text + size, sizeof text - (size_t)size, ", %s %s", names[i],
                             db_text(events, row, columns[i]));
    print_field("", "%s", text);
}

void trace_print_event(const struct db_rows *events, size_t row, const char *digest)
{
    char at[TIMESTAMP_SIZE];
    const char *subject = db_text(events, row, "subject");
    const char *owner = db_text(events, row, "owner");
    const char *reason = db_text(events, row, "reason");
    const char *month = db_text(events, row, "month");
    print_field("event", "%s of source %s, %s", db_text(events, row, "event_id"), db_text(events, row, "source"),
                time_of(events, row, "time_us", at));
    print_what(events, row);
    if (strcmp(subject, owner) == 0)
        print_field("subject", "%s", subject);
    else
        print_field("subject", "%s, which stands for user %s on that day", subject, owner);
    if (reason != NULL)
        print_field("counts", "no: %s (contract %s%s%s)", reason, db_text(events, row, "contract"),
                    month != NULL ? ", " : "", month != NULL ? month : "");
    else
        print_field("counts", "yes, in %s of contract %s under the rule %s", month, db_text(events, row, "contract"),
                    db_text(events, row, "rule"));
    print_field("digest", "%s", digest);
    print_batch(events, row);
}

/* ---- the line in the file ---- */

static bool is_content_same(const struct trace_line *line, const struct db_rows *events, size_t row)
{
    const char *kept = db_text(events, row, "end_digest");
    return kept == NULL || (line->line.content_bytes == (uint64_t)db_int64(events, row, "end_byte") &&
                            strcmp(line->line.content_digest, kept) == 0);
}

static bool is_line_same(const struct trace_line *line)
{
    return line->line.found && line->line.why == NULL && strcmp(line->line.event_digest, line->digest) == 0;
}

bool trace_line_holds(const struct trace_line *line, const struct db_rows *events, size_t row)
{
    return is_content_same(line, events, row) && is_line_same(line);
}

static void print_content(const struct trace_line *line, const struct db_rows *events, size_t row)
{
    bool same = is_content_same(line, events, row);
    if (db_is_null(events, row, "end_digest"))
        print_field("content", "not proved: no digest of it was kept when it was taken in");
    else if (same)
        print_field("content", "is what was taken in, to the end of the batch");
    else if (line->line.content_bytes < (uint64_t)db_int64(events, row, "end_byte"))
        print_field("content", "is NOT what was taken in: it ends after %llu bytes, or is another file",
                    (unsigned long long)line->line.content_bytes);
    else if (is_line_same(line))
        print_field("content", "is NOT what was taken in: it was changed in other lines");
    else
        print_field("content", "is NOT what was taken in: it was changed, or is another file");
}

void trace_print_line(const struct trace_line *line, const struct db_rows *events, size_t row)
{
    print_field("found", "%s", line->path);
    print_content(line, events, row);
    if (!line->line.found) {
        print_field("line", "there is NO line %s in it%s%s", db_text(events, row, "position"),
                    line->line.why != NULL ? ": " : "", line->line.why != NULL ? line->line.why : "");
        return;
    }
    if (is_line_same(line))
        print_field("line", "%s means this event", db_text(events, row, "position"));
    else if (line->line.why != NULL)
        print_field("line", "%s means NO event: %s", db_text(events, row, "position"), line->line.why);
    else
        print_field("line", "%s means ANOTHER event", db_text(events, row, "position"));
    output_text("\n%s\n", line->line.raw);
}
