/* SPDX-License-Identifier: MIT */
/* The merge answers with each row as it is now. Requests only ever add up: a subject had none of a class before when it
 * has now as many as the batch brought, and then the month gained a subject of that class. */

#include "ingest/merge.h"

#include "ingest/loader_rows.h"
#include "statements.h"

#define TOTAL_COLUMNS (6 + 2 * ROLLUP_CLASSES)

enum subject_kind {
    KIND_USER,
    KIND_HANDLE,
    KIND_TOKEN,
    KIND_APP,
    KIND_COUNT
};

static const char *const kind_names[KIND_COUNT] = {"user", "handle", "token", "app"};

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
    struct total by[KIND_COUNT][VIA_APP + 1];
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

static void put_total(struct db_copy *copy, const struct month_total *month, int64_t batch_id, int kind, int via)
{
    const struct total *total = &month->by[kind][via];

    if (total->rows == 0)
        return;
    db_copy_row(copy);
    db_copy_int64(copy, month->contract_id);
    db_copy_date(copy, month->month);
    db_copy_int64(copy, batch_id);
    db_copy_text(copy, str_of(kind_names[kind]));
    db_copy_bool(copy, via == VIA_APP);
    db_copy_int64(copy, (int64_t)total->requests);
    for (int rank = 0; rank < ROLLUP_CLASSES; rank++)
        db_copy_int64(copy, (int64_t)total->class_requests[rank]);
    for (int rank = 0; rank < ROLLUP_CLASSES; rank++)
        db_copy_int64(copy, (int64_t)total->class_subjects[rank]);
}

static void put_month(struct db_copy *copy, const struct month_total *month, int64_t batch_id)
{
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        for (int via = 0; via <= VIA_APP; via++)
            put_total(copy, month, batch_id, kind, via);
    }
}

static bool copy_totals(struct db *db, const struct rollup *rollup, int64_t batch_id, struct error *err)
{
    struct db_copy *copy = NULL;
    struct month_total month = {0};

    if (!db_copy_start(db, &sql_ingest_copy_usage_totals, TOTAL_COLUMNS, &copy, err))
        return false;
    for (size_t i = 0; i < rollup->usage_count; i++) {
        const struct usage_row *row = &rollup->usage[i];
        if (row->contract_id != month.contract_id || row->month != month.month) {
            put_month(copy, &month, batch_id);
            month = (struct month_total){.contract_id = row->contract_id, .month = row->month};
        }
        add(&month.by[kind_of(row->subject)][row->via], row);
    }
    put_month(copy, &month, batch_id);
    return db_copy_finish(copy, err);
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
    done = find_new(rollup, merged, err) && copy_totals(db, rollup, batch_id, err);
    db_rows_free(merged);
    return done;
}
