/* SPDX-License-Identifier: MIT */
/* Facts and claims as they stand in a folder of evidence, and what follows from them. */

#include "audit/proof_owner.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/model.h"

#define FACT_CELLS 6
#define DAY_CELLS  3
#define DATE_SIZE  10

enum fact_cell {
    FACT_BATCH,
    FACT_WHAT,
    FACT_SUBJECT,
    FACT_USER,
    FACT_SINCE,
    FACT_UNTIL
};

bool proof_is_in_part(const struct proof_part *part, const char *name)
{
    unsigned hash;

    HASH_VALUE(name, strlen(name), hash);
    return hash % part->of == part->number;
}

/* ---- facts.tsv ---- */

static struct proof_handle *find(const struct proof_handles *handles, const char *subject)
{
    struct proof_handle *handle = NULL;

    HASH_FIND_STR(handles->known, subject, handle);
    return handle;
}

static struct proof_handle *find_or_add(struct proof_handles *handles, const char *subject)
{
    struct proof_handle *handle = find(handles, subject);
    size_t size = strlen(subject) + 1;

    if (handle != NULL)
        return handle;
    handle = mem_alloc(sizeof *handle + size);
    memcpy(handle->subject, subject, size);
    HASH_ADD_STR(handles->known, subject, handle);
    return handle;
}

/* A user may have several: the earliest is what counts. */
static void add_fact(struct proof_handle *handle, int64_t user_id, int64_t first_us)
{
    for (size_t i = 0; i < handle->fact_count; i++)
        if (handle->facts[i].user_id == user_id) {
            if (first_us < handle->facts[i].first_us)
                handle->facts[i].first_us = first_us;
            return;
        }
    handle->facts = mem_resize(handle->facts, (handle->fact_count + 1) * sizeof *handle->facts);
    handle->facts[handle->fact_count++] = (struct proof_fact){user_id, first_us};
}

static void add_claim(struct proof_handle *handle, int64_t user_id, struct str from, struct str until)
{
    handle->claims = mem_resize(handle->claims, (handle->claim_count + 1) * sizeof *handle->claims);
    struct proof_claim *claim = &handle->claims[handle->claim_count++];
    claim->user_id = user_id;
    snprintf(claim->from, sizeof claim->from, "%.*s", (int)from.size, from.data);
    snprintf(claim->until, sizeof claim->until, "%.*s", (int)until.size, until.data);
}

static bool take_fact(struct proof_handles *handles, struct str row, const struct proof_part *part)
{
    struct str cells[FACT_CELLS];
    char subject[SUBJECT_MAX + 1];
    int64_t user_id, since;

    if (!proof_cells(row, cells, FACT_CELLS) || cells[FACT_SUBJECT].size > SUBJECT_MAX ||
        !str_to_int64(cells[FACT_USER], 1, INT64_MAX, &user_id) || cells[FACT_SINCE].size > TIMESTAMP_SIZE ||
        cells[FACT_UNTIL].size > DATE_SIZE)
        return false;
    snprintf(subject, sizeof subject, "%.*s", (int)cells[FACT_SUBJECT].size, cells[FACT_SUBJECT].data);
    if (!proof_is_in_part(part, subject))
        return true;
    if (str_equal(cells[FACT_WHAT], STR("claim"))) {
        add_claim(find_or_add(handles, subject), user_id, cells[FACT_SINCE], cells[FACT_UNTIL]);
        return cells[FACT_SINCE].size <= DATE_SIZE;
    }
    if (!str_to_int64(cells[FACT_SINCE], INT64_MIN / 2, INT64_MAX, &since))
        return false;
    add_fact(find_or_add(handles, subject), user_id, since);
    return true;
}

static bool read_facts(struct proof_handles *handles, struct proving *proving, const struct proof_part *part)
{
    struct proof_lines lines;
    struct str row;
    bool good = true;

    proof_lines_open(&lines, proving, "facts.tsv");
    while (good && proof_next_line(&lines, &row))
        good = take_fact(handles, row, part);
    if (!good)
        proof_finding(proving, "facts.tsv", "line %" PRIu64 " is no fact and no claim", lines.count);
    good = good && !lines.failed;
    proof_lines_close(&lines);
    return good;
}

