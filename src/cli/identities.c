/* SPDX-License-Identifier: MIT */
/* Prints what an import of identities did or would do. */

#include "cli/identities.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "cli/json.h"
#include "cli/table.h"
#include "cli/text.h"

/* ---- JSON ---- */

static json_t *json_batch(int64_t batch_id)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, batch_id);
    return batch_id != 0 ? json_string(text) : json_null();
}

static json_t *changes_json(const struct identities_result *result)
{
    json_t *array = json_array();
    for (size_t i = 0; i < result->change_count; i++) {
        const struct identities_change *change = &result->changes[i];
        json_t *object = json_object();
        (void)json_object_set_new(object, "contract", json_text(change->contract));
        (void)json_object_set_new(object, "month", json_text(change->month));
        (void)json_object_set_new(object, "handles", json_integer(change->handles));
        (void)json_object_set_new(object, "unique_handles_before", json_integer(change->unique_before));
        (void)json_object_set_new(object, "unique_handles_after", json_integer(change->unique_after));
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *result_json(const struct identities_result *result, bool dry_run)
{
    json_t *object = json_object();
    (void)json_object_set_new(object, "file", json_text(result->file));
    json_set_count(object, "read", result->read);
    json_set_count(object, "facts", result->facts);
    json_set_count(object, "claims", result->claims);
    json_set_count(object, "repeated", result->repeated);
    json_set_count(object, "known_facts", result->known_facts);
    json_set_count(object, "known_claims", result->known_claims);
    (void)json_object_set_new(object, "batch", json_batch(result->batch_id));
    (void)json_object_set_new(object, "same_batch", json_batch(result->same_batch));
    (void)json_object_set_new(object, "chain_head", json_text(result->batch_id != 0 ? result->chain_head : NULL));
    if (dry_run)
        (void)json_object_set_new(object, "changes", changes_json(result));
    return object;
}

/* ---- text ---- */

static void print_totals(const struct identities_result *result)
{
    static const struct table_column columns[] = {{"LINES", TABLE_LEFT}, {"COUNT", TABLE_RIGHT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    table_add_count(table, "read", result->read);
    table_add_count(table, "  with dates", result->claims);
    table_add_count(table, "    known already", result->known_claims);
    table_add_count(table, "  without dates", result->facts);
    table_add_count(table, "    known already", result->known_facts);
    table_add_count(table, "  repeated in the file", result->repeated);
    table_print(table, stdout);
    table_free(table);
}

static void print_changes(const struct identities_result *result)
{
    static const struct table_column columns[] = {
        {"CONTRACT", TABLE_LEFT},
        {"MONTH", TABLE_LEFT},
        {"HANDLES WITH ANOTHER OWNER", TABLE_RIGHT},
        {"UNIQUE HANDLES NOW", TABLE_RIGHT},
        {"AFTERWARDS", TABLE_RIGHT},
    };
    if (result->change_count == 0) {
        printf("\nNo handle that was used would have another owner: no count would change.\n");
        return;
    }
    printf("\n");
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < result->change_count; i++) {
        const struct identities_change *change = &result->changes[i];
        struct cell handles, before, after;
        table_add(table, (const char *const[]){change->contract, change->month, cell_count(&handles, change->handles),
                                               cell_count(&before, change->unique_before),
                                               cell_count(&after, change->unique_after)});
    }
    table_print(table, stdout);
    table_free(table);
}

bool identities_print(const struct identities_result *result, bool dry_run, bool json, struct error *err)
{
    if (result->read == 0)
        log_warning("%s: holds no identities; nothing was imported",
                    strcmp(result->file, "-") == 0 ? "standard input" : result->file);
    if (json)
        return cli_print_json(result_json(result, dry_run), err);
    if (result->read == 0)
        return true;
    if (result->same_batch != 0) {
        printf("Already imported as batch %" PRId64 ", which is in force: nothing was added.\n", result->same_batch);
        return true;
    }
    print_totals(result);
    if (dry_run)
        print_changes(result);
    else
        printf("\nBatch: %" PRId64 ". Chain head: %s\n", result->batch_id, result->chain_head);
    return true;
}

/* ---- withdrawn ---- */

bool identities_print_withdrawn(const char *batch, const char *reason, const char *by, const char *chain_head,
                                bool json, struct error *err)
{
    if (!json) {
        printf("Batch %s is withdrawn: what it taught is in force no more. Chain head: %s\n", batch, chain_head);
        return true;
    }
    json_t *object = json_object();
    (void)json_object_set_new(object, "batch", json_text(batch));
    (void)json_object_set_new(object, "reason", json_text(reason));
    (void)json_object_set_new(object, "by", json_text(by));
    (void)json_object_set_new(object, "chain_head", json_text(chain_head));
    return cli_print_json(object, err);
}
