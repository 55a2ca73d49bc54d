/* SPDX-License-Identifier: MIT */
/* The spool's writer: one thread, one commit for all that waits. */

#include "gateway/spool_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TICK_US         INT64_C(1000000) /* without work: purging, the file of gaps, a try whether it can write again */
#define OUTCOMES_US     INT64_C(5000)    /* outcomes wait so long for a commit; they wake nobody */
#define ROOM_US         INT64_C(100000)  /* the disk is full */
#define RETRY_LEAST_US  INT64_C(50000)
#define RETRY_MOST_US   INT64_C(1000000)
#define PURGE_LEAST     64 /* entries a transaction, and twice as many as it adds */
#define PURGE_IDLE      500
#define PURGE_IDLE_US   INT64_C(20000)
#define HELD_NOTES_MOST 20000
#define NOTES_TOLD_US   INT64_C(60000000) /* between two records of notes that are missing */
#define UNWRITTEN       "the spool could not be written"

/* ---- waiting for work ---- */

/* Whether somebody waits for a commit; the senders of outcomes do not. */
static bool is_urgent(const struct spool_queue *queue)
{
    return queue->count > queue->counts[SPOOL_OUTCOME];
}

static int64_t wake_time(const struct spool *spool, int64_t now)
{
    if (spool->retry_us != 0)
        return spool->retry_us;
    if (spool->state.unanswered > 0)
        return now + OUTCOMES_US;
    if (spool->purged < spool->purge_until)
        return now + PURGE_IDLE_US;
    return now + (spool_has_room(spool) ? TICK_US : ROOM_US);
}

/* Sleeps until there is something to do, and takes what is queued. False: the spool is to be closed. */
static bool take_work(struct spool *spool)
{
    int64_t now = timestamp_monotonic(), wake = wake_time(spool, now);
    struct timespec time = {wake / 1000000, wake % 1000000 * 1000};
    bool stopping;

    pthread_mutex_lock(&spool->lock);
    while (!spool->stopping && !is_urgent(&spool->queue) && now < wake) {
        pthread_cond_timedwait(&spool->work, &spool->lock, &time);
        now = timestamp_monotonic();
    }
    struct spool_queue taken = spool->queue;
    spool->queue = spool->batch;
    spool->batch = taken;
    stopping = spool->stopping;
    spool->writing = taken.counts[SPOOL_INTENT] > 0;
    spool->writing_us = taken.oldest_us;
    pthread_mutex_unlock(&spool->lock);
    return !stopping;
}

/* ---- after a transaction ---- */

/* Whose list was not empty has been woken for it. */
static void hand_back_one(struct spool *spool, struct spool_ticket *ticket)
{
    struct spool_caller *caller = ticket->caller;

    ticket->next = NULL;
    if (caller->done == NULL) {
        caller->done = ticket;
        caller->next_woken = spool->woken;
        spool->woken = caller;
    } else {
        caller->done_last->next = ticket;
    }
    caller->done_last = ticket;
}

/* Into the lists of those that are done; the lock is held. */
static void hand_back(struct spool *spool)
{
    spool->writing = false;
    for (size_t i = 0; i < spool->batch.count; i++)
        if (spool->batch.items[i].kind == SPOOL_INTENT)
            hand_back_one(spool, spool->batch.items[i].ticket);
}

static void tell_waiting(struct spool *spool, bool worked, const struct error *err)
{
    if (spool->batch.counts[SPOOL_DRAINED] + spool->batch.counts[SPOOL_NOTES_DRAINED] == 0)
        return;
    for (size_t i = 0; i < spool->batch.count; i++) {
        struct spool_waiting *waiting = spool->batch.items[i].waiting;
        if (waiting == NULL)
            continue;
        waiting->done = true;
        waiting->worked = worked;
        if (!worked)
            waiting->err = *err;
    }
    pthread_cond_broadcast(&spool->settled);
}

/* Without the lock, which they would have to wait for at once. */
static void wake_callers(struct spool *spool)
{
    uint64_t one = 1;

    for (; spool->woken != NULL; spool->woken = spool->woken->next_woken)
        (void)!write(spool->woken->wake_fd, &one, sizeof(one));
}

/* The size of what the limit refused is remembered, so that it has room before the limit counts as not reached. */
static void look_at_limit(struct spool *spool)
{
    struct spool_state *state = &spool->state;

    if (state->bytes + spool->refused_bytes <= spool->options.limit_bytes)
        spool->refused_bytes = 0;
    state->full = spool->refused_bytes > 0 || !spool_has_room(spool);
    state->problem[0] = '\0';
    if (!spool_has_room(spool)) {
        spool->reason = UNWRITTEN;
        (void)snprintf(
            state->problem, sizeof(state->problem),
            "the spool's disk is full: what is in it goes to the database, and nothing new is recorded until "
            "there is room");
        return;
    }
    if (!state->full)
        return;
    spool->reason = "the limit of the spool was reached";
    (void)snprintf(state->problem, sizeof(state->problem),
                   "the spool's limit of %llu bytes is reached: %llu entries wait for the database",
                   (unsigned long long)spool->options.limit_bytes, (unsigned long long)state->entries);
}

