/* SPDX-License-Identifier: MIT */
/* Lines in memory as batches: each call is one, and one transaction. */

#include "headroom/ingest_feed.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/lines.h"
#include "ingest/loader.h"
#include "ingest/make.h"
#include "ingest/run.h"
#include "ingest/source_until.h"
#include "statements.h"

#define UPKEEP_US (INT64_C(600) * 1000000)

_Static_assert(INGEST_FEED_LINES <= BATCH_REFUSALS && INGEST_FEED_LINES <= BATCH_EVENTS, "a call fits into a batch");

struct ingest_feed {
    char *name;
    struct db *db;
    struct directory *directory;
    struct loader *loader;
    struct lines *lines;
    struct repeat *repeat;
    struct batch *batch;
    struct digest *digest;
    char *scope;                   /* of the batch under way */
    struct source_until *listened; /* NULL: it is no event endpoint's */
    int64_t clock_offset;
    int64_t kept_us; /* when the upkeep was done */
    bool is_dirty;   /* there were batches since */
};

bool ingest_feed_open(struct ingest_feed **out, const struct db_target *target,
                      const struct ingest_feed_options *options, struct error *err)
{
    struct ingest_feed *feed = mem_alloc(sizeof *feed);

    feed->name = mem_text(options->name);
    feed->repeat = repeat_new();
    feed->batch = batch_new();
    feed->digest = digest_new();
    feed->kept_us = timestamp_monotonic();
    if (lines_new(&feed->lines, err) && db_open(&feed->db, target, DB_WRITER, err) && ingest_feed_refresh(feed, err) &&
        loader_new(&feed->loader, feed->db, options->by, err) &&
        (options->listener == NULL || source_until_new_listener(&feed->listened, options->listener, feed->db, err))) {
        db_ask_often(feed->db);
        *out = feed;
        return true;
    }
    ingest_feed_close(feed);
    return false;
}

void ingest_feed_close(struct ingest_feed *feed)
{
    if (feed == NULL)
        return;
    loader_free(feed->loader);
    source_until_free(feed->listened);
    directory_free(feed->directory);
    db_close(feed->db);
    lines_free(feed->lines);
    repeat_free(feed->repeat);
    batch_free(feed->batch);
    digest_free(feed->digest);
    free(feed->scope);
    free(feed->name);
    free(feed);
}

struct db *ingest_feed_db(struct ingest_feed *feed)
{
    return feed->db;
}

static bool keep_up(struct ingest_feed *feed, struct error *err)
{
    int64_t now_us = timestamp_monotonic();

    if (!feed->is_dirty || now_us - feed->kept_us < UPKEEP_US)
        return true;
    feed->kept_us = now_us;
    feed->is_dirty = false;
    return loader_finish(feed->loader, err);
}

bool ingest_feed_refresh(struct ingest_feed *feed, struct error *err)
{
    struct directory *fresh = NULL;

    if (!directory_read(&fresh, feed->db, err))
        return false;
    directory_free(feed->directory);
    feed->directory = fresh;
    return run_read_clock(feed->db, &feed->clock_offset, err) && keep_up(feed, err);
}

/* ---- one line ---- */

/* The same text is kept once, whenever it comes. */
static void place_of(struct ingest_feed *feed, struct str text, unsigned char place[DIGEST_SIZE])
{
    digest_reset(feed->digest);
    digest_add(feed->digest, feed->name, strlen(feed->name) + 1);
    digest_add(feed->digest, text.data, text.size);
    digest_peek(feed->digest, place);
}

static void tell_refusal(struct ingest_feed_line *line, const struct refusal *refusal)
{
    line->verdict = INGEST_QUARANTINED;
    snprintf(line->reason, sizeof line->reason, "%s", refusal->reason);
    snprintf(line->field, sizeof line->field, "%s", refusal->field != NULL ? refusal->field : "");
    snprintf(line->why, sizeof line->why, "%s", refusal->text.data);
}

static void take(struct ingest_feed *feed, struct ingest_feed_line *line)
{
    const struct make make = {
        .directory = feed->directory,
        .repeat = feed->repeat,
        .contract = line->contract,
        .app_first = line->app_first,
        .source = line->source,
        .clock_offset = feed->clock_offset,
    };
    struct record record;

    lines_take(feed->lines, line->text, line->position, &record);
    struct rejection why = record.why;
    line->verdict = INGEST_ADDED; /* until the loader knows */
    line->of_contract = NULL;
    line->reason[0] = line->field[0] = line->why[0] = '\0';
    if (record.readable && make_event(&make, &record, feed->batch, &why)) {
        line->of_contract = feed->batch->events[feed->batch->event_count - 1].contract.data;
        return;
    }
    struct refusal *refusal = make_refusal(&make, &record, &why, feed->batch);
    place_of(feed, line->text, refusal->place);
    tell_refusal(line, refusal);
}

