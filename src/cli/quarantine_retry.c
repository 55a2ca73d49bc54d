/* SPDX-License-Identifier: MIT */
/* Prints what came of lines that were read again. */

#include <jansson.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/output.h"
#include "cli/quarantine.h"

static json_t *retry_json(const struct ingest_retry_result *result, bool dry_run)
{
    const struct ingest_totals *totals = &result->loaded.totals;
    json_t *object = json_object();

    (void)json_object_set_new(object, "dry_run", json_boolean(dry_run));
    (void)json_object_set_new(object, "tried", json_integer((json_int_t)result->tried));
    (void)json_object_set_new(object, "settled", json_integer((json_int_t)result->settled));
    (void)json_object_set_new(object, "added", json_integer((json_int_t)totals->added));
    (void)json_object_set_new(object, "counted", json_integer((json_int_t)totals->counted));
    (void)json_object_set_new(object, "not_counted", json_integer((json_int_t)totals->not_counted));
    (void)json_object_set_new(object, "duplicate", json_integer((json_int_t)totals->duplicate));
    (void)json_object_set_new(object, "quarantined", json_integer((json_int_t)result->refused));
    (void)json_object_set_new(object, "not_kept", json_integer((json_int_t)result->not_kept));
    (void)json_object_set_new(object, "batches", json_integer((json_int_t)totals->batches));
    (void)json_object_set_new(object, "chain_head", json_text(totals->batches > 0 ? result->loaded.chain_head : NULL));
    return object;
}

static void add_count(struct table *table, const char *name, uint64_t count)
{
    char text[24];

    snprintf(text, sizeof text, "%llu", (unsigned long long)count);
    table_add(table, (const char *const[]){name, text});
}

static void add_reasons(struct table *table, const struct ingest_reasons *reasons)
{
    for (size_t i = 0; i < reasons->count; i++) {
        char *name = mem_format("    %s", reasons->list[i].name);
        add_count(table, name, reasons->list[i].count);
        free(name);
    }
}

static void print_counts(const struct ingest_retry_result *result, bool dry_run)
{
    static const struct table_column columns[] = {{"LINES", TABLE_LEFT}, {"COUNT", TABLE_RIGHT}};
    const struct ingest_totals *totals = &result->loaded.totals;
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));

    add_count(table, "tried", result->tried);
    add_count(table, dry_run ? "  can be read" : "  read", result->settled);
    if (!dry_run) {
        add_count(table, "    added", totals->added);
        add_count(table, "      counted", totals->counted);
        add_count(table, "      not counted", totals->not_counted);
        add_count(table, "    duplicate", totals->duplicate);
    }
    add_count(table, "  still quarantined", result->refused);
    add_reasons(table, &result->reasons);
    add_count(table, "  only in their file", result->not_kept);
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
