/* SPDX-License-Identifier: MIT */
/* The events of a month as packed JSON lines, span after span of batches. */

#include "audit/evidence_events.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "audit/verify_form.h"
#include "statements.h"

#define SPAN_EVENTS  100000 /* which the server sorts at once; more if one batch has more */
#define SPAN_BATCHES 256
#define SPAN_GAP     64 /* ids between two batches; others' events in between are read in vain */

const struct evidence_column evidence_columns[EVIDENCE_COLUMNS] = {
    {"contract_id", true}, {"source", false},        {"event_id", false},   {"subject", false},  {"via", false},
    {"class", false},      {"status", true},         {"tweet_count", true}, {"endpoint", false}, {"outcome", false},
    {"rate_limit", true},  {"rate_remaining", true}, {"latency_ms", true},  {"bytes", true},     {"handle", false},
    {"app", false},        {"label", false},         {"failed", false},     {"metrics", false},  {"position", true},
};

static const char escapes[][2] = {{'b', '\b'}, {'f', '\f'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'v', '\v'}};

char evidence_unescape(char letter)
{
    for (size_t i = 0; i < ARRAY_LENGTH(escapes); i++)
        if (escapes[i][0] == letter)
            return escapes[i][1];
    return letter == '\\' ? '\\' : 0;
}

char evidence_escape(char byte)
{
    for (size_t i = 0; i < ARRAY_LENGTH(escapes); i++)
        if (escapes[i][1] == byte)
            return escapes[i][0];
    return byte == '\\' ? '\\' : 0;
}

/* ---- a line ---- */

struct writing {
    gzFile out;
    struct form form;
    struct buffer line;
    struct evidence_events *written;
};

/* ---- a value: the form's escapes become those of JSON ---- */

static bool is_plain(char byte)
{
    return (unsigned char)byte >= 0x20 && byte != '"' && byte != '\\';
}

static bool add_escaped(struct buffer *line, char byte)
{
    return byte == '"' || byte == '\\' ? buffer_format(line, "\\%c", byte)
                                       : buffer_format(line, "\\u%04x", (unsigned char)byte);
}

/* A text of the form as JSON. */
static bool add_text(struct buffer *line, struct str text)
{
    bool done = buffer_add(line, "\"", 1);

    for (size_t i = 0; done && i < text.size;) {
        size_t run = 0;
        while (i + run < text.size && is_plain(text.data[i + run]))
            run++;
        done = buffer_add(line, text.data + i, run);
        i += run;
        if (i == text.size)
            break;
        char byte = text.data[i++];
        if (byte == '\\' && i < text.size)
            byte = evidence_unescape(text.data[i++]);
        done = done && add_escaped(line, byte);
    }
    return done && buffer_add(line, "\"", 1);
}

static bool add_value(struct buffer *line, struct str value, bool is_number)
{
    if (str_equal(value, STR("\\N")))
        return buffer_add(line, "null", 4);
    return is_number ? buffer_add(line, value.data, value.size) : add_text(line, value);
}

/* Takes the value up to the next tab, or to the end. */
static struct str next_value(struct str *rest)
{
    const char *tab = memchr(rest->data, '\t', rest->size);
    struct str value = {rest->data, tab != NULL ? (size_t)(tab - rest->data) : rest->size};
    size_t taken = value.size + (tab != NULL);

    *rest = (struct str){rest->data + taken, rest->size - taken};
    return value;
}

/* owner: with the reason behind it, as the statement has them. */
static bool add_event(struct buffer *line, struct str owner, struct str reason, struct str form)
{
    bool done = buffer_format(line, ",\"owner\":") && add_value(line, owner, false) &&
                buffer_format(line, ",\"not_counted\":") && add_value(line, reason, false) &&
                buffer_format(line, ",\"time_us\":") && add_value(line, next_value(&form), true);

    for (size_t i = 0; done && i < EVIDENCE_COLUMNS; i++)
        done = buffer_format(line, ",\"%s\":", evidence_columns[i].key) &&
               add_value(line, next_value(&form), evidence_columns[i].is_number);
    return done;
}

/* The line of the statement without owner and reason, which follow the batch and the ordinal. */
static struct str without_owner(char *copy, struct str line, struct str *owner, struct str *reason)
{
    struct str rest = line;
    struct str batch = next_value(&rest), ordinal = next_value(&rest);
    size_t head = (size_t)(rest.data - line.data);

