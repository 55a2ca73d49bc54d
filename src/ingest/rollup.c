/* SPDX-License-Identifier: MIT */
/* Usage and facts are sorted and folded, because they are written in that order; sources and days are few and
 * hashed. */

#include "ingest/rollup.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#define SOURCE_MAX 255 /* bytes */

struct source_entry {
    struct source_row row;
    UT_hash_handle hh;
};

struct daily_entry {
    struct daily_row row;
    UT_hash_handle hh;
};

struct rollup_tables {
    struct arena *arena;
    struct source_entry *sources;
    struct source_row *last_source; /* found: mostly that of the next event too; NULL: none yet */
    struct daily_entry *daily;
    struct failures *failures;
};

struct rollup *rollup_new(void)
{
    struct rollup *rollup = mem_alloc(sizeof(*rollup));
    rollup->tables = mem_alloc(sizeof(*rollup->tables));
    rollup->tables->arena = arena_new();
    rollup->tables->failures = failures_new();
    rollup->usage = mem_alloc(BATCH_EVENTS * sizeof(*rollup->usage));
    return rollup;
}

static void clear(struct rollup *rollup)
{
    HASH_CLEAR(hh, rollup->tables->sources);
    rollup->tables->last_source = NULL;
    HASH_CLEAR(hh, rollup->tables->daily);
    failures_clear(rollup->tables->failures);
    arena_reset(rollup->tables->arena);
    rollup->usage_count = 0;
    rollup->daily_count = 0;
    rollup->failure_count = 0;
    rollup->source_count = 0;
    rollup->fact_count = 0;
    rollup->span_count = 0;
}

void rollup_free(struct rollup *rollup)
{
    if (rollup == NULL)
        return;
    clear(rollup);
    failures_free(rollup->tables->failures);
    arena_free(rollup->tables->arena);
    free(rollup->tables);
    free(rollup->usage);
    free(rollup);
}

/* ---- sources and spans ---- */

static size_t source_key(char *key, size_t capacity, const struct event *event)
{
    size_t size = event->source.size < capacity - sizeof(event->contract_id) ? event->source.size
                                                                             : capacity - sizeof(event->contract_id);
    memcpy(key, &event->contract_id, sizeof(event->contract_id));
    memcpy(key + sizeof(event->contract_id), event->source.data, size);
    return sizeof(event->contract_id) + size;
}

static struct source_row *look_source_up(struct rollup *rollup, const struct event *event)
{
    char key[sizeof(event->contract_id) + SOURCE_MAX];
    size_t size = source_key(key, sizeof(key), event);
    struct source_entry *entry = NULL;

    HASH_FIND(hh, rollup->tables->sources, key, size, entry);
    if (entry != NULL)
        return &entry->row;
    entry = arena_alloc(rollup->tables->arena, sizeof(*entry));
    *entry = (struct source_entry){.row = {.contract_id = event->contract_id,
                                           .source = event->source,
                                           .first_us = event->time_us,
                                           .last_us = event->time_us}};
    const char *kept = arena_copy(rollup->tables->arena, (struct str){key, size}).data;
    HASH_ADD_KEYPTR(hh, rollup->tables->sources, kept, size, entry);
    return &entry->row;
}

static struct source_row *find_source(struct rollup *rollup, const struct event *event)
{
    struct source_row *last = rollup->tables->last_source;

    if (last == NULL || last->contract_id != event->contract_id || !str_equal(last->source, event->source))
        last = rollup->tables->last_source = look_source_up(rollup, event);
    return last;
}

static void fold_sources(struct rollup *rollup, const struct batch *batch)
{
    for (size_t i = 0; i < batch->event_count; i++) {
        const struct event *event = &batch->events[i];
        struct source_row *source = find_source(rollup, event);
        if (event->time_us < source->first_us)
            source->first_us = event->time_us;
        if (event->time_us > source->last_us)
            source->last_us = event->time_us;
    }
}

static int compare_sources(const void *a, const void *b)
{
    const struct source_row *x = *(const struct source_row *const *)a;
    const struct source_row *y = *(const struct source_row *const *)b;
    if (x->contract_id != y->contract_id)
        return x->contract_id < y->contract_id ? -1 : 1;
    return str_compare(x->source, y->source);
}

static void list_sources(struct rollup *rollup)
{
    struct source_entry *entry = NULL;
    struct source_entry *next = NULL;
    size_t count = HASH_COUNT(rollup->tables->sources);

    rollup->sources = arena_alloc(rollup->tables->arena, (count + 1) * sizeof(*rollup->sources));
    HASH_ITER(hh, rollup->tables->sources, entry, next)
    rollup->sources[rollup->source_count++] = &entry->row;
    qsort(rollup->sources, rollup->source_count, sizeof(*rollup->sources), compare_sources);
}