struct str ingest_feed_contract(struct ingest_feed *feed, struct str text)
{
    struct record record;

    lines_take(feed->lines, text, 1, &record);
    const struct value *named = &record.values[FIELD_CONTRACT];
    return record.readable && named->kind == VALUE_TEXT ? named->text : (struct str){NULL, 0};
}

/* ---- a batch of them ---- */

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* How the refused lines were read, for a retry. A batch has room for one way: where they differ in what they are given,
 * a retry gives them nothing, and what then belongs to no contract stays refused. */
static char *make_scope(const struct ingest_feed_line *lines, size_t count)
{
    const struct ingest_feed_line *first = NULL;
    json_t *object = json_pack("{s:b}", "feed", 1);
    bool same = true;

    for (size_t i = 0; i < count; i++) {
        if (lines[i].verdict != INGEST_QUARANTINED)
            continue;
        first = first == NULL ? &lines[i] : first;
        same = same && is_same_text(first->contract, lines[i].contract) && is_same_text(first->source, lines[i].source);
    }
    if (first != NULL && same && first->contract != NULL)
        (void)json_object_set_new(object, "contract", json_string(first->contract));
    if (first != NULL && same && first->source != NULL)
        (void)json_object_set_new(object, "source", json_string(first->source));
    char *text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(object);
    return text;
}

/* What a batch says of its lines; the order in which they came is that of their positions within a group alone. */
static void span_lines(struct batch *batch, const struct ingest_feed_line *lines, size_t count)
{
    batch->first_line = batch->last_line = lines[0].position;
    for (size_t i = 0; i < count; i++) {
        if (lines[i].position < batch->first_line)
            batch->first_line = lines[i].position;
        if (lines[i].position > batch->last_line)
            batch->last_line = lines[i].position;
        batch->end_byte += lines[i].text.size;
    }
}

static void fill(struct ingest_feed *feed, struct ingest_feed_line *lines, size_t count)
{
    struct batch *batch = feed->batch;

    batch_clear(batch);
    batch->file = feed->name;
    batch->format = NULL;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || lines[i].group != lines[i - 1].group)
            repeat_clear(feed->repeat);
        take(feed, &lines[i]);
        if (batch->format == NULL || lines[i].verdict == INGEST_QUARANTINED)
            batch->format = lines_format(feed->lines);
    }
    span_lines(batch, lines, count);
    free(feed->scope);
    feed->scope = make_scope(lines, count);
    batch->scope = feed->scope;
    batch_sort(batch);
}

bool ingest_feed_write(struct ingest_feed *feed, struct ingest_feed_line *lines, size_t count,
                       struct ingest_result *result, struct error *err)
{
    size_t ordinal = 0;

    if (count == 0)
        return true;
    if (count > INGEST_FEED_LINES)
        return fail(err, EXIT_COMMAND, "%s: %zu lines at once; at most %d are taken", feed->name, count,
                    INGEST_FEED_LINES);
    fill(feed, lines, count);
    if (!loader_write(feed->loader, feed->batch, result, err))
        return false;
    feed->is_dirty = true;
    if (feed->listened != NULL)
        source_until_note_batch(feed->listened, feed->batch);
    for (size_t i = 0; i < count; i++) {
        if (lines[i].verdict != INGEST_QUARANTINED && !loader_was_added(feed->loader, ordinal++))
            lines[i].verdict = INGEST_DUPLICATE;
    }
    return true;
}

bool ingest_feed_has_contract(const struct ingest_feed *feed, const char *contract)
{
    int64_t contract_id;

    return directory_find(feed->directory, contract, &contract_id);
}

bool ingest_feed_say_until(struct ingest_feed *feed, const struct ingest_feed_until *until, struct error *err)
{
    char number[DB_NUMBER_SIZE], since[TIMESTAMP_SIZE], time[TIMESTAMP_SIZE];
    int64_t contract_id = 0;

    if (!directory_find(feed->directory, until->contract, &contract_id))
        return fail(err, EXIT_COMMAND, "there is no contract '%s'; add it: headroom contract add %s …", until->contract,
                    until->contract);
    const char *params[] = {db_number_text(contract_id, number), until->source, feed->name,
                            timestamp_format(until->until_us, time), timestamp_format(until->since_us, since)};
    return db_run(feed->db, &sql_ingest_say_until, params, err);
}

bool ingest_feed_say_listened(struct ingest_feed *feed, int64_t since_us, int64_t until_us, struct error *err)
{
    int64_t to_theirs = feed->clock_offset;

    return feed->listened == NULL || source_until_say_listened(feed->listened, feed->db, since_us + to_theirs,
                                                               until_us + to_theirs - SOURCE_UNTIL_LAG_US, err);
}
