/* SPDX-License-Identifier: MIT */
/* The sources that a follower or an event endpoint has met, by contract. */

#include "ingest/source_until.h"

#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uthash.h>

#include "statements.h"

#define PAIRS_MAX 10000 /* sources are few; more are something else, and say nothing */

struct pair {
    int64_t contract_id;
    char *source;
    char *key;
    UT_hash_handle hh;
};

struct source_until {
    char *reader;
    struct pair *pairs;
    const struct pair *last; /* most lines are of the source of the line before */
};

/* Host and absolute name: two followers of the same name in other folders are two. */
struct source_until *source_until_new(const char *operand)
{
    struct source_until *until = mem_alloc(sizeof(*until));
    char host[HOST_NAME_MAX + 1] = "";
    char folder[PATH_MAX] = "";

    gethostname(host, sizeof(host) - 1);
    if (operand[0] != '/' && getcwd(folder, sizeof(folder)) == NULL)
        folder[0] = '\0';
    char *path = mem_format("%s%s%s", folder, folder[0] != '\0' ? "/" : "", operand);
    char *name = given_file_name_copy(path);
    until->reader = mem_format("%s:%s", host, name);
    free(name);
    free(path);
    return until;
}

void source_until_free(struct source_until *until)
{
    struct pair *pair, *next;

    if (until == NULL)
        return;
    pair = until->pairs;
    HASH_CLEAR(hh, until->pairs);
    for (; pair != NULL; pair = next) {
        next = pair->hh.next;
        free(pair->source);
        free(pair->key);
        free(pair);
    }
    free(until->reader);
    free(until);
}

static void note(struct source_until *until, int64_t contract_id, struct str source)
{
    struct pair *pair = NULL;
    char *key = mem_format("%lld %.*s", (long long)contract_id, (int)source.size, source.data);

    HASH_FIND_STR(until->pairs, key, pair);
    if (pair == NULL && HASH_COUNT(until->pairs) < PAIRS_MAX) {
        pair = mem_alloc(sizeof(*pair));
        *pair = (struct pair){
            .contract_id = contract_id,
            .source = mem_format("%.*s", (int)source.size, source.data),
            .key = key,
        };
        HASH_ADD_KEYPTR(hh, until->pairs, pair->key, strlen(pair->key), pair);
        key = NULL;
    }
    free(key);
    until->last = pair;
}

void source_until_note_batch(struct source_until *until, const struct batch *batch)
{
    for (size_t i = 0; i < batch->event_count; i++) {
        const struct event *event = &batch->events[i];
        const struct pair *last = until->last;
        if (last == NULL || last->contract_id != event->contract_id || !str_equal(str_of(last->source), event->source))
            note(until, event->contract_id, event->source);
    }
}

static void note_rows(struct source_until *until, const struct db_rows *rows)
{
    for (size_t row = 0; row < db_rows_count(rows); row++)
        note(until, db_int64(rows, row, "contract_id"), str_of(db_text(rows, row, "source")));
}

bool source_until_new_listener(struct source_until **out, const char *address, struct db *db, struct error *err)
{
    struct source_until *until = mem_alloc(sizeof(*until));
    struct db_rows *rows = NULL;
    char host[HOST_NAME_MAX + 1] = "";

    gethostname(host, sizeof(host) - 1);
    until->reader = mem_format("%s %s", host, address);
    if (!db_query(db, &sql_ingest_listened_sources, (const char *const[]){until->reader}, &rows, err)) {
        source_until_free(until);
        return false;
    }
    note_rows(until, rows);
    db_rows_free(rows);
    *out = until;
    return true;
}

bool source_until_note_file(struct source_until *until, struct db *db, const struct file_key *key, struct error *err)
{
    struct db_rows *rows = NULL;
    char device[24], inode[24];

    snprintf(device, sizeof(device), "%lld", (long long)key->device);
    snprintf(inode, sizeof(inode), "%lld", (long long)key->inode);
    const char *params[] = {device, inode, key->scope};
    if (!db_query(db, &sql_ingest_file_sources, params, &rows, err))
        return false;
    note_rows(until, rows);
    db_rows_free(rows);
    return true;
}

bool source_until_say_listened(const struct source_until *until, struct db *db, int64_t since_us, int64_t until_us,
                               struct error *err)
{
    char since[TIMESTAMP_SIZE], time[TIMESTAMP_SIZE];
    json_t *sources = json_array();

    for (const struct pair *pair = until->pairs; pair != NULL; pair = pair->hh.next)
        (void)json_array_append_new(
            sources, json_pack("{s:I, s:s}", "contract_id", (json_int_t)pair->contract_id, "source", pair->source));
    char *text = json_dumps(sources, JSON_COMPACT);
    const char *params[] = {until->reader, timestamp_format(since_us, since), timestamp_format(until_us, time), text};
    bool said = json_array_size(sources) == 0 || db_run(db, &sql_ingest_say_listened, params, err);
    free(text);
    json_decref(sources);
    return said;
}

bool source_until_say(const struct source_until *until, struct db *db, int64_t until_us, struct error *err)
{
    char contract[24], time[TIMESTAMP_SIZE];

    timestamp_format(until_us, time);
    for (const struct pair *pair = until->pairs; pair != NULL; pair = pair->hh.next) {
        snprintf(contract, sizeof(contract), "%lld", (long long)pair->contract_id);
        const char *params[] = {contract, pair->source, until->reader, time, time};
        if (!db_run(db, &sql_ingest_say_until, params, err))
            return false;
    }
    return true;
}
