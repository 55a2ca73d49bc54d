/* SPDX-License-Identifier: MIT */
/* The lines below the status, and their JSON. */

#include "cli/month_gateway.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli/json.h"
#include "cli/rows.h"
#include "cli/wrap.h"
#include "statements.h"

bool month_gateway_find(struct db *db, const struct selected *item, struct db_rows **rows, struct error *err)
{
    char id[DB_NUMBER_SIZE];
    const char *params[] = {db_number_text(item->contract.id, id), item->month};

    return db_query_one(db, &sql_status_gateway, params, rows, err);
}

/* ---- JSON ---- */

static const struct rows_column rate_columns[] = {
    {"rate_limited", NULL, ROWS_COUNT},
    {"limited_minutes", NULL, ROWS_COUNT},
    {"used", NULL, ROWS_COUNT},
    {"minute", NULL, ROWS_TIME},
    {"app", NULL, ROWS_TEXT},
    {"rate_limit", NULL, ROWS_COUNT},
    {"rate_remaining", NULL, ROWS_COUNT},
};

static const struct rows_column gate_columns[] = {
    {"refused", NULL, ROWS_COUNT},
    {"observed", NULL, ROWS_COUNT},
    {"unanswered", NULL, ROWS_COUNT},
    {"allowed", NULL, ROWS_COUNT},
};

json_t *month_gateway_rate_json(const struct db_rows *rows)
{
    if (db_is_null(rows, 0, "minute"))
        return json_null();
    return rows_json(rate_columns, ARRAY_LENGTH(rate_columns), rows, 0);
}

json_t *month_gateway_gate_json(const struct db_rows *rows)
{
    return rows_json(gate_columns, ARRAY_LENGTH(gate_columns), rows, 0);
}

/* ---- lines ---- */

static void print_line(const char *text)
{
    puts("");
    wrap_print(stdout, text, 0, 0);
}

static char *busiest_text(const struct db_rows *rows)
{
    char time[TIMESTAMP_SIZE];
    const char *app = db_text(rows, 0, "app");

    if (db_is_null(rows, 0, "used"))
        return mem_text("");
    return mem_format("; most used in the minute from %s%s%s: %" PRId64 " %% of the allowance",
                      timestamp_format(db_int64(rows, 0, "minute"), time), app != NULL ? " by app " : "",
                      app != NULL ? app : "", db_int64(rows, 0, "used"));
}

static void print_rate(const struct db_rows *rows, const char *of)
{
    int64_t limited = db_int64(rows, 0, "rate_limited");

    if (db_is_null(rows, 0, "minute"))
        return;
    char *busiest = busiest_text(rows);
    char *text = mem_format("Rate limit%s: %" PRId64 " answer%s 429%s.", of, limited, limited == 1 ? "" : "s", busiest);
    print_line(text);
    free(text);
    free(busiest);
}

static void print_gate(const struct db_rows *rows, const char *of)
{
    int64_t refused = db_int64(rows, 0, "refused"), observed = db_int64(rows, 0, "observed");
    int64_t unanswered = db_int64(rows, 0, "unanswered"), allowed = db_int64(rows, 0, "allowed");

    if (refused + observed + unanswered + allowed == 0)
        return;
    char *text = mem_format("Gate%s: refused %" PRId64 ", would have refused %" PRId64 ", without an answer %" PRId64
                            ", handles allowed %" PRId64 "; 'headroom gate list' shows them.",
                            of, refused, observed, unanswered, allowed);
    print_line(text);
    free(text);
}

void month_gateway_print(const struct db_rows *rows, bool several)
{
    char *of = several ? mem_format(" of %s", db_text(rows, 0, "contract")) : mem_text("");

    print_rate(rows, of);
    print_gate(rows, of);
    free(of);
}
