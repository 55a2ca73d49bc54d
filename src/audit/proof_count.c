/* SPDX-License-Identifier: MIT */
/* Counts the owners of a folder of evidence again, from its events, and holds them against its lists. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/proof_event.h"
#include "audit/proof_owner.h"

#define OWNERS_A_PASS 250000 /* which bounds the memory: more owners are counted in more passes over the events */
#define HANDLES_CELLS 9
#define OWNERS_CELLS  6

/* What the events say of an owner. */
struct counted {
    UT_hash_handle hh;
    int64_t requests, counted_requests;
    int64_t first_us, last_us;
    int64_t batch_id, position; /* of the first that counts */
    char *first;                /* its place among those of one time, see place_of; NULL: none counts */
    bool listed;
    char owner[];
};

struct counting {
    struct proving *proving;
    struct proof_part part;
    struct proof_handles handles;
    struct counted *owners;
    bool overflown; /* there were more than a pass may hold */
};

/* ---- the events ---- */

static struct counted *find_or_add(struct counting *counting, const char *owner)
{
    struct counted *counted = NULL;
    size_t size = strlen(owner) + 1;

    HASH_FIND_STR(counting->owners, owner, counted);
    if (counted != NULL)
        return counted;
    counting->overflown = counting->overflown || HASH_COUNT(counting->owners) >= OWNERS_A_PASS;
    counted = mem_alloc(sizeof *counted + size);
    memcpy(counted->owner, owner, size);
    counted->last_us = INT64_MIN;
    HASH_ADD_STR(counting->owners, owner, counted);
    return counted;
}

/* The order of first events of one time: source, id, class, subject, user before app. The caller frees it. */
static char *place_of(const struct proof_event *event)
{
    static const char *const classes[] = {"not_attempted", "attempted", "answered", "delivered"};
    int class = 0;

    while (class < (int)ARRAY_LENGTH(classes) && strcmp(event->class, classes[class]) != 0)
        class ++;
    return mem_format("%s\x01%s\x01%d\x01%s\x01%d", event->source, event->id, class, event->subject,
                      strcmp(event->via, "app") == 0);
}

static void take_first(struct counted *counted, const struct proof_event *event)
{
    if (counted->first != NULL && event->time_us > counted->first_us)
        return;
    char *place = place_of(event);
    if (counted->first != NULL && event->time_us == counted->first_us && strcmp(counted->first, place) <= 0) {
        free(place);
        return;
    }
    free(counted->first);
    counted->first = place;
    counted->first_us = event->time_us;
    counted->batch_id = event->batch_id;
    counted->position = event->position;
}

static void add_event(struct counted *counted, const struct proof_event *event)
{
    counted->requests++;
    if (event->time_us > counted->last_us)
        counted->last_us = event->time_us;
    if (event->not_counted != NULL)
        return;
    counted->counted_requests++;
    take_first(counted, event);
}

/* The owner of a handle's event follows from the facts, that of another one is its subject. */
static void prove_owner(const struct counting *counting, const struct proof_event *event)
{
    char owner[24];
    int64_t user_id = 0;

    if (!proof_is_in_part(&counting->part, event->subject))
        return;
    if (event->subject[0] == '@')
        (void)proof_handle_user(&counting->handles, event->subject, event->time_us, &user_id);
    snprintf(owner, sizeof owner, "%" PRId64, user_id);
    if (strcmp(event->owner, user_id != 0 ? owner : event->subject) != 0)
        proof_finding(counting->proving, "events.jsonl.gz",
                      "batch %" PRId64 ", event %" PRId64 ": its owner should be %s", event->batch_id, event->ordinal,
                      user_id != 0 ? owner : event->subject);
}

static bool is_left_out(const char *not_counted)
{
    return not_counted != NULL && (strcmp(not_counted, "later") == 0 || strcmp(not_counted, "voided") == 0);
}

static void take_event(const struct proof_event *event, void *context)
{
    struct counting *counting = context;

    if (!event->own || counting->overflown)
        return;
    prove_owner(counting, event);
    if (!is_left_out(event->not_counted) && strcmp(event->owner, "~app") != 0 &&
        proof_is_in_part(&counting->part, event->owner))
        add_event(find_or_add(counting, event->owner), event);
}

/* ---- the lists ---- */

static bool is_number(struct str cell, int64_t number)
{
    int64_t value;

    return str_to_int64(cell, INT64_MIN / 2, INT64_MAX, &value) && value == number;
}

