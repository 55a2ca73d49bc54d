/* SPDX-License-Identifier: MIT */
/* Prints what came of lines that were read again. */

#include <jansson.h>

#include "cli/ingest.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/quarantine.h"
#include "cli/table.h"

static json_t *retry_json(const struct ingest_retry_result *result, bool dry_run)
{
    const struct ingest_totals *totals = &result->loaded.totals;
    json_t *object = json_object();

    (void)json_object_set_new(object, "dry_run", json_boolean(dry_run));
    json_set_count(object, "tried", result->tried);
    json_set_count(object, "settled", result->settled);
    json_set_count(object, "added", totals->added);
    json_set_count(object, "counted", totals->counted);
    json_set_count(object, "not_counted", totals->not_counted);
    json_set_count(object, "duplicate", totals->duplicate);
    json_set_count(object, "quarantined", result->refused);
    json_set_count(object, "not_kept", result->not_kept);
    json_set_count(object, "batches", totals->batches);
    (void)json_object_set_new(object, "chain_head", json_text(result->loaded.chain_head));
    return object;
}

static void print_counts(const struct ingest_retry_result *result, bool dry_run)
{
    static const struct table_column columns[] = {{"LINES", TABLE_LEFT}, {"COUNT", TABLE_RIGHT}};
    const struct ingest_totals *totals = &result->loaded.totals;
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));

    table_add_count(table, "tried", result->tried);
    table_add_count(table, dry_run ? "  can be read" : "  read", result->settled);
    if (!dry_run) {
        table_add_count(table, "    added", totals->added);
        table_add_count(table, "      counted", totals->counted);
        table_add_count(table, "      not counted", totals->not_counted);
        table_add_count(table, "    duplicate", totals->duplicate);
    }
    table_add_count(table, "  still quarantined", result->refused);
    ingest_add_reasons(table, "    ", &result->reasons);
    table_add_count(table, "  only in their file", result->not_kept);
    table_print(table, stdout);
    table_free(table);
}

bool quarantine_print_retry(const struct ingest_retry_result *result, bool dry_run, bool json, struct error *err)
{
    if (json)
        return cli_print_json(retry_json(result, dry_run), err);
    if (result->tried == 0) {
        log_note("no line like that is in quarantine");
        return true;
    }
    print_counts(result, dry_run);
    if (dry_run)
        puts("\nDry run: nothing was written.");
    else if (result->loaded.totals.batches > 0)
        printf("\nBatches: %llu. Chain head: %s\n", (unsigned long long)result->loaded.totals.batches,
               result->loaded.chain_head);
    return output_ok(stdout, err);
}
