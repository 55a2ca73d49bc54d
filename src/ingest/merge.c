/* SPDX-License-Identifier: MIT */
/* The merge answers with each row as it is now. Requests only ever add up: a subject had none of a class before when it
 * has now as many as the batch brought, and then the month gained a subject of that class. */

#include "ingest/merge.h"

#include "ingest/loader_rows.h"
#include "statements.h"

/* As ingest_merge_totals.sql has them. */
enum subject_kind {
    KIND_USER = 1,
    KIND_HANDLE,
    KIND_TOKEN,
    KIND_APP,
    KIND_END
};

static enum subject_kind kind_of(struct str subject)
{
    if (subject.data[0] == '@')
        return KIND_HANDLE;
    if (subject.data[0] != '~')
        return KIND_USER;
    return str_equal(subject, STR("~app")) ? KIND_APP : KIND_TOKEN;
}

struct total {
    uint64_t rows;
    uint64_t requests;
    uint64_t class_requests[ROLLUP_CLASSES];
    uint64_t class_subjects[ROLLUP_CLASSES];
};

/* What the batch added to one month of a contract. */
struct month_total {
    int64_t contract_id;
    int32_t month;
    struct total by[KIND_END][VIA_APP + 1];
};

/* The parameters of ingest_merge_totals.sql. */
enum total_column {
    CONTRACT,
    MONTH,
    KIND,
    VIA,
    REQUESTS,
    CLASS_REQUESTS,
    CLASS_SUBJECTS = CLASS_REQUESTS + ROLLUP_CLASSES,
    TOTAL_COLUMNS = CLASS_SUBJECTS + ROLLUP_CLASSES
};

struct totals {
    int64_t *columns[TOTAL_COLUMNS];
    size_t count;
};

static const char *const class_columns[ROLLUP_CLASSES] = {"attempted_requests", "answered_requests",
                                                          "delivered_requests"};

static void add(struct total *total, const struct usage_row *row)
{
    total->rows++;
    total->requests += row->requests;
    for (int rank = 0; rank < ROLLUP_CLASSES; rank++) {
        total->class_requests[rank] += row->class_requests[rank];
        total->class_subjects[rank] += row->is_new[rank];
    }
}

/* The answers come in the order of the rows; only a server of several nodes may answer in another one. */
static struct usage_row *row_of(const struct rollup *rollup, const struct db_rows *merged, size_t place)
{
    struct usage_row key = {
        .contract_id = db_int64(merged, place, "contract_id"),
        .month = (int32_t)db_int64(merged, place, "month"),
        .subject = str_of(db_text(merged, place, "subject")),
        .via = db_bool(merged, place, "via_app") ? VIA_APP : VIA_USER,
    };
    return rollup_find_usage(rollup, &key, place);
}

static bool find_new(const struct rollup *rollup, const struct db_rows *merged, struct error *err)
{
    for (size_t place = 0; place < db_rows_count(merged); place++) {
        struct usage_row *row = row_of(rollup, merged, place);
        if (row == NULL)
            return fail(err, EXIT_COMMAND, "the database merged usage that the batch does not have");
        for (int rank = 0; rank < ROLLUP_CLASSES; rank++)
            row->is_new[rank] = row->class_requests[rank] > 0 &&
                                db_int64(merged, place, class_columns[rank]) == (int64_t)row->class_requests[rank];
    }
    return true;
}

bool merge_usage(struct db *db, const struct rollup *rollup, int64_t batch_id, struct error *err)
{
    char batch_text[24];
    const char *params[] = {batch_text};
    struct db_rows *merged = NULL;
    bool done;

    if (rollup->usage_count == 0)
        return true;
    snprintf(batch_text, sizeof(batch_text), "%lld", (long long)batch_id);
    if (!rows_copy_usage(db, rollup, err) || !db_query(db, &sql_ingest_merge_usage, params, &merged, err))
        return false;
    done = find_new(rollup, merged, err);
    db_rows_free(merged);
    return done;
}

static void put_total(struct totals *totals, const struct month_total *month, enum subject_kind kind, int via)
{
    const struct total *total = &month->by[kind][via];
    size_t place = totals->count;

    if (total->rows == 0)
        return;
    totals->columns[CONTRACT][place] = month->contract_id;
    totals->columns[MONTH][place] = month->month;
    totals->columns[KIND][place] = kind;
    totals->columns[VIA][place] = via == VIA_APP;
    totals->columns[REQUESTS][place] = (int64_t)total->requests;
    for (int rank = 0; rank < ROLLUP_CLASSES; rank++) {
        totals->columns[CLASS_REQUESTS + rank][place] = (int64_t)total->class_requests[rank];
        totals->columns[CLASS_SUBJECTS + rank][place] = (int64_t)total->class_subjects[rank];
    }
    totals->count++;
}

static void put_month(struct totals *totals, const struct month_total *month)
{
    for (enum subject_kind kind = KIND_USER; kind < KIND_END; kind++) {
        for (int via = 0; via <= VIA_APP; via++)
            put_total(totals, month, kind, via);
    }
}

static bool is_of(const struct month_total *month, const struct usage_row *row)
{
    return row->contract_id == month->contract_id && row->month == month->month;
}

static void add_up(const struct rollup *rollup, struct totals *totals)
{
    struct month_total month = {0};

    for (size_t i = 0; i < rollup->usage_count; i++) {
        const struct usage_row *row = &rollup->usage[i];
        if (!is_of(&month, row)) {
            put_month(totals, &month);
            month = (struct month_total){.contract_id = row->contract_id, .month = row->month};
        }
        add(&month.by[kind_of(row->subject)][row->via], row);
    }
    put_month(totals, &month);
}

/* A row for each kind in each month. */
static size_t rows_at_most(const struct rollup *rollup)
{
    struct month_total month = {0};
    size_t months = 0;

    for (size_t i = 0; i < rollup->usage_count; i++) {
        const struct usage_row *row = &rollup->usage[i];
        months += !is_of(&month, row);
        month.contract_id = row->contract_id;
        month.month = row->month;
    }
    return months * (KIND_END - KIND_USER) * (VIA_APP + 1);
}

bool merge_totals(struct db *db, const struct rollup *rollup, struct error *err)
{
    struct totals totals = {0};
    const char *params[TOTAL_COLUMNS];
    size_t rows = rows_at_most(rollup);

    if (rollup->usage_count == 0)
        return true;
    struct arena *arena = arena_new();
    for (int column = 0; column < TOTAL_COLUMNS; column++)
        totals.columns[column] = arena_alloc(arena, rows * sizeof(int64_t));
    add_up(rollup, &totals);
    for (int column = 0; column < TOTAL_COLUMNS; column++)
        params[column] = db_array_text(arena, totals.columns[column], totals.count);
    bool done = db_run(db, &sql_ingest_merge_totals, params, err);
    arena_free(arena);
    return done;
}
