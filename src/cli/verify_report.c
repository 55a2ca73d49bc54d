/* SPDX-License-Identifier: MIT */
/* Says which report a file is, and whether the ledger still says what stands in it. */

#include "cli/verify_report.h"

#include <inttypes.h>
#include <string.h>

#include "cli/json.h"
#include "cli/output.h"
#include "cli/report_json.h"
#include "cli/text.h"
#include "headroom/report_log.h"
#include "statements.h"

struct found {
    const char *file;
    struct report_digests digests;
    struct db_rows *rows;
};

/* ---- text ---- */

static void print_title(const struct found *found)
{
    const struct db_rows *rows = found->rows;
    const char *contract = db_text(rows, 0, "contract");
    const char *month = db_text(rows, 0, "month");

    output_text("%s: report %s", found->file, db_text(rows, 0, "report"));
    if (contract != NULL)
        output_text(" of contract %s", contract);
    if (month != NULL)
        output_text(", billing month %s", month);
    output_text(" (%s), %s.\n", db_text(rows, 0, "format"),
                db_bool(rows, 0, "unpacked") ? "packed since, and unpacked as it was written" : "as it was written");
}

static void print_writing(const struct db_rows *rows)
{
    struct cell written, made;
    const char *parameters = db_text(rows, 0, "parameters");

    output_text("Written at %s by %s, with %s; it bears the time %s.\n",
                cell_time(&written, db_int64(rows, 0, "written_at")), db_text(rows, 0, "written_by"),
                db_text(rows, 0, "program"), cell_time(&made, db_int64(rows, 0, "made_at")));
    if (strcmp(parameters, "{}") != 0)
        output_text("With the options %s.\n", parameters);
    if (db_rows_count(rows) > 1)
        output_text("The same file was written %zu times; this is the last.\n", db_rows_count(rows));
}

static void print_chain(const struct db_rows *rows)
{
    long long later = (long long)db_int64(rows, 0, "later_links");

    if (!db_bool(rows, 0, "chain_holds"))
        output_text("It rests on link %lld of the chain, %s: the chain does NOT have that link any more.\n",
                    (long long)db_int64(rows, 0, "chain_link"), db_text(rows, 0, "chain_head"));
    else if (later == 0)
        output_text("It rests on the chain's head, %s.\n", db_text(rows, 0, "chain_head"));
    else
        output_text("It rests on link %lld of the chain, %s; the chain has that link, and %lld after it.\n",
                    (long long)db_int64(rows, 0, "chain_link"), db_text(rows, 0, "chain_head"), later);
}

static const char *state_words(const char *state)
{
    return strcmp(state, "closed") == 0 ? "closed" : "provisional";
}

static void print_figures(const struct db_rows *rows)
{
    const char *then = db_text(rows, 0, "state");
    const char *now = db_text(rows, 0, "today_state");

    if (then == NULL)
        return;
    output_text("It says %" PRId64 " unique handles, charge %s %s, %s.\n", db_int64(rows, 0, "unique_handles"),
                db_text(rows, 0, "charge"), db_text(rows, 0, "currency"), state_words(then));
    if (now == NULL)
        puts("Today the contract does not cover this month any more.");
    else if (db_bool(rows, 0, "changed"))
        output_text("Today the ledger says %" PRId64 ", charge %s %s, %s: a report of today says something else.\n",
                    db_int64(rows, 0, "today_handles"), db_text(rows, 0, "today_charge"),
                    db_text(rows, 0, "today_currency"), state_words(now));
    else if (strcmp(state_words(then), state_words(now)) != 0)
        output_text("The ledger says the same figures today; the month is %s now.\n",
                    strcmp(now, "closed") == 0 ? "closed" : "open again");
    else
        puts("The ledger says the same figures today.");
}

static void print_text(const struct found *found)
{
    print_title(found);
    print_writing(found->rows);
    print_chain(found->rows);
    print_figures(found->rows);
}