static struct counted *find_listed(const struct counting *counting, struct str owner, bool *mine)
{
    struct counted *counted = NULL;
    char *name = mem_format("%.*s", (int)owner.size, owner.data);

    *mine = proof_is_in_part(&counting->part, name);
    HASH_FIND_STR(counting->owners, name, counted);
    free(name);
    return counted;
}

static void prove_listed(struct counting *counting)
{
    struct proof_lines lines;
    struct str row, cells[OWNERS_CELLS];
    bool mine;

    proof_lines_open(&lines, counting->proving, "owners.tsv");
    while (proof_next_line(&lines, &row)) {
        if (!proof_cells(row, cells, OWNERS_CELLS))
            continue; /* which proof_owners has said */
        struct counted *counted = find_listed(counting, cells[0], &mine);
        if (!mine)
            continue;
        if (counted == NULL || counted->counted_requests == 0 || !is_number(cells[2], counted->first_us) ||
            !is_number(cells[3], counted->last_us) || !is_number(cells[4], counted->requests) ||
            !is_number(cells[5], counted->counted_requests))
            proof_finding(counting->proving, "owners.tsv", "line %" PRIu64 " is not what the events say of this owner",
                          lines.count);
        if (counted != NULL)
            counted->listed = true;
    }
    proof_lines_close(&lines);
}

/* Source, id, batch and line of the first request that counts; the file's name is the batch's. */
static bool is_first(const struct str cells[HANDLES_CELLS], const struct counted *counted)
{
    char *place = mem_format("%.*s\x01%.*s\x01", (int)cells[3].size, cells[3].data, (int)cells[4].size, cells[4].data);
    bool same = counted->first != NULL && strncmp(counted->first, place, strlen(place)) == 0 &&
                is_number(cells[5], counted->batch_id) && is_number(cells[7], counted->position);

    free(place);
    return same;
}

static void prove_firsts(const struct counting *counting)
{
    struct arena *arena = arena_new();
    struct proof_lines lines;
    struct str row, cells[HANDLES_CELLS];
    const char *why;
    size_t width;
    bool mine;

    proof_lines_open(&lines, counting->proving, "handles.csv");
    while (proof_next_row(&lines, &row)) {
        arena_reset(arena);
        if (lines.count == 1 || !csv_cells(row, arena, cells, HANDLES_CELLS, &width, &why) || width != HANDLES_CELLS)
            continue; /* the heading; and what proof_owners has said */
        const struct counted *counted = find_listed(counting, cells[0], &mine);
        if (counted != NULL && !is_first(cells, counted))
            proof_finding(counting->proving, "handles.csv", "row %" PRIu64 " is not the first request of this owner",
                          lines.count);
    }
    proof_lines_close(&lines);
    arena_free(arena);
}

static void prove_lists(struct counting *counting)
{
    prove_listed(counting);
    prove_firsts(counting);
    for (const struct counted *counted = counting->owners; counted != NULL; counted = counted->hh.next)
        if (!counted->listed && counted->counted_requests > 0)
            proof_finding(counting->proving, "owners.tsv", "owner %s counts by the events, and is not in it",
                          counted->owner);
}

/* ---- passes ---- */

static void free_owners(struct counting *counting)
{
    struct counted *counted = counting->owners, *next;

    HASH_CLEAR(hh, counting->owners);
    for (; counted != NULL; counted = next) {
        next = counted->hh.next;
        free(counted->first);
        free(counted);
    }
}

/* False where it must be done again, in more parts. */
static bool count_part(struct proving *proving, struct proof_part part)
{
    struct counting counting = {.proving = proving, .part = part};
    uint64_t findings = proving->proof->findings;

    if (proof_handles_read(&counting.handles, proving, &part))
        proof_each_event(proving, take_event, &counting);
    if (!counting.overflown && proving->proof->findings == findings)
        prove_lists(&counting);
    free_owners(&counting);
    proof_handles_free(&counting.handles);
    return !counting.overflown;
}

void proof_count(struct proving *proving)
{
    struct proof_part part = {.number = 0, .of = 1};

    while ((uint64_t)proving->proof->unique_handles > (uint64_t)part.of * (OWNERS_A_PASS / 2))
        part.of *= 2;
    for (; part.number < part.of; part.number++)
        if (!count_part(proving, part)) {
            part.of *= 2;
            part.number = (unsigned)-1; /* from the first on */
        }
}
