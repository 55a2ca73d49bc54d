/* SPDX-License-Identifier: MIT */
/* The door of the gate: what memory can decide is decided here, the rest is handed to the asker. */

#include "gateway/gate.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <utlist.h>

#include "gateway/gate_parts.h"

#define STOP_US INT64_C(3000000) /* a server that does not answer is waited for no longer */

/* ---- deciding ---- */

static void note(struct gate *gate, const char *contract, const char *subject, int64_t time_us, const char *decision,
                 const struct gate_answer *answer)
{
    json_t *object = json_pack("{s:s?,s:s,s:I,s:s}", "contract", contract, "subject", subject, "time",
                               (json_int_t)time_us, "decision", decision);

    if (answer != NULL && answer->unit_limit != NULL)
        (void)json_object_set_new(object, "limit", json_integer(strtoll(answer->unit_limit, NULL, 10)));
    if (answer != NULL && answer->unique_handles != NULL)
        (void)json_object_set_new(object, "unique_handles", json_integer(strtoll(answer->unique_handles, NULL, 10)));
    char *text = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    if (text != NULL)
        spool_note(gate->spool, "gate", str_of(text));
    free(text);
}

void gate_hand_back(struct gate_ticket *ticket)
{
    const uint64_t one = 1;

    ticket->next = NULL;
    LL_APPEND(ticket->caller->done, ticket);
    if (write(ticket->caller->wake_fd, &one, sizeof(one)) < 0)
        log_detail("the gate could not wake the gateway, which is awake already");
}

/* Clients repeat what was refused, and the database may be away for days: one note tells of a handle's month. Of more
 * handles than are remembered some are noted twice. */
static bool was_noted(struct gate *gate, const char *contract, const char *subject, int64_t time_us,
                      const char *decision)
{
    char *key = mem_format("%s %" PRId64 " %s %s", decision, gate_known_span(gate->known, contract, time_us), subject,
                           contract != NULL ? contract : "");
    bool noted = gate_set_has(gate->noted, key);

    if (!noted && gate_set_count(gate->noted) >= GATE_NOTED_MAX) {
        gate_set_free(gate->noted);
        gate->noted = gate_set_new();
    }
    gate_set_add(gate->noted, key);
    free(key);
    return noted;
}

void gate_decide_offline(struct gate *gate, struct gate_ticket *ticket, const char *contract, const char *subject,
                         int64_t time_us)
{
    bool refuse = gate->options.mode == GATE_ENFORCE && gate->options.refuse_offline;

    if (ticket != NULL && refuse) {
        ticket->verdict = GATE_REFUSE;
        snprintf(ticket->why, sizeof(ticket->why),
                 "a new handle can't pass now: the ledger that counts the unique handles does not answer; try again "
                 "later");
    }
    const char *decision = refuse ? "offline_refused" : "offline_passed";
    if (!was_noted(gate, contract, subject, time_us, decision))
        note(gate, contract, subject, time_us, decision, NULL);
}

static void refuse(struct gate *gate, const struct gate_question *question, const struct gate_answer *answer)
{
    bool enforced = gate->options.mode == GATE_ENFORCE;

    gate_known_refused(gate->known, question->contract, question->subject, timestamp_monotonic());
    note(gate, question->contract, question->subject, question->time_us, enforced ? "refused" : "observed", answer);
    if (question->ticket == NULL || !enforced)
        return;
    question->ticket->verdict = GATE_REFUSE;
    snprintf(question->ticket->why, sizeof(question->ticket->why),
             "a new handle can't pass: the billing month has %s unique handles, and closes at %s; handles that are "
             "counted already pass",
             answer->unique_handles, answer->unit_limit);
}