/* Without the lock: a log may be slow. */
static void tell_limit(struct spool *spool)
{
    bool reached = spool->refused_bytes > 0;

    if (reached && !spool->limit_told)
        log_warning("the spool's limit of %llu bytes is reached: no request is recorded until the database has taken "
                    "some of it in",
                    (unsigned long long)spool->options.limit_bytes);
    else if (!reached && spool->limit_told)
        log_note("the spool %s has room again: requests are recorded", spool->folder);
    spool->limit_told = reached;
}

static void count(struct spool *spool, const struct tally *tally)
{
    struct spool_state *state = &spool->state;

    state->entries += (uint64_t)tally->entries;
    state->bytes += (uint64_t)(tally->bytes + tally->note_bytes);
    state->unanswered += (uint64_t)tally->unanswered;
    state->gaps_waiting += (uint64_t)tally->gaps;
    state->purged_early += tally->purged_early;
    for (size_t i = 0; i < spool->batch.count && spool->batch.counts[SPOOL_INTENT] > 0; i++) {
        const struct spool_item *item = &spool->batch.items[i];
        if (item->kind != SPOOL_INTENT || item->ticket->number == 0)
            continue;
        times_add(&spool->times, item->ticket->number, item->time_us);
        state->last_number = item->ticket->number;
    }
    if (tally->drained || tally->refused_taken)
        times_drop(&spool->times, ranges_prefix(&spool->drained));
}

static void count_lost_notes(struct spool *spool, uint64_t count)
{
    if (count > 0 && spool->notes_lost == 0)
        spool->notes_lost_us = timestamp_now();
    spool->notes_lost += count;
}

static void settle(struct spool *spool, const struct tally *tally)
{
    spool->retry_us = spool->retry_after_us = 0;
    count_lost_notes(spool, tally->notes_lost);
    spool->notes_lost -= tally->notes_told;
    spool->notes_told_us = tally->notes_told > 0 ? timestamp_monotonic() : spool->notes_told_us;
    spool->note_bytes += (uint64_t)tally->note_bytes;
    spool_queue_clear(&spool->held);
    if (tally->drained || tally->refused_taken)
        ranges_copy(&spool->drained, &spool->drained_next);
    if (tally->purged > 0)
        spool->purged = tally->purged;
    pthread_mutex_lock(&spool->lock);
    count(spool, tally);
    look_at_limit(spool);
    hand_back(spool);
    tell_waiting(spool, true, NULL);
    pthread_mutex_unlock(&spool->lock);
    wake_callers(spool);
    tell_limit(spool);
    if (tally->gap_taken)
        gaps_written(spool->gaps, &tally->gap);
    if (tally->refused_taken)
        gaps_refused_written(spool->gaps);
}

/* ---- a transaction that failed ---- */

/* Nobody waits for outcomes and notes, so they are kept for the next one. */
static void hold(struct spool *spool)
{
    for (size_t i = 0; i < spool->batch.count; i++) {
        const struct spool_item *item = &spool->batch.items[i];
        bool note = item->kind == SPOOL_NOTE;
        if (note && spool->held.counts[SPOOL_NOTE] >= HELD_NOTES_MOST)
            count_lost_notes(spool, 1);
        else if (note || item->kind == SPOOL_OUTCOME)
            spool_queue_add(&spool->held, *item, spool_queue_text(&spool->batch, item));
    }
}

static void refuse(struct spool *spool, const struct error *err)
{
    for (size_t i = 0; i < spool->batch.count; i++) {
        if (spool->batch.items[i].kind == SPOOL_INTENT)
            spool->batch.items[i].ticket->number = 0;
    }
    hold(spool);
    pthread_mutex_lock(&spool->lock);
    spool->state.full = true;
    spool->reason = UNWRITTEN;
    (void)snprintf(spool->state.problem, sizeof(spool->state.problem), "%.255s", err->text);
    hand_back(spool);
    tell_waiting(spool, false, err);
    pthread_mutex_unlock(&spool->lock);
    wake_callers(spool);
}