/* ---- JSON ---- */

static json_t *today_json(const struct db_rows *rows, size_t row)
{
    if (db_is_null(rows, row, "today_state"))
        return json_null();
    return json_pack("{s:s, s:I, s:s, s:s}", "state", db_text(rows, row, "today_state"), "unique_handles",
                     (json_int_t)db_int64(rows, row, "today_handles"), "charge", db_text(rows, row, "today_charge"),
                     "currency", db_text(rows, row, "today_currency"));
}

static json_t *found_json(const struct found *found)
{
    const struct db_rows *rows = found->rows;
    json_t *reports = json_array();
    bool holds = db_rows_count(rows) > 0;

    for (size_t i = 0; i < db_rows_count(rows); i++) {
        json_t *object = report_as_json(rows, i);
        (void)json_object_set_new(object, "unpacked", json_boolean(db_bool(rows, i, "unpacked")));
        (void)json_object_set_new(object, "chain_holds", json_boolean(db_bool(rows, i, "chain_holds")));
        (void)json_object_set_new(object, "later_links", json_integer(db_int64(rows, i, "later_links")));
        (void)json_object_set_new(object, "today", today_json(rows, i));
        (void)json_object_set_new(object, "changed", json_boolean(db_bool(rows, i, "changed")));
        (void)json_array_append_new(reports, object);
        holds = holds && db_bool(rows, i, "chain_holds");
    }
    return json_pack("{s:b, s:s, s:s, s:o}", "holds", holds, "file", found->file, "sha256", found->digests.file,
                     "reports", reports);
}

/* ---- what a file is ---- */

/* A file under the name of one that was written tells what became of it. */
static bool say_unknown(struct db *db, const struct found *found, struct error *err)
{
    const char *slash = strrchr(found->file, '/');
    const char *const values[] = {slash != NULL ? slash + 1 : found->file};
    struct db_rows *rows = NULL;
    struct cell time;

    if (!db_query(db, &sql_report_named, values, &rows, err))
        return false;
    log_error("%s is no report that is on record: it was not written by this ledger, or was changed since (SHA-256 %s)",
              found->file, found->digests.file);
    if (db_rows_count(rows) == 0)
        log_note(
            "'headroom report log' lists what is on record; a file of 'report evidence' is proved with its folder");
    else
        log_note("a file of this name was written at %s, with the SHA-256 %s; 'headroom report' writes it again",
                 cell_time(&time, db_int64(rows, 0, "written_at")), db_text(rows, 0, "sha256"));
    db_rows_free(rows);
    return true;
}

static bool say_found(struct db *db, const struct found *found, bool json, struct error *err)
{
    if (json && !cli_print_json(found_json(found), err))
        return false;
    if (db_rows_count(found->rows) == 0)
        return say_unknown(db, found, err);
    if (!json)
        print_text(found);
    if (!db_bool(found->rows, 0, "chain_holds"))
        log_error("the chain was made anew or cut off since %s was written; 'headroom verify' proves what is left",
                  found->file);
    return output_ok(stdout, err);
}

enum exit_code verify_print_report(const struct invocation *invocation, const char *file)
{
    struct found found = {.file = file};
    struct db *db = NULL;
    struct error err;
    enum exit_code code = EXIT_DONE;
    const char *const values[] = {found.digests.file, found.digests.unpacked};

    if (!report_digest_file(file, &found.digests, &err) || !cli_open(invocation, DB_READER, &db, &err) ||
        !db_begin_snapshot(db, &err) || !db_query(db, &sql_report_find, values, &found.rows, &err) ||
        !say_found(db, &found, invocation->json, &err))
        code = cli_failed(&err);
    else if (db_rows_count(found.rows) == 0 || !db_bool(found.rows, 0, "chain_holds"))
        code = EXIT_CHECK;
    db_rows_free(found.rows);
    db_close(db);
    return code;
}
