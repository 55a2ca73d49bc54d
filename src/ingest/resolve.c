/* SPDX-License-Identifier: MIT */
/* Looks up who is known by half, and writes each answer as a batch of identities. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/engagement.h"
#include "headroom/identities.h"
#include "ingest/identities.h"
#include "ingest/interrupt.h"
#include "statements.h"

#define PAGE         "50000" /* subjects held at once */
#define CHOSEN_BYTES 64      /* of one element of an array's text */

struct resolve {
    const struct resolve_options *options;
    struct resolve_result *result;
    struct db *db;
    struct lookup *lookup;
    const atomic_bool *stop;
    struct buffer contracts, months; /* arrays as text; empty: no choice */
};

/* Up to LOOKUP_BATCH subjects of one kind, and what came back. */
struct asking {
    bool by_handle;
    size_t count;
    char subjects[LOOKUP_BATCH][SUBJECT_MAX + 1];
    struct lookup_user found[LOOKUP_BATCH];
};

static bool is_handle(const char *subject)
{
    return subject[0] == '@';
}

/* ---- who ---- */

MUST_CHECK static bool choose(struct resolve *resolve, struct error *err)
{
    const struct resolve_options *options = resolve->options;
    bool fits = true;

    for (size_t i = 0; fits && i < options->chosen_count; i++) {
        const char *month = options->chosen[i].month;
        fits = buffer_format(&resolve->contracts, "%c%" PRId64, i == 0 ? '{' : ',', options->chosen[i].contract_id) &&
               buffer_format(&resolve->months, "%c%s", i == 0 ? '{' : ',', month != NULL ? month : "NULL");
    }
    if (fits && options->chosen_count > 0)
        fits = buffer_add(&resolve->contracts, "}", 1) && buffer_add(&resolve->months, "}", 1);
    return fits || fail(err, EXIT_COMMAND, "too many contracts: %zu", options->chosen_count);
}

MUST_CHECK static bool count_unknown(struct resolve *resolve, struct error *err)
{
    const char *const params[] = {resolve->contracts.data, resolve->months.data};
    struct db_rows *rows = NULL;

    if (!db_query_one(resolve->db, &sql_resolve_count, params, &rows, err))
        return false;
    resolve->result->handles = (uint64_t)db_int64(rows, 0, "handles");
    resolve->result->user_ids = (uint64_t)db_int64(rows, 0, "user_ids");
    db_rows_free(rows);
    return true;
}

/* ---- one request ---- */

MUST_CHECK static bool ask(struct resolve *resolve, struct asking *asking, struct error *err)
{
    const char *handles[LOOKUP_BATCH];
    int64_t ids[LOOKUP_BATCH];

    for (size_t i = 0; i < asking->count; i++) {
        handles[i] = asking->subjects[i] + 1;
        if (!asking->by_handle && !str_to_int64(str_of(asking->subjects[i]), 1, INT64_MAX, &ids[i]))
            return fail(err, EXIT_COMMAND, "subject '%s' is no user id; run 'headroom verify'", asking->subjects[i]);
    }
    bool done = asking->by_handle ? lookup_handles(resolve->lookup, handles, asking->count, asking->found, err)
                                  : lookup_ids(resolve->lookup, ids, asking->count, asking->found, err);
    resolve->result->interrupted = !done && atomic_load(resolve->stop);
    return done;
}

MUST_CHECK static bool add_identity(struct identities *identities, const struct lookup_user *user, uint64_t line,
                                    int64_t now_us, struct error *err)
{
    struct identity *identity = identities_next(identities);

    if (identity == NULL || !handle_normalise(str_of(user->handle), identity->subject + 1))
        return fail(err, EXIT_COMMAND, "user %" PRId64 " was found with a handle that is none", user->user_id);
    identity->subject[0] = '@';
    identity->user_id = user->user_id;
    identity->line = line;
    identity->together_us = now_us;
    return true;
}

/* Found by a request that asked for `count`, so the range of its batch is 1 to count. */
MUST_CHECK static bool collect(const struct asking *asking, struct identities *identities, struct error *err)
{
    int64_t now_us = timestamp_now();

    identities->first_line = 1;
    identities->last_line = asking->count;
    for (size_t i = 0; i < asking->count; i++)
        if (asking->found[i].problem[0] == '\0' && !add_identity(identities, &asking->found[i], i + 1, now_us, err))
            return false;
    identities_arrange(identities);
    return true;
}

/* The address asked, as the batch's file: without what was asked for. */
static char *asked_url(const struct resolve *resolve, bool by_handle)
{
    const char *base = resolve->options->base_url != NULL ? resolve->options->base_url : LOOKUP_BASE_URL;
    size_t size = strlen(base);

    while (size > 0 && base[size - 1] == '/')
        size--;
    return mem_format("%.*s%s", (int)size, base, by_handle ? "/2/users/by" : "/2/users");
}

MUST_CHECK static bool write_found(struct resolve *resolve, const struct asking *asking, struct error *err)
{
    struct resolve_result *result = resolve->result;
    char *url = asked_url(resolve, asking->by_handle);
    struct arena *names = arena_new();
    struct identities identities = {
        .file = given_file_name(names, url).data, .format = "api", .by = resolve->options->by};
    struct identities_written written;
    bool done = collect(asking, &identities, err);

    if (done && identities.count > 0) {
        done = identities_write(resolve->db, &identities, &written, err);
        if (done) {
            memcpy(result->chain_head, written.chain_head, sizeof(result->chain_head));
            result->batches++;
        }
    }
    identities_free(&identities);
    arena_free(names);
    free(url);
    return done;
}