static void fail_batch(struct spool *spool, uint64_t first_number, const struct error *err)
{
    store_give_up(spool->store);
    if (spool->retry_us == 0)
        log_error("%s; until then requests are not recorded", err->text);
    if (spool->next_number > first_number)
        gaps_refuse(spool->gaps, first_number, spool->next_number - 1);
    if (store_was_full(spool->store) && spool_has_room(spool))
        spool_give_room(spool);
    spool->retry_after_us = spool->retry_after_us == 0 ? RETRY_LEAST_US : spool->retry_after_us * 2;
    if (spool->retry_after_us > RETRY_MOST_US)
        spool->retry_after_us = RETRY_MOST_US;
    spool->retry_us = timestamp_monotonic() + spool->retry_after_us;
    refuse(spool, err);
}

/* ---- a transaction ---- */

/* Refused numbers are of nobody. A gap ends where intents are taken again. */
static bool add_gaps(struct spool *spool, struct tally *tally, struct error *err)
{
    uint64_t first, last;

    if (gaps_refused(spool->gaps, &first, &last)) {
        if (!spool_begin(spool, tally, err))
            return false;
        if (!tally->drained)
            ranges_copy(&spool->drained_next, &spool->drained);
        tally->refused_taken = true;
        if (!spool_skip(spool->store, &spool->drained_next, (struct range){first, last}, &tally->note_bytes, err))
            return false;
    }
    if (spool->refused_bytes > 0 || !spool_has_room(spool) || !gaps_take(spool->gaps, &tally->gap))
        return true;
    tally->gap_taken = true;
    tally->gaps++;
    store_set_int(spool->store, STORE_GAP_WRITTEN, 1, (int64_t)tally->gap.id);
    return spool_begin(spool, tally, err) && spool_add_gap(spool->store, &tally->gap, false, &tally->note_bytes, err) &&
           store_run(spool->store, STORE_GAP_WRITTEN, err);
}

/* A gap record without requests: notes of a time are missing. The first ones are told of at once. */
static bool add_lost_notes(struct spool *spool, struct tally *tally, struct error *err)
{
    uint64_t lost = spool->notes_lost + tally->notes_lost;
    bool due =
        spool->ends || spool->notes_told_us == 0 || timestamp_monotonic() >= spool->notes_told_us + NOTES_TOLD_US;
    struct slots_gap gap = {.until = timestamp_now()};

    if (lost == 0 || !due)
        return true;
    gap.from = spool->notes_lost > 0 ? spool->notes_lost_us : gap.until;
    tally->notes_told = lost;
    tally->gaps++;
    (void)snprintf(gap.reason, sizeof(gap.reason),
                   "notes (decisions of the gate) are missing that the spool could not keep: %llu",
                   (unsigned long long)lost);
    return spool_begin(spool, tally, err) && spool_add_gap(spool->store, &gap, false, &tally->note_bytes, err);
}

static bool write_all(struct spool *spool, struct tally *tally, struct error *err)
{
    size_t intents = spool->batch.counts[SPOOL_INTENT];
    bool failed = spool->retry_us != 0;

    if (!spool_apply(spool, &spool->held, tally, err) || !spool_apply(spool, &spool->batch, tally, err) ||
        !add_gaps(spool, tally, err) || !add_lost_notes(spool, tally, err) ||
        !spool_purge(spool, tally, spool->batch.count == 0 ? PURGE_IDLE : PURGE_LEAST + 2 * intents, err))
        return false;
    if (failed && !tally->begun && (!spool_begin(spool, tally, err) || !store_run(spool->store, STORE_TOUCH, err)))
        return false;
    return !tally->begun || store_run(spool->store, STORE_COMMIT, err);
}

static void write_batch(struct spool *spool)
{
    struct tally tally = {0};
    uint64_t first_number = spool->next_number;
    struct error err;

    if (write_all(spool, &tally, &err)) {
        settle(spool, &tally);
        checkpoint_look(spool->checkpoint, spool->store);
    } else {
        fail_batch(spool, first_number, &err);
    }
}

/* Until the next try nothing is written: each would cost as much as a commit. */
static void refuse_batch(struct spool *spool)
{
    struct error err;

    pthread_mutex_lock(&spool->lock);
    (void)fail(&err, EXIT_COMMAND, "%s", spool->state.problem);
    pthread_mutex_unlock(&spool->lock);
    refuse(spool, &err);
}

void *spool_write(void *context)
{
    struct spool *spool = context;
    int64_t flushed = timestamp_monotonic();
    bool open = true;

    while (open) {
        open = take_work(spool);
        spool->ends = !open;
        int64_t now = timestamp_monotonic();
        if (open && spool->retry_us > now) {
            refuse_batch(spool);
        } else {
            spool_look_for_room(spool);
            write_batch(spool);
        }
        spool_queue_clear(&spool->batch);
        if (spool->options.durability == SPOOL_WRITE)
            gaps_reserve(spool->gaps, spool->next_number);
        if (now >= flushed + TICK_US) {
            gaps_flush(spool->gaps);
            flushed = now;
        }
    }
    return NULL;
}