static void widen(struct span *span, const struct source_row *source)
{
    if (source->first_us < span->first_us)
        span->first_us = source->first_us;
    if (source->last_us > span->last_us)
        span->last_us = source->last_us;
}

/* The sources come by contract. */
static void fold_spans(struct rollup *rollup)
{
    struct span *spans = arena_alloc(rollup->tables->arena, (rollup->source_count + 1) * sizeof(*spans));
    size_t count = 0;

    for (size_t i = 0; i < rollup->source_count; i++) {
        const struct source_row *source = rollup->sources[i];
        if (count == 0 || spans[count - 1].contract_id != source->contract_id)
            spans[count++] = (struct span){source->contract_id, source->first_us, source->last_us};
        widen(&spans[count - 1], source);
    }
    rollup->spans = spans;
    rollup->span_count = count;
}

/* ---- facts ---- */

static int compare_facts(const void *a, const void *b)
{
    const struct fact_row *x = a;
    const struct fact_row *y = b;
    int order = strcmp(x->subject, y->subject);
    if (order != 0)
        return order;
    if (x->user_id != y->user_id)
        return x->user_id < y->user_id ? -1 : 1;
    return x->first_us < y->first_us ? -1 : x->first_us > y->first_us;
}

static size_t collect_facts(struct fact_row *facts, const struct batch *batch)
{
    size_t count = 0;
    for (size_t i = 0; i < batch->event_count; i++) {
        const struct event *event = &batch->events[i];
        if (event->user_id == 0 || event->handle.data == NULL)
            continue;
        facts[count].subject[0] = '@';
        if (!handle_normalise(event->handle, facts[count].subject + 1))
            continue;
        facts[count].user_id = event->user_id;
        facts[count].first_us = event->time_us;
        count++;
    }
    return count;
}

static void fold_facts(struct rollup *rollup, const struct batch *batch)
{
    size_t count = 0;
    for (size_t i = 0; i < batch->event_count; i++)
        count += batch->events[i].user_id != 0 && batch->events[i].handle.data != NULL;
    rollup->facts = arena_alloc(rollup->tables->arena, (count + 1) * sizeof(*rollup->facts));
    count = collect_facts(rollup->facts, batch);
    qsort(rollup->facts, count, sizeof(*rollup->facts), compare_facts);
    for (size_t i = 0; i < count; i++) {
        struct fact_row *kept = rollup->fact_count > 0 ? &rollup->facts[rollup->fact_count - 1] : NULL;
        bool known = kept != NULL && kept->user_id == rollup->facts[i].user_id &&
                     strcmp(kept->subject, rollup->facts[i].subject) == 0;
        if (!known)
            rollup->facts[rollup->fact_count++] = rollup->facts[i];
    }
}

void rollup_lines(struct rollup *rollup, const struct batch *batch)
{
    clear(rollup);
    fold_sources(rollup, batch);
    list_sources(rollup);
    fold_spans(rollup);
    fold_facts(rollup, batch);
}

/* ---- days ---- */

static struct daily_row *find_daily(struct rollup *rollup, const struct daily_key *key)
{
    struct daily_entry *entry = NULL;

    HASH_FIND(hh, rollup->tables->daily, key, sizeof(*key), entry);
    if (entry != NULL)
        return &entry->row;
    entry = arena_alloc(rollup->tables->arena, sizeof(*entry));
    memset(entry, 0, sizeof(*entry));
    entry->row.key = *key;
    entry->row.rate_remaining_min = EVENT_ABSENT;
    entry->row.rate_limit_max = EVENT_ABSENT;
    HASH_ADD(hh, rollup->tables->daily, row.key, sizeof(entry->row.key), entry);
    return &entry->row;
}

static void add_daily(struct rollup *rollup, const struct event *event, const struct calendar_day *day)
{
    struct source_row *source = find_source(rollup, event);
    struct daily_key key;

    memset(&key, 0, sizeof(key)); /* the hash reads every byte */
    key.contract_id = event->contract_id;
    key.source = source;
    key.month = day != NULL ? day->month : 0;
    key.bit = day != NULL ? day->bit : 0;
    key.covered = day != NULL;
    key.via = (int32_t)event->via;
    key.ownerless = str_equal(event->subject, STR("~app"));
    key.class = (int32_t)event->class;
    key.endpoint = (int32_t)event->endpoint;
    key.outcome = (int32_t)event->outcome;

    struct daily_row *row = find_daily(rollup, &key);
    row->requests++;
    row->failed_tweets += (uint64_t)event->failed_count;
    row->rate_limited += event->status == 429;
    if (event->rate_remaining != EVENT_ABSENT &&
        (row->rate_remaining_min == EVENT_ABSENT || event->rate_remaining < row->rate_remaining_min))
        row->rate_remaining_min = event->rate_remaining;
    if (event->rate_limit > row->rate_limit_max)
        row->rate_limit_max = event->rate_limit;
    source->added++;
}