    (void)batch;
    (void)ordinal;
    *owner = next_value(&rest);
    *reason = next_value(&rest);
    memcpy(copy, line.data, head);
    memcpy(copy + head, rest.data, rest.size);
    return (struct str){copy, head + rest.size};
}

static bool take_line(struct str line, void *context, struct error *err)
{
    struct writing *writing = context;
    struct buffer *out = &writing->line;
    struct form_event event;
    struct str owner, reason;
    char digest[DIGEST_HEX_SIZE];
    char *copy = mem_alloc(line.size + 1);

    if (!form_read(&writing->form, without_owner(copy, line, &owner, &reason), &event)) {
        free(copy);
        return fail(err, EXIT_COMMAND, "the program is wrong: an event of %.60s can't be read", line.data);
    }
    free(copy);
    bool own = !str_equal(owner, STR("\\N"));
    digest_hex(event.digest, digest);
    buffer_clear(out);
    bool done = buffer_format(out, "{\"batch\":%lld,\"ordinal\":%lld,\"digest\":\"%s\"", (long long)event.batch_id,
                              (long long)event.ordinal, digest) &&
                (!own || add_event(out, owner, reason, (struct str){writing->form.text, writing->form.size})) &&
                buffer_add(out, "}\n", 2);
    *(own ? &writing->written->own : &writing->written->others) += 1;
    if (!done)
        return fail(err, EXIT_COMMAND, "an event of batch %lld is longer than a line may be",
                    (long long)event.batch_id);
    return gzwrite(writing->out, out->data, (unsigned)out->size) == (int)out->size ||
           fail(err, EXIT_COMMAND, "can't write the events: %s", strerror(errno));
}

/* ---- spans ---- */

struct batches {
    int64_t *ids, *added;
    size_t count, room;
};

static bool take_batch(const struct db_rows *rows, void *context, struct error *err)
{
    struct batches *batches = context;

    (void)err;
    if (batches->count == batches->room) {
        batches->room = 2 * batches->room + 64;
        batches->ids = mem_resize(batches->ids, batches->room * sizeof *batches->ids);
        batches->added = mem_resize(batches->added, batches->room * sizeof *batches->added);
    }
    batches->ids[batches->count] = db_int64(rows, 0, "batch_id");
    batches->added[batches->count++] = db_int64(rows, 0, "added");
    return true;
}

/* How many batches from `first` on are read at once. */
static size_t span_size(const struct batches *batches, size_t first)
{
    int64_t events = batches->added[first];
    size_t size = 1;

    while (size < SPAN_BATCHES && first + size < batches->count &&
           batches->ids[first + size] - batches->ids[first + size - 1] <= SPAN_GAP &&
           events + batches->added[first + size] <= SPAN_EVENTS)
        events += batches->added[first + size++];
    return size;
}

static bool write_spans(struct writing *writing, struct db *db, const struct batches *batches, struct error *err)
{
    bool done = true;

    for (size_t first = 0; done && first < batches->count;) {
        struct arena *arena = arena_new();
        size_t size = span_size(batches, first);
        const char *const params[] = {db_array_text(arena, batches->ids + first, size)};
        done = db_run(db, &sql_evidence_span, params, err) &&
               db_copy_out(db, &sql_evidence_events, take_line, writing, err);
        first += size;
        arena_free(arena);
    }
    return done;
}

bool evidence_write_events(struct db *db, const char *contract_id, const char *month, FILE *out,
                           struct evidence_events *written, struct error *err)
{
    const char *const params[] = {contract_id, month};
    struct batches batches = {0};
    struct writing writing = {.written = written};
    int copy = dup(fileno(out));

    writing.out = copy >= 0 ? gzdopen(copy, "wb") : NULL;
    if (writing.out == NULL)
        return fail(err, EXIT_COMMAND, "can't write the events: %s", strerror(errno));
    buffer_init(&writing.line, EVIDENCE_LINE_MAX);
    form_init(&writing.form);
    bool done = db_run(db, &sql_evidence_session, params, err) &&
                db_each(db, &sql_evidence_batches, params, take_batch, &batches, err) &&
                write_spans(&writing, db, &batches, err);
    if (gzclose(writing.out) != Z_OK && done)
        done = fail(err, EXIT_COMMAND, "can't write the events: %s", strerror(errno));
    form_free(&writing.form);
    buffer_free(&writing.line);
    free(batches.added);
    free(batches.ids);
    return done;
}