void gate_decide(struct gate *gate, struct gate_question *question, const struct gate_answer *answer)
{
    if (question->given_up) /* it was decided and noted then */
        ;
    else if (answer == NULL || answer->decision == NULL)
        gate_decide_offline(gate, question->ticket, question->contract, question->subject, question->time_us);
    else if (strcmp(answer->decision, "refused") == 0)
        refuse(gate, question, answer);
    else if (strcmp(answer->decision, "counted") == 0)
        gate_known_counted(gate->known, question->contract, question->subject, question->time_us);
    if (question->ticket != NULL)
        gate_hand_back(question->ticket);
    free(question->contract);
    free(question);
}

void gate_give_up(struct gate *gate, struct gate_question *question)
{
    gate_decide_offline(gate, question->ticket, question->contract, question->subject, question->time_us);
    if (question->ticket != NULL)
        gate_hand_back(question->ticket);
    question->ticket = NULL;
    question->given_up = true;
}

void gate_flush(struct gate *gate)
{
    struct gate_question *question = NULL, *next = NULL;

    DL_FOREACH_SAFE(gate->questions, question, next)
    {
        if (question->asked)
            continue;
        DL_DELETE(gate->questions, question);
        gate->waiting--;
        gate_decide(gate, question, NULL);
    }
}

/* ---- asking ---- */

static void queue(struct gate *gate, struct gate_ticket *ticket, const char *contract, const char *subject,
                  int64_t time_us)
{
    struct gate_question *question = mem_alloc(sizeof(*question));

    question->ticket = gate->options.mode == GATE_ENFORCE ? ticket : NULL;
    question->contract = contract != NULL ? mem_text(contract) : NULL;
    snprintf(question->subject, sizeof(question->subject), "%s", subject);
    question->time_us = time_us;
    question->until_us = timestamp_monotonic() + GATE_PATIENCE_US;
    DL_APPEND(gate->questions, question);
    gate->waiting++;
    pthread_cond_broadcast(&gate->work);
}

static bool refuse_again(struct gate *gate, struct gate_ticket *ticket)
{
    if (gate->options.mode == GATE_ENFORCE) {
        ticket->verdict = GATE_REFUSE;
        snprintf(ticket->why, sizeof(ticket->why), "a new handle can't pass: it was refused a moment ago");
    }
    return true;
}

/* The lock is held. */
static bool decide_or_ask(struct gate *gate, struct gate_ticket *ticket, const char *contract, const char *subject,
                          int64_t time_us)
{
    const char *name = gate->told ? gate_known_contract(gate->known, contract) : contract;
    enum gate_found found = GATE_ASK;

    if (gate->told && name == NULL)
        return true; /* its event will be of no contract: nothing counts it */
    if (gate->told)
        found = gate_known_find(gate->known, name, subject, time_us, timestamp_monotonic());
    if (found == GATE_FREE || found == GATE_COUNTED)
        return true;
    if (found == GATE_REFUSED)
        return refuse_again(gate, ticket);
    if (gate->away || gate->stuck || gate->stopping || gate->waiting >= GATE_WAITING_MAX) {
        gate_decide_offline(gate, ticket, name, subject, time_us);
        return true;
    }
    queue(gate, ticket, name, subject, time_us);
    return gate->options.mode != GATE_ENFORCE;
}

bool gate_ask(struct gate *gate, struct gate_ticket *ticket, const char *contract, const char *subject, int64_t time_us)
{
    ticket->verdict = GATE_PASS;
    ticket->why[0] = '\0';
    ticket->time_us = time_us;
    ticket->next = NULL;
    if (gate == NULL || strcmp(subject, "~app") == 0 || strlen(subject) >= GATE_SUBJECT_SIZE)
        return true;
    pthread_mutex_lock(&gate->lock);
    bool decided = decide_or_ask(gate, ticket, contract != NULL ? contract : gate->contract, subject, time_us);
    pthread_mutex_unlock(&gate->lock);
    return decided;
}

bool gate_holds(struct gate *gate, const struct gate_ticket *ticket, const char *contract, int64_t time_us)
{
    if (gate == NULL)
        return true;
    pthread_mutex_lock(&gate->lock);
    const char *name = gate_known_contract(gate->known, contract != NULL ? contract : gate->contract);
    bool holds = gate_known_span(gate->known, name, ticket->time_us) == gate_known_span(gate->known, name, time_us);
    pthread_mutex_unlock(&gate->lock);
    return holds;
}

