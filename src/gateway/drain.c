/* SPDX-License-Identifier: MIT */
/* One thread, round by round: what waits in the spool is taken in, then it is said up to when all has come. */

#include "gateway/drain.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gateway/milestones.h"
#include "gateway/steady.h"
#include "gateway/taker_aside.h"

#define SECOND_US   INT64_C(1000000)
#define LOOK_US     (SECOND_US / 20) /* between two looks at the spool */
#define PAUSE_MIN_S 1                /* between two tries to reach the database: this, doubled up to */
#define PAUSE_MAX_S 30
#define SAY_US      (5 * SECOND_US) /* between two words of up to when all has come, while nothing does */
#define TELL_US     (60 * SECOND_US)
#define LAG_US      (2 * SECOND_US) /* a request is in the spool at most so long after the time that it bears */
#define GRACE_US    (2 * SECOND_US) /* for the thread to see that its time is over */

struct drain {
    struct spool *spool;
    struct db_target target;
    struct drain_options options;
    struct taker *taker;
    struct spool_reader *reader;
    struct aside aside;
    struct spool_entry entries[TAKER_ENTRIES];
    struct spool_kept_note notes[TAKER_ENTRIES];
    struct milestones milestones;
    int64_t began_us; /* since then no request can have been missed */
    struct steady clock;
    int64_t taken_us, said_us, told_us;
    int64_t pause_s, retry_us;
    bool is_away;   /* the database could not be reached, and that was said */
    bool was_there; /* the database, before: a private cluster that is stopped now was stopped by somebody */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping;
    int64_t stop_us;
    struct drain_state state;
    pthread_mutex_t use; /* of the spool; never held while the database is waited for */
    bool is_left;        /* nobody waits for the thread any more: the spool is not its any longer */
};

/* ---- what is known of it ---- */

static void set_problem(struct drain *drain, const char *problem)
{
    pthread_mutex_lock(&drain->lock);
    char was[sizeof drain->state.problem];
    memcpy(was, drain->state.problem, sizeof was);
    snprintf(drain->state.problem, sizeof drain->state.problem, "%.*s", db_reason_size(problem), problem);
    bool is_new = strcmp(drain->state.problem, was) != 0;
    drain->state.connected = taker_is_connected(drain->taker);
    pthread_mutex_unlock(&drain->lock);
    if (is_new && problem[0] != '\0')
        log_warning("the requests wait in the spool: %.*s", db_reason_size(problem), problem);
}

void drain_look(struct drain *drain, struct drain_state *state)
{
    pthread_mutex_lock(&drain->lock);
    *state = drain->state;
    pthread_mutex_unlock(&drain->lock);
}

static bool is_stopping(struct drain *drain)
{
    pthread_mutex_lock(&drain->lock);
    bool stopping = drain->stopping;
    pthread_mutex_unlock(&drain->lock);
    return stopping;
}

static bool is_over(struct drain *drain)
{
    pthread_mutex_lock(&drain->lock);
    bool over = drain->stopping && timestamp_monotonic() >= drain->stop_us;
    pthread_mutex_unlock(&drain->lock);
    return over;
}

/* ---- entries and notes ---- */

/* Tells the spool, which is closed once nobody waits for the thread. */
static bool mark_drained(struct drain *drain, size_t entries, size_t notes, struct error *err)
{
    pthread_mutex_lock(&drain->use);
    bool done = !drain->is_left || fail(err, EXIT_COMMAND, "ended");
    done = done && (entries == 0 || spool_drained(drain->spool, drain->entries, entries, err)) &&
           (notes == 0 || spool_notes_drained(drain->spool, drain->notes, notes, err));
    pthread_mutex_unlock(&drain->use);
    return done;
}

static void count_taken(struct drain *drain, uint64_t requests)
{
    pthread_mutex_lock(&drain->lock);
    drain->state.drained += requests;
    pthread_mutex_unlock(&drain->lock);
}

static bool take_entries(struct drain *drain, struct error *err)
{
    size_t count = TAKER_ENTRIES;
    while (count == TAKER_ENTRIES && !is_over(drain)) {
        struct ingest_result result = {0};
        if (!spool_read(drain->reader, drain->entries, TAKER_ENTRIES, &count, err))
            return false;
        size_t taken = count;
        if (count == 0)
            break;
        const struct milestone last = {drain->entries[count - 1].number, drain->entries[count - 1].time_us};
        if (!aside_take(&drain->aside, drain->taker, drain->entries, &taken, &result, err) ||
            !mark_drained(drain, taken, 0, err))
            return false;
        count_taken(drain, result.totals.read);
        milestones_pass(&drain->milestones, last);
    }
    return true;
}

