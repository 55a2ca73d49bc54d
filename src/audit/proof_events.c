/* SPDX-License-Identifier: MIT */
/* Proves the events of a folder of evidence: each by its digest, and these by the digest of their batch. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/evidence_events.h"
#include "audit/proof_event.h"

#define FILE_NAME "events.jsonl.gz"

/* ---- a line ---- */

static const char *text_of(const json_t *line, const char *key)
{
    return json_string_value(json_object_get(line, key));
}

static int64_t number_of(const json_t *line, const char *key)
{
    return json_integer_value(json_object_get(line, key));
}

/* False where it is none. */
static bool read_event(struct str line, json_t **object, struct proof_event *event)
{
    *object = json_loadb(line.data, line.size, 0, NULL);
    *event = (struct proof_event){
        .batch_id = number_of(*object, "batch"),
        .ordinal = number_of(*object, "ordinal"),
        .digest = text_of(*object, "digest"),
        .own = json_object_get(*object, "owner") != NULL,
        .line = *object,
    };
    if (!event->own)
        return event->digest != NULL && json_object_size(*object) == 3;
    event->time_us = number_of(*object, "time_us");
    event->contract_id = number_of(*object, "contract_id");
    event->position = number_of(*object, "position");
    event->owner = text_of(*object, "owner");
    event->not_counted = text_of(*object, "not_counted");
    event->source = text_of(*object, "source");
    event->id = text_of(*object, "event_id");
    event->subject = text_of(*object, "subject");
    event->via = text_of(*object, "via");
    event->class = text_of(*object, "class");
    return event->digest != NULL && event->owner != NULL && event->source != NULL && event->id != NULL &&
           event->subject != NULL && event->via != NULL && event->class != NULL;
}

void proof_each_event(struct proving *proving, proof_event_fn *take, void *context)
{
    struct proof_lines lines;
    struct proof_event event;
    struct str line;
    json_t *object;

    proof_lines_open(&lines, proving, FILE_NAME);
    while (!lines.failed && proof_next_line(&lines, &line)) {
        if (read_event(line, &object, &event)) {
            take(&event, context);
        } else {
            proof_finding(proving, FILE_NAME, "line %" PRIu64 " is no event", lines.count);
            lines.failed = true;
        }
        json_decref(object);
    }
    proof_lines_close(&lines);
}

/* ---- the digest of an event ---- */

struct walk {
    struct proving *proving;
    struct buffer form;
    int64_t batch_id;          /* of the lines before; 0: there is none */
    struct proof_batch *batch; /* NULL: nothing is known of it */
    struct digest *digest;     /* of these lines */
    int64_t ordinal;           /* of the last of them */
    int64_t count;             /* of them */
    uint64_t requests;
};

static bool add_text(struct buffer *form, const char *text)
{
    bool done = true;

    for (; done && *text != '\0'; text++) {
        size_t run = strcspn(text, "\\\b\f\n\r\t\v");
        done = buffer_add(form, text, run);
        text += run;
        if (*text == '\0')
            break;
        done = done && buffer_format(form, "\\%c", evidence_escape(*text));
    }
    return done;
}