struct gate_ticket *gate_take_done(struct gate *gate, struct gate_caller *caller)
{
    struct gate_ticket *done = NULL;

    if (gate == NULL)
        return NULL;
    pthread_mutex_lock(&gate->lock);
    done = caller->done;
    caller->done = NULL;
    pthread_mutex_unlock(&gate->lock);
    return done;
}

/* ---- start and stop ---- */

void gate_sleep(struct gate *gate, int64_t until_us)
{
    const struct timespec until = {until_us / 1000000, until_us % 1000000 * 1000};

    pthread_cond_timedwait(&gate->work, &gate->lock, &until);
}

static void init_lock(struct gate *gate)
{
    pthread_condattr_t monotonic;

    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&gate->work, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&gate->lock, NULL);
}

static void gate_free(struct gate *gate)
{
    pthread_cond_destroy(&gate->work);
    pthread_mutex_destroy(&gate->lock);
    gate_known_free(gate->known);
    gate_set_free(gate->noted);
    free(gate->contract);
    free(gate->source);
    free(gate);
}

void gate_end_thread(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->running--;
    pthread_cond_broadcast(&gate->work);
    pthread_mutex_unlock(&gate->lock);
}

static bool start_all(struct gate *gate)
{
    void *(*const runs[])(void *) = {gate_asker_run, gate_keeper_run, gate_watch_run};

    gate->running = ARRAY_LENGTH(runs);
    for (size_t i = 0; i < ARRAY_LENGTH(runs); i++)
        if (pthread_create(&gate->threads[i], NULL, runs[i], gate) != 0)
            return false;
    return true;
}

bool gate_start(struct gate **out, const struct gate_options *options, const struct db_target *target,
                struct spool *spool, struct error *err)
{
    struct gate *gate = NULL;

    *out = NULL;
    if (options->mode == GATE_OFF)
        return true;
    gate = mem_alloc(sizeof(*gate));
    gate->options = *options;
    gate->contract = options->contract != NULL ? mem_text(options->contract) : NULL;
    gate->source = mem_format("gateway %s", spool_id(spool));
    gate->target = *target;
    gate->spool = spool;
    gate->known = gate_known_new();
    gate->noted = gate_set_new();
    init_lock(gate);
    if (start_all(gate)) {
        *out = gate;
        return true;
    }
    return fail(err, EXIT_COMMAND, "the gate's threads can't be started; allow the process more threads");
}

static bool join_all(struct gate *gate)
{
    int64_t until_us = timestamp_monotonic() + STOP_US;

    pthread_mutex_lock(&gate->lock);
    while (gate->running > 0 && timestamp_monotonic() < until_us)
        gate_sleep(gate, until_us);
    bool ended = gate->running == 0;
    pthread_mutex_unlock(&gate->lock);
    for (size_t i = 0; i < ARRAY_LENGTH(gate->threads) && ended; i++)
        pthread_join(gate->threads[i], NULL);
    return ended;
}

/* A thread that waits for a server that does not answer outlives the gate, and so does the gate's memory. Its answer
 * must meet nothing of others': no spool, no caller. */
static void leave_behind(struct gate *gate)
{
    struct gate_question *question = NULL;

    pthread_mutex_lock(&gate->lock);
    DL_FOREACH(gate->questions, question)
    {
        if (!question->given_up)
            gate_give_up(gate, question);
    }
    pthread_mutex_unlock(&gate->lock);
}

void gate_stop(struct gate *gate)
{
    if (gate == NULL)
        return;
    pthread_mutex_lock(&gate->lock);
    gate->stopping = true;
    gate_flush(gate);
    pthread_cond_broadcast(&gate->work);
    pthread_mutex_unlock(&gate->lock);
    if (join_all(gate))
        gate_free(gate);
    else
        leave_behind(gate);
}