/* *all: they are in; else its time was over before. */
static bool take_notes(struct drain *drain, bool *all, struct error *err)
{
    size_t count = TAKER_ENTRIES;

    while (count == TAKER_ENTRIES && !is_over(drain)) {
        if (!spool_read_notes(drain->reader, drain->notes, TAKER_ENTRIES, &count, err))
            return false;
        size_t taken = count;
        if (count > 0 && (!aside_take_notes(&drain->aside, drain->taker, drain->notes, &taken, err) ||
                          !mark_drained(drain, 0, taken, err)))
            return false;
    }
    *all = count < TAKER_ENTRIES;
    return true;
}

/* ---- up to when ---- */

/* What is said to be over can't be taken back: a clock that goes forward and back again must not lead to that. What is
 * set aside counts as come: that it has not is said of its number. Otherwise one refused request would hide for ever up
 * to when all others have come, and which of them are lost. */
static bool find_until(struct drain *drain, int64_t *until_us, struct error *err)
{
    bool all = drain->aside.entry_count == 0;
    bool was_step = drain->clock.step_us != 0;
    int64_t now_us = timestamp_now();
    int64_t steady_us = steady_now(&drain->clock, now_us, timestamp_monotonic());

    if (drain->clock.step_us != 0 && !was_step)
        log_warning("the clock went forward by %" PRId64 " s; up to when all requests have come is said by the time "
                    "before that, until it has held for %d minutes",
                    (now_us - steady_us) / SECOND_US, (int)(STEADY_BELIEF_US / SECOND_US / 60));
    pthread_mutex_lock(&drain->use);
    *until_us = drain->is_left ? 0 : all ? spool_until(drain->spool) : spool_until_written(drain->spool);
    pthread_mutex_unlock(&drain->use);
    *until_us = *until_us < steady_us ? *until_us : steady_us;
    return all || spool_reader_oldest(drain->reader, until_us, err);
}

/* Where notes are left, numbers of no request may be among them: they are not lost. */
static bool say(struct drain *drain, bool stopping, bool all_notes, struct error *err)
{
    int64_t until_us;

    if (!find_until(drain, &until_us, err))
        return false;
    until_us -= stopping ? 0 : LAG_US; /* at the end no more can come */
    drain->said_us = timestamp_monotonic();
    return until_us <= drain->began_us ||
           (taker_say_until(drain->taker, drain->began_us, until_us, err) &&
            (!all_notes || milestones_settle(&drain->milestones, drain->taker, until_us, err)));
}

/* ---- the database ---- */

static bool connect(struct drain *drain, struct error *err)
{
    if (drain->was_there && !db_cluster_is_there(&drain->target, err))
        return false;
    if (drain->reader == NULL && !spool_reader_open(&drain->reader, spool_folder(drain->spool), false, err))
        return false;
    spool_reader_skip(drain->reader, &drain->aside.entries, &drain->aside.notes);
    if (!taker_connect(drain->taker, &drain->target, err))
        return false;
    drain->told_us = timestamp_monotonic();
    drain->said_us = 0;
    if (drain->is_away)
        log_note("the database is back: the spool is taken in");
    drain->is_away = false;
    drain->was_there = true;
    drain->pause_s = PAUSE_MIN_S;
    return true;
}

/* Whatever it was, nothing is lost: the entries stay until they are in. */
static void wait_for_better(struct drain *drain, const struct error *err)
{
    taker_disconnect(drain->taker);
    set_problem(drain, err->text);
    drain->is_away = drain->is_away || err->code == EXIT_DATABASE;
    drain->retry_us = timestamp_monotonic() + drain->pause_s * SECOND_US;
    drain->pause_s = 2 * drain->pause_s < PAUSE_MAX_S ? 2 * drain->pause_s : PAUSE_MAX_S;
}

static bool refresh(struct drain *drain, struct error *err)
{
    if (timestamp_monotonic() - drain->told_us < TELL_US)
        return true;
    drain->told_us = timestamp_monotonic();
    return taker_refresh(drain->taker, err);
}

/* ---- rounds ---- */

static bool has_work(const struct drain *drain, const struct spool_state *spool)
{
    const struct aside *aside = &drain->aside;
    return spool->entries > spool->unanswered + aside->entry_count || spool->gaps_waiting > aside->gap_count;
}

static bool is_due(const struct drain *drain, const struct spool_state *spool, bool stopping)
{
    int64_t now_us = timestamp_monotonic();

    if (stopping)
        return true;
    if (has_work(drain, spool) && now_us - drain->taken_us >= drain->options.interval_us)
        return true;
    return drain->said_us == 0 || now_us - drain->said_us >= SAY_US;
}

