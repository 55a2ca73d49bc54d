/* SPDX-License-Identifier: MIT */
/* The readers: threads with a connection each, which take the next span until there is none. */

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "audit/verify.h"
#include "statements.h"
#include "headroom/progress.h"

#define SPAN_EVENTS  400000 /* a span has at least one batch, and no more lines than this if it has several */
#define SPAN_BATCHES 4096
#define READERS_MAX  4

/* ---- spans ---- */

struct planning {
    struct verify *verify;
    size_t room;
    uint64_t events, batches; /* of the span under way */
};

static struct verify_span *add_span(struct planning *planning)
{
    struct verify *verify = planning->verify;

    if (verify->span_count == planning->room) {
        planning->room = 2 * planning->room + 16;
        verify->spans = mem_resize(verify->spans, planning->room * sizeof(*verify->spans));
    }
    planning->events = 0;
    planning->batches = 0;
    verify->spans[verify->span_count] = (struct verify_span){.last = INT64_MAX};
    return &verify->spans[verify->span_count++];
}

/* A span ends just before the next begins, so that no id falls between two. */
static bool take_batch(const struct db_rows *rows, void *context, struct error *err)
{
    struct planning *planning = context;
    struct verify *verify = planning->verify;
    uint64_t read = (uint64_t)db_int64(rows, 0, "read");
    int64_t batch_id = db_int64(rows, 0, "batch_id");

    (void)err;
    if (planning->batches > 0 && (planning->events + read > SPAN_EVENTS || planning->batches == SPAN_BATCHES)) {
        verify->spans[verify->span_count - 1].last = batch_id - 1;
        add_span(planning)->first = batch_id;
    } else if (planning->batches == 0 && verify->result->since > 0) {
        verify->spans[verify->span_count - 1].first = batch_id;
    }
    planning->events += read;
    planning->batches++;
    verify->events_expected += (uint64_t)db_int64(rows, 0, "added");
    return true;
}

bool verify_plan(struct verify *verify, struct error *err)
{
    struct planning planning = {.verify = verify};
    const char *params[] = {verify->since_text};

    add_span(&planning)->facts = true;
    add_span(&planning)->first = INT64_MIN;
    if (!db_each(verify->db, &sql_audit_batches, params, take_batch, &planning, err))
        return false;
    if (planning.batches == 0 && verify->result->since > 0)
        verify->span_count--; /* nothing since then */
    return true;
}

/* ---- readers ---- */

struct reader {
    struct verify *verify;
    struct db *db;
    pthread_t thread;
    bool started;
    bool done;
    struct error err;
};

static bool read_span(struct reader *reader, const struct verify_span *span, struct error *err)
{
    if (span->facts)
        return verify_facts(reader->verify, reader->db, err);
    return verify_events(reader->verify, reader->db, span, err);
}

static void *run_reader(void *context)
{
    struct reader *reader = context;
    struct verify *verify = reader->verify;
    const char *params[] = {verify->since_text};

    reader->done = db_run(reader->db, &sql_audit_session, params, &reader->err);
    while (reader->done && !atomic_load(&verify->failed)) {
        size_t next = atomic_fetch_add(&verify->next_span, 1);
        if (next >= verify->span_count)
            break;
        reader->done = read_span(reader, &verify->spans[next], &reader->err);
    }
    if (!reader->done)
        atomic_store(&verify->failed, true);
    return NULL;
}

/* A reader more is a matter of speed: without it the others do the work. */
static void start_reader(struct reader *reader, struct verify *verify)
{
    struct error err;

    reader->verify = verify;
    if (!db_open(&reader->db, verify->target, DB_READER, &err)) {
        log_detail("one connection less: %s", err.text);
        return;
    }
    if (!db_join_snapshot(reader->db, verify->db, &err))
        log_detail("one connection less: %s", err.text);
    else
        reader->started = pthread_create(&reader->thread, NULL, run_reader, reader) == 0;
}

static size_t reader_count(const struct verify *verify)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t wanted = processors < 1 ? 1 : (size_t)processors;

    if (wanted > READERS_MAX)
        wanted = READERS_MAX;
    return wanted < verify->span_count ? wanted : verify->span_count;
}

bool verify_read(struct verify *verify, struct error *err)
{
    struct reader readers[READERS_MAX] = {0};
    size_t count = reader_count(verify);
    bool done = true;

    verify->progress = progress_new("verify", verify->events_expected);
    for (size_t i = 1; i < count; i++)
        start_reader(&readers[i], verify);
    readers[0] = (struct reader){.verify = verify, .db = verify->db};
    run_reader(&readers[0]);
    for (size_t i = 1; i < count; i++) {
        if (readers[i].started)
            pthread_join(readers[i].thread, NULL);
        else
            readers[i].done = true;
        db_close(readers[i].db);
    }
    for (size_t i = 0; i < count && done; i++) {
        done = readers[i].done || readers[i].err.code == EXIT_DONE; /* it gave way to one that failed */
        if (!done)
            *err = readers[i].err;
    }
    progress_free(verify->progress);
    return done;
}