static void keep_miss(struct resolve_result *result, const char *subject, const char *why)
{
    if (result->miss_count == RESOLVE_MISSES)
        return;
    if (result->misses == NULL)
        result->misses = mem_alloc(RESOLVE_MISSES * sizeof(*result->misses));

    struct resolve_miss *miss = &result->misses[result->miss_count++];
    snprintf(miss->subject, sizeof(miss->subject), "%s", subject);
    miss->why = mem_text(why);
}

/* What was asked is counted only once it is written. */
MUST_CHECK static bool ask_and_write(struct resolve *resolve, struct asking *asking, struct error *err)
{
    struct resolve_result *result = resolve->result;

    if (asking->count == 0)
        return true;
    if (!ask(resolve, asking, err) || !write_found(resolve, asking, err))
        return false;
    result->requests++;
    result->asked += asking->count;
    for (size_t i = 0; i < asking->count; i++) {
        if (asking->found[i].problem[0] == '\0')
            result->found++;
        else
            keep_miss(result, asking->subjects[i], asking->found[i].problem);
    }
    asking->count = 0;
    return true;
}

/* ---- all requests ---- */

static uint64_t at_most(const struct resolve *resolve, uint64_t count)
{
    uint64_t limit = resolve->options->limit;

    return limit > 0 && limit < count ? limit : count;
}

/* Whether what waits must be asked before this subject: one request asks for one kind. */
static bool is_full(const struct asking *asking, const char *subject)
{
    return asking->count == LOOKUP_BATCH || (asking->count > 0 && asking->by_handle != is_handle(subject));
}

MUST_CHECK static bool ask_for(struct resolve *resolve, struct asking *asking, const char *subject, struct error *err)
{
    if (is_full(asking, subject) && !ask_and_write(resolve, asking, err))
        return false;
    asking->by_handle = is_handle(subject);
    snprintf(asking->subjects[asking->count++], sizeof(asking->subjects[0]), "%s", subject);
    return true;
}

/* Asks for the subjects after `after`, and sets it to the last of them; *more is false when there were none. */
MUST_CHECK static bool ask_page(struct resolve *resolve, struct asking *asking, char after[SUBJECT_MAX + 1], bool *more,
                                struct error *err)
{
    const char *const params[] = {resolve->contracts.data, resolve->months.data, after, PAGE};
    struct db_rows *rows = NULL;
    bool done = true;

    if (!db_query(resolve->db, &sql_resolve_page, params, &rows, err))
        return false;
    *more = db_rows_count(rows) > 0;
    for (size_t i = 0; done && *more && i < db_rows_count(rows); i++) {
        *more = resolve->options->limit == 0 || resolve->result->asked + asking->count < resolve->options->limit;
        if (!*more)
            break;
        done = ask_for(resolve, asking, db_text(rows, i, "subject"), err);
        snprintf(after, SUBJECT_MAX + 1, "%s", db_text(rows, i, "subject"));
    }
    db_rows_free(rows);
    return done;
}

MUST_CHECK static bool ask_all(struct resolve *resolve, struct error *err)
{
    struct asking *asking = mem_alloc(sizeof(*asking));
    char after[SUBJECT_MAX + 1] = "";
    bool more = true, done = true;

    while (done && more)
        done = ask_page(resolve, asking, after, &more, err);
    done = done && ask_and_write(resolve, asking, err);
    free(asking);
    return done;
}

/* User ids come first, and a request asks for one kind. */
static uint64_t requests_needed(const struct resolve *resolve)
{
    const struct resolve_result *result = resolve->result;
    uint64_t ids = at_most(resolve, result->user_ids);
    uint64_t handles = at_most(resolve, result->user_ids + result->handles) - ids;

    return (ids + LOOKUP_BATCH - 1) / LOOKUP_BATCH + (handles + LOOKUP_BATCH - 1) / LOOKUP_BATCH;
}

/* Without a dry run the client comes first: a token or URL that can't be one is told before anything else is done. */
MUST_CHECK static bool open_lookup(struct resolve *resolve, struct error *err)
{
    const struct lookup_options options = {
        .base_url = resolve->options->base_url,
        .bearer = resolve->options->bearer,
        .wait_max = resolve->options->wait_max,
        .stop = resolve->stop,
    };

    return resolve->options->dry_run || lookup_open(&resolve->lookup, &options, err);
}

bool ingest_resolve(const struct db_target *target, const struct resolve_options *options,
                    struct resolve_result *result, struct error *err)
{
    struct resolve resolve = {.options = options, .result = result};
    struct interrupt interrupt;
    bool done = false;

    *result = (struct resolve_result){0};
    interrupt_catch(&interrupt);
    resolve.stop = interrupt_flag();
    buffer_init(&resolve.contracts, (options->chosen_count + 1) * CHOSEN_BYTES);
    buffer_init(&resolve.months, (options->chosen_count + 1) * CHOSEN_BYTES);
    if (!open_lookup(&resolve, err) || !choose(&resolve, err) ||
        !db_open(&resolve.db, target, options->dry_run ? DB_READER : DB_WRITER, err) || !count_unknown(&resolve, err))
        goto out;
    if (options->dry_run)
        result->requests = requests_needed(&resolve);
    done = options->dry_run || ask_all(&resolve, err) || result->interrupted;
out:
    interrupt_restore(&interrupt);
    lookup_close(resolve.lookup);
    db_close(resolve.db);
    buffer_free(&resolve.contracts);
    buffer_free(&resolve.months);
    return done;
}

void ingest_resolve_free(struct resolve_result *result)
{
    for (size_t i = 0; i < result->miss_count; i++)
        free(result->misses[i].why);
    free(result->misses);
    result->misses = NULL;
    result->miss_count = 0;
}