static void list_daily(struct rollup *rollup)
{
    struct daily_entry *entry = NULL;
    struct daily_entry *next = NULL;
    size_t count = HASH_COUNT(rollup->tables->daily);

    rollup->daily = arena_alloc(rollup->tables->arena, (count + 1) * sizeof(*rollup->daily));
    HASH_ITER(hh, rollup->tables->daily, entry, next)
    rollup->daily[rollup->daily_count++] = &entry->row;
}

/* ---- usage ---- */

static int compare_usage(const void *a, const void *b)
{
    const struct usage_row *x = a;
    const struct usage_row *y = b;
    if (x->contract_id != y->contract_id)
        return x->contract_id < y->contract_id ? -1 : 1;
    if (x->month != y->month)
        return x->month < y->month ? -1 : 1;
    int order = str_compare(x->subject, y->subject);
    return order != 0 ? order : (int)x->via - (int)y->via;
}

/* The order of headroom.first_event. */
static bool is_before(const struct event *a, const struct event *b)
{
    if (a->time_us != b->time_us)
        return a->time_us < b->time_us;
    int order = str_compare(a->source, b->source);
    if (order == 0)
        order = str_compare(a->id, b->id);
    return order != 0 ? order < 0 : a->class < b->class;
}

static bool is_of(const struct usage_row *row, const struct event *event, int32_t month)
{
    return row->contract_id == event->contract_id && row->month == month && row->via == event->via &&
           str_equal(row->subject, event->subject);
}

/* The events of a subject come one after the other, by time: so the row of an event is the last one, or a new one. */
static struct usage_row *find_usage(struct rollup *rollup, const struct event *event, int32_t month)
{
    if (rollup->usage_count > 0 && is_of(&rollup->usage[rollup->usage_count - 1], event, month))
        return &rollup->usage[rollup->usage_count - 1];
    struct usage_row *row = &rollup->usage[rollup->usage_count++];
    *row = (struct usage_row){
        .contract_id = event->contract_id,
        .month = month,
        .subject = event->subject,
        .via = event->via,
        .last_us = event->time_us,
    };
    return row;
}

/* The bits of headroom.endpoint_bit. */
static uint16_t endpoint_bit(enum endpoint endpoint)
{
    if (endpoint == ENDPOINT_ABSENT)
        return 0;
    return (uint16_t)(1U << (endpoint - ENDPOINT_TOTALS));
}

static void add_usage(struct rollup *rollup, const struct event *event, const struct calendar_day *day)
{
    struct usage_row *row = find_usage(rollup, event, day->month);

    row->requests++;
    row->endpoints |= endpoint_bit(event->endpoint);
    if (event->time_us > row->last_us)
        row->last_us = event->time_us;
    for (int rank = 0; rank < (int)event->class; rank++) {
        row->class_requests[rank]++;
        row->days[rank] |= UINT64_C(1) << day->bit;
        if (row->first[rank] == NULL || is_before(event, row->first[rank]))
            row->first[rank] = event;
    }
}

void rollup_events(struct rollup *rollup, const struct batch *batch, const bool *is_added,
                   const struct calendar *calendar)
{
    for (size_t i = 0; i < batch->event_count; i++) {
        const struct event *event = batch->by_subject[i];
        if (!is_added[event->ordinal])
            continue;
        const struct calendar_day *day = calendar_find(calendar, event->contract_id, event->time_us);
        add_daily(rollup, event, day);
        failures_add(rollup->tables->failures, event, day);
        if (day != NULL)
            add_usage(rollup, event, day);
    }
    list_daily(rollup);
    rollup->failures = failures_list(rollup->tables->failures, &rollup->failure_count);
    qsort(rollup->usage, rollup->usage_count, sizeof(*rollup->usage), compare_usage);
}

struct usage_row *rollup_find_usage(const struct rollup *rollup, const struct usage_row *key, size_t place)
{
    if (place < rollup->usage_count && compare_usage(key, &rollup->usage[place]) == 0)
        return &rollup->usage[place];
    return bsearch(key, rollup->usage, rollup->usage_count, sizeof(*key), compare_usage);
}