/* ---- days.tsv ---- */

static bool take_day(struct proof_handles *handles, struct str row)
{
    struct str cells[DAY_CELLS];
    struct proof_day day;

    if (!proof_cells(row, cells, DAY_CELLS) || cells[0].size != DATE_SIZE ||
        handles->day_count == ARRAY_LENGTH(handles->days) ||
        !str_to_int64(cells[1], INT64_MIN / 2, INT64_MAX, &day.start_us) ||
        !str_to_int64(cells[2], day.start_us, INT64_MAX, &day.end_us))
        return false;
    snprintf(day.date, sizeof day.date, "%.*s", DATE_SIZE, cells[0].data);
    const struct proof_day *before = handles->day_count > 0 ? &handles->days[handles->day_count - 1] : NULL;
    handles->days[handles->day_count++] = day;
    return before == NULL || (before->end_us == day.start_us && strcmp(before->date, day.date) < 0);
}

static bool read_days(struct proof_handles *handles, struct proving *proving)
{
    struct proof_lines lines;
    struct str row;
    bool good = true;

    proof_lines_open(&lines, proving, "days.tsv");
    while (good && proof_next_line(&lines, &row))
        good = take_day(handles, row);
    good = good && !lines.failed && handles->day_count > 0 &&
           handles->days[0].start_us <= proof_number(proving, "period_start_us") &&
           handles->days[handles->day_count - 1].end_us >= proof_number(proving, "period_end_us");
    if (!good)
        proof_finding(proving, "days.tsv", "it has not every day of the month once, each where the last one ends");
    proof_lines_close(&lines);
    return good;
}

bool proof_handles_read(struct proof_handles *handles, struct proving *proving, const struct proof_part *part)
{
    *handles = (struct proof_handles){0};
    return read_days(handles, proving) && read_facts(handles, proving, part);
}

void proof_handles_free(struct proof_handles *handles)
{
    struct proof_handle *handle = handles->known, *next;

    HASH_CLEAR(hh, handles->known);
    for (; handle != NULL; handle = next) {
        next = handle->hh.next;
        free(handle->facts);
        free(handle->claims);
        free(handle);
    }
}

/* ---- whose a handle is ---- */

static bool covers(const struct proof_claim *claim, const char *date)
{
    return strcmp(claim->from, date) <= 0 && (claim->until[0] == '\0' || strcmp(date, claim->until) < 0);
}

/* Of the facts before the day's end the latest, else the earliest; of two with one time the lower user id. */
static int64_t by_facts(const struct proof_handle *handle, int64_t end_us)
{
    const struct proof_fact *best = NULL;

    for (size_t i = 0; i < handle->fact_count; i++) {
        const struct proof_fact *fact = &handle->facts[i];
        bool acts = fact->first_us < end_us, best_acts = best != NULL && best->first_us < end_us;
        if (best == NULL || acts > best_acts ||
            (acts == best_acts && (acts ? fact->first_us > best->first_us : fact->first_us < best->first_us)) ||
            (fact->first_us == best->first_us && fact->user_id < best->user_id))
            best = fact;
    }
    return best != NULL ? best->user_id : 0;
}

bool proof_handle_user(const struct proof_handles *handles, const char *subject, int64_t time_us, int64_t *user_id)
{
    const struct proof_handle *handle = find(handles, subject);
    size_t day = 0;

    while (day < handles->day_count && time_us >= handles->days[day].end_us)
        day++;
    *user_id = 0;
    if (day == handles->day_count || time_us < handles->days[day].start_us)
        return false;
    if (handle == NULL)
        return true;
    for (size_t i = handle->claim_count; i > 0; i--)
        if (covers(&handle->claims[i - 1], handles->days[day].date)) {
            *user_id = handle->claims[i - 1].user_id;
            return true;
        }
    *user_id = by_facts(handle, handles->days[day].end_us);
    return true;
}
