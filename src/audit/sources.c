/* SPDX-License-Identifier: MIT */
/* The sources of a month and its grade, as the database judges them. */

#include <string.h>

#include "headroom/sources.h"
#include "statements.h"

static const char *text_of(const struct db_rows *rows, size_t row, const char *column, struct arena *arena)
{
    return arena_copy(arena, str_of(db_text(rows, row, column))).data;
}

static int64_t number_or(const struct db_rows *rows, size_t row, const char *column, int64_t otherwise)
{
    return db_is_null(rows, row, column) ? otherwise : db_int64(rows, row, column);
}

static struct audit_source source_of(const struct db_rows *rows, size_t row, struct arena *arena)
{
    return (struct audit_source){
        .name = text_of(rows, row, "source", arena),
        .first_event = number_or(rows, row, "first_event", AUDIT_NO_TIME),
        .last_event = number_or(rows, row, "last_event", AUDIT_NO_TIME),
        .delivered_until = db_int64(rows, row, "delivered_until"),
        .events = db_int64(rows, row, "events"),
        .month_requests = db_int64(rows, row, "month_requests"),
        .no_terms = db_int64(rows, row, "no_terms"),
        .active = db_bool(rows, row, "is_active"),
        .usual_hours = number_or(rows, row, "usual_hours", AUDIT_UNKNOWN),
        .allowed_hours = db_int64(rows, row, "allowed_hours"),
        .silent_since = number_or(rows, row, "silent_since", AUDIT_NO_TIME),
        .listened_since = number_or(rows, row, "listened_since", AUDIT_NO_TIME),
        .listened_until = number_or(rows, row, "listened_until", AUDIT_NO_TIME),
        .gap_count = (size_t)db_int64(rows, row, "gap_count"),
        .low_days = text_of(rows, row, "low_days", arena),
    };
}

/* The gaps come in the order of the sources, as many for each as it says. */
static bool fetch_gaps(struct db *db, const char *const *params, struct arena *arena, struct audit_sources *found,
                       struct error *err)
{
    struct db_rows *rows = NULL;
    size_t next = 0;

    if (!db_query(db, &sql_audit_gaps, params, &rows, err))
        return false;
    struct audit_gap *gaps = arena_alloc(arena, (db_rows_count(rows) + 1) * sizeof(*gaps));
    for (size_t row = 0; row < db_rows_count(rows); row++)
        gaps[row] = (struct audit_gap){db_int64(rows, row, "starts_at"), db_int64(rows, row, "ends_at")};
    for (size_t i = 0; i < found->count; i++) {
        found->items[i].gaps = gaps + next;
        next += found->items[i].gap_count;
    }
    bool same = next == db_rows_count(rows);
    db_rows_free(rows);
    return same || fail(err, EXIT_DATABASE, "the sources changed while they were read; run the command again");
}

/* They come in the order of the sources. */
static bool fetch_lost(struct db *db, const char *const *params, struct arena *arena, struct audit_sources *found,
                       struct error *err)
{
    struct db_rows *rows = NULL;
    size_t source = 0;

    if (!db_query(db, &sql_audit_lost, params, &rows, err))
        return false;
    struct audit_lost *lost = arena_alloc(arena, (db_rows_count(rows) + 1) * sizeof(*lost));
    for (size_t row = 0; row < db_rows_count(rows); row++) {
        lost[row] = (struct audit_lost){
            .from = db_int64(rows, row, "starts_at"),
            .until = db_int64(rows, row, "ends_at"),
            .requests = db_int64(rows, row, "requests"),
            .words = text_of(rows, row, "words", arena),
        };
        while (source < found->count && strcmp(found->items[source].name, db_text(rows, row, "source")) != 0)
            source++;
        if (source == found->count)
            break;
        if (found->items[source].lost_count++ == 0)
            found->items[source].lost = &lost[row];
    }
    db_rows_free(rows);
    return true;
}

static bool fetch_grade(struct db *db, const char *const *params, struct arena *arena, struct audit_sources *found,
                        struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query_one(db, &sql_audit_grade, params, &rows, err))
        return false;
    found->grade = text_of(rows, 0, "grade", arena);
    found->words = text_of(rows, 0, "words", arena);
    found->silent = text_of(rows, 0, "silent", arena);
    found->low_days = text_of(rows, 0, "low_days", arena);
    found->low_days_words = text_of(rows, 0, "low_days_words", arena);
    found->data_until = number_or(rows, 0, "data_until", AUDIT_NO_TIME);
    db_rows_free(rows);
    return true;
}

bool audit_sources(struct db *db, int64_t contract_id, const char *month, const char *stale_hours, struct arena *arena,
                   struct audit_sources *found, struct error *err)
{
    char id[24];
    const char *params[] = {id, month, stale_hours};
    struct db_rows *rows = NULL;

    *found = (struct audit_sources){0};
    snprintf(id, sizeof(id), "%lld", (long long)contract_id);
    if (!db_query(db, &sql_audit_sources, params, &rows, err))
        return false;
    found->count = db_rows_count(rows);
    found->items = arena_alloc(arena, (found->count + 1) * sizeof(*found->items));
    for (size_t row = 0; row < found->count; row++)
        found->items[row] = source_of(rows, row, arena);
    db_rows_free(rows);
    return fetch_gaps(db, params, arena, found, err) && fetch_lost(db, params, arena, found, err) &&
           fetch_grade(db, params, arena, found, err);
}