static bool add_value(struct buffer *form, const json_t *value)
{
    if (json_is_integer(value))
        return buffer_format(form, "\t%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_string(value))
        return buffer_add(form, "\t", 1) && add_text(form, json_string_value(value));
    return buffer_add(form, "\t\\N", 3);
}

static bool event_holds(struct walk *walk, const struct proof_event *event)
{
    unsigned char digest[DIGEST_SIZE];
    char found[DIGEST_HEX_SIZE];

    buffer_clear(&walk->form);
    bool done = buffer_format(&walk->form, "%" PRId64, event->time_us);
    for (size_t i = 0; done && i < EVIDENCE_COLUMNS; i++)
        done = add_value(&walk->form, json_object_get(event->line, evidence_columns[i].key));
    digest_of(walk->form.data, walk->form.size, digest);
    digest_hex(digest, found);
    return done && strcmp(found, event->digest) == 0;
}

/* ---- the batches ---- */

static void end_batch(struct walk *walk)
{
    unsigned char digest[DIGEST_SIZE];
    char found[DIGEST_HEX_SIZE];

    if (walk->batch == NULL)
        return;
    digest_peek(walk->digest, digest);
    digest_hex(digest, found);
    if (walk->count != walk->batch->added)
        proof_finding(walk->proving, FILE_NAME, "batch %" PRId64 " has %" PRId64 " events in it; it took in %" PRId64,
                      walk->batch->id, walk->count, walk->batch->added);
    else if (strcmp(found, walk->batch->events_digest) != 0)
        proof_finding(walk->proving, FILE_NAME, "the events of batch %" PRId64 " are not those that it took in",
                      walk->batch->id);
}

static void begin_batch(struct walk *walk, const struct proof_event *event)
{
    end_batch(walk);
    walk->batch_id = event->batch_id;
    walk->batch = proof_find_batch(walk->proving, event->batch_id);
    walk->ordinal = -1;
    walk->count = 0;
    digest_reset(walk->digest);
    if (walk->batch == NULL || walk->batch->seen) {
        proof_finding(walk->proving, FILE_NAME, "batch %" PRId64 " %s", event->batch_id,
                      walk->batch == NULL ? "is not in contents.tsv" : "is in it at two places");
        walk->batch = NULL;
        return;
    }
    walk->batch->seen = true;
}

/* ---- what is said of an event ---- */

/* Why it does not count, as not_counted_reason has it. NULL: it counts. */
static const char *reason_of(const struct walk *walk, const struct proof_event *event)
{
    const char *rule = proof_text(walk->proving, "rule");
    bool with_app = strstr(rule, "+app") != NULL, delivered = strncmp(rule, "delivered", 9) == 0;

    if (walk->batch->seq > proof_number(walk->proving, "until_link"))
        return "later";
    if (walk->batch->voided)
        return "voided";
    if (strcmp(event->subject, "~app") == 0 || (!with_app && strcmp(event->via, "app") == 0))
        return "app_only";
    if (strcmp(event->class, "not_attempted") == 0)
        return "not_attempted";
    if (strcmp(event->class, "attempted") == 0 && strncmp(rule, "attempted", 9) != 0)
        return "not_answered";
    return delivered && strcmp(event->class, "delivered") != 0 ? "not_delivered" : NULL;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void prove_own(struct walk *walk, const struct proof_event *event)
{
    struct proving *proving = walk->proving;

    if (!event_holds(walk, event))
        proof_finding(proving, FILE_NAME, "batch %" PRId64 ", event %" PRId64 " was changed: its digest is another one",
                      event->batch_id, event->ordinal);
    if (event->contract_id != proof_number(proving, "contract_id") ||
        event->time_us < proof_number(proving, "period_start_us") ||
        event->time_us >= proof_number(proving, "period_end_us"))
        proof_finding(proving, FILE_NAME, "batch %" PRId64 ", event %" PRId64 " is not of the month", event->batch_id,
                      event->ordinal);
    if (walk->batch == NULL)
        return;
    const char *reason = reason_of(walk, event);
    if (!same_text(reason, event->not_counted))
        proof_finding(proving, FILE_NAME, "batch %" PRId64 ", event %" PRId64 ": its not_counted should be %s",
                      event->batch_id, event->ordinal, reason != NULL ? reason : "null");
    walk->requests += walk->batch->seq <= proof_number(proving, "until_link");
}

static void take_event(const struct proof_event *event, void *context)
{
    struct walk *walk = context;
    unsigned char digest[DIGEST_SIZE];

    if (event->batch_id != walk->batch_id)
        begin_batch(walk, event);
    if (event->ordinal <= walk->ordinal)
        proof_finding(walk->proving, FILE_NAME, "batch %" PRId64 ", event %" PRId64 " is not in its place",
                      event->batch_id, event->ordinal);
    walk->ordinal = event->ordinal;
    walk->count++;
    if (!digest_from_hex(event->digest, digest))
        memset(digest, 0, sizeof digest); /* which nothing has */
    digest_add(walk->digest, digest, sizeof digest);
    *(event->own ? &walk->proving->proof->events : &walk->proving->proof->other_events) += 1;
    if (event->own)
        prove_own(walk, event);
}

/* A batch with lines of the month cannot have been left out. */
static void prove_all_seen(struct proving *proving)
{
    for (const struct proof_batch *batch = proving->batches; batch != NULL; batch = batch->hh.next)
        if (batch->is_events && batch->touches && batch->added > 0 && !batch->seen)
            proof_finding(proving, FILE_NAME, "the events of batch %" PRId64 " are missing", batch->id);
}

void proof_events(struct proving *proving)
{
    struct walk walk = {.proving = proving, .digest = digest_new()};

    buffer_init(&walk.form, EVIDENCE_LINE_MAX);
    proof_each_event(proving, take_event, &walk);
    end_batch(&walk);
    prove_all_seen(proving);
    if ((int64_t)walk.requests != proof_number(proving, "requests"))
        proof_finding(proving, FILE_NAME, "it has %" PRIu64 " requests of the month, manifest.json says %" PRId64,
                      walk.requests, proof_number(proving, "requests"));
    buffer_free(&walk.form);
    digest_free(walk.digest);
}