static void tell_round(struct drain *drain)
{
    struct drain_state *state = &drain->state;
    uint64_t aside = drain->aside.entry_count + drain->aside.note_count;

    pthread_mutex_lock(&drain->lock);
    uint64_t was = state->aside;
    state->last_us = timestamp_now();
    state->aside = aside;
    state->aside_us = was == 0 ? state->last_us : state->aside_us;
    snprintf(state->aside_why, sizeof state->aside_why, "%s", drain->aside.why);
    pthread_mutex_unlock(&drain->lock);
    if (was > 0 && aside == 0)
        log_note("what the ledger had refused of the spool is in it now");
}

static bool go_round(struct drain *drain, bool stopping, struct error *err)
{
    bool all_notes = false;

    drain->taken_us = timestamp_monotonic();
    aside_try_again(&drain->aside, drain->options.again_us);
    if (!refresh(drain, err) || !take_entries(drain, err) || !take_notes(drain, &all_notes, err) ||
        !say(drain, stopping, all_notes, err))
        return false;
    tell_round(drain);
    set_problem(drain, "");
    return true;
}

/* A look at the spool, and what it asks for. */
static void look(struct drain *drain, bool stopping)
{
    struct spool_state spool;
    struct error err = {0};

    if (!taker_is_connected(drain->taker)) {
        if (!stopping && timestamp_monotonic() < drain->retry_us)
            return;
        if (!connect(drain, &err)) {
            wait_for_better(drain, &err);
            return;
        }
    }
    pthread_mutex_lock(&drain->use);
    bool left = drain->is_left;
    if (!left)
        spool_look(drain->spool, &spool);
    pthread_mutex_unlock(&drain->use);
    if (!left && is_due(drain, &spool, stopping) && !go_round(drain, stopping, &err))
        wait_for_better(drain, &err);
}

/* Until the next look, or until somebody ends it. */
static void sleep_a_while(struct drain *drain)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_US * 1000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&drain->lock);
    if (!drain->stopping)
        (void)pthread_cond_timedwait(&drain->wake, &drain->lock, &until);
    pthread_mutex_unlock(&drain->lock);
}

static void free_drain(struct drain *drain)
{
    taker_free(drain->taker);
    spool_reader_close(drain->reader);
    aside_free(&drain->aside);
    pthread_cond_destroy(&drain->wake);
    pthread_mutex_destroy(&drain->use);
    pthread_mutex_destroy(&drain->lock);
    free(drain);
}

static void *run(void *context)
{
    struct drain *drain = context;

    while (!is_stopping(drain)) {
        look(drain, false);
        sleep_a_while(drain);
    }
    /* Once more for what came until the end. */
    look(drain, true);
    taker_disconnect(drain->taker);
    return NULL;
}

/* ---- from outside ---- */

bool drain_start(struct drain **out, struct spool *spool, const struct db_target *target,
                 const struct drain_options *options, struct error *err)
{
    struct drain *drain = mem_alloc(sizeof *drain);
    pthread_condattr_t monotonic;

    drain->spool = spool;
    drain->target = *target;
    drain->options = *options;
    drain->taker = taker_new(spool_id(spool), &drain->options);
    drain->began_us = steady_now(&drain->clock, timestamp_now(), timestamp_monotonic());
    drain->taken_us = timestamp_monotonic() - options->interval_us;
    drain->pause_s = PAUSE_MIN_S;
    pthread_mutex_init(&drain->lock, NULL);
    pthread_mutex_init(&drain->use, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&drain->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    int failure = pthread_create(&drain->thread, NULL, run, drain);
    if (failure != 0) {
        free_drain(drain);
        return fail(err, EXIT_COMMAND, "the thread that takes in the spool cannot be started: %s", strerror(failure));
    }
    *out = drain;
    return true;
}

/* False: it hangs in the database, and is left to itself: the process is about to end. */
static bool join_in_time(struct drain *drain, int64_t wait_us)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += (wait_us + GRACE_US) / SECOND_US;
    if (pthread_timedjoin_np(drain->thread, NULL, &until) == 0)
        return true;
    pthread_mutex_lock(&drain->use);
    drain->is_left = true;
    pthread_mutex_unlock(&drain->use);
    return false;
}

void drain_stop(struct drain *drain, int64_t wait_us, uint64_t *left)
{
    struct spool_state spool;

    pthread_mutex_lock(&drain->lock);
    drain->stopping = true;
    drain->stop_us = timestamp_monotonic() + wait_us;
    pthread_cond_signal(&drain->wake);
    pthread_mutex_unlock(&drain->lock);
    bool joined = join_in_time(drain, wait_us);
    spool_look(drain->spool, &spool);
    *left = spool.entries;
    if (joined)
        free_drain(drain);
}
