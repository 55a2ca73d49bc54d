/* SPDX-License-Identifier: MIT */
/* Asks PostgreSQL, for all who wait with one contract at once: one lock, one count, one commit. */

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "gateway/gate_parts.h"
#include "statements.h"

#define STATEMENT_MS "1500" /* below the patience: so the answer is that it takes too long, not silence */

struct asking {
    struct gate_question *list[GATE_QUESTIONS];
    size_t count;
};

/* ---- which ---- */

static bool is_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Those of the first one's contract. One that came before the contracts were known gets its contract now. */
static void choose(struct gate *gate, struct asking *asking)
{
    struct gate_question *question = NULL, *next = NULL;

    asking->count = 0;
    DL_FOREACH_SAFE(gate->questions, question, next)
    {
        const char *name = gate_known_contract(gate->known, question->contract);
        if (asking->count > 0 && !is_same(name, asking->list[0]->contract))
            continue;
        if (question->contract == NULL && name != NULL)
            question->contract = mem_text(name);
        question->asked = true;
        gate->waiting--;
        asking->list[asking->count++] = question;
        if (asking->count == GATE_QUESTIONS)
            break;
    }
}

/* Waits for questions. False: it is to stop. */
static bool take(struct gate *gate, struct asking *asking)
{
    pthread_mutex_lock(&gate->lock);
    while (!gate->stopping && (gate->questions == NULL || !gate->told))
        pthread_cond_wait(&gate->work, &gate->lock);
    bool goes_on = !gate->stopping;
    if (goes_on)
        choose(gate, asking);
    pthread_mutex_unlock(&gate->lock);
    return goes_on;
}

/* ---- asking ---- */

static char *list_requests(const struct asking *asking)
{
    json_t *list = json_array();

    for (size_t i = 0; i < asking->count; i++)
        (void)json_array_append_new(list,
                                    json_pack("[s,I]", asking->list[i]->subject, (json_int_t)asking->list[i]->time_us));
    char *text = json_dumps(list, JSON_COMPACT);
    json_decref(list);
    return text;
}

static bool connect_anew(struct gate *gate, struct db **db, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_open(db, &gate->target, DB_WRITER, err))
        return false;
    if (db_query(*db, &sql_gate_session, (const char *const[]){STATEMENT_MS}, &rows, err)) {
        db_rows_free(rows);
        return true;
    }
    db_close(*db);
    *db = NULL;
    return false;
}

/* What a session survives: it took too long, or another one was in the way. */
static bool is_passing(const struct error *err)
{
    static const char *const states[] = {"57014", "55P03", "40P01", "40001"};

    for (size_t i = 0; i < ARRAY_LENGTH(states); i++) {
        if (strcmp(err->sqlstate, states[i]) == 0)
            return true;
    }
    return false;
}

static bool ask_once(struct gate *gate, struct db **db, const char *const *params, struct db_rows **rows,
                     struct error *err)
{
    if (*db == NULL && !connect_anew(gate, db, err))
        return false;
    if (db_query(*db, &sql_gate_ask, params, rows, err))
        return true;
    if (!is_passing(err)) {
        db_close(*db);
        *db = NULL;
    }
    return false;
}

/* A connection may have died since the last question: then the question is asked again over a new one, which changes
 * nothing where the first one arrived. */
static bool ask(struct gate *gate, struct db **db, const struct asking *asking, struct db_rows **rows,
                struct error *err)
{
    char closes_at[DB_NUMBER_SIZE];
    char *requests = list_requests(asking);
    const char *params[] = {asking->list[0]->contract, gate->source,
                            gate->options.at >= 0 ? db_number_text(gate->options.at, closes_at) : NULL, requests};
    bool was_connected = *db != NULL;
    bool done = ask_once(gate, db, params, rows, err) ||
                (was_connected && *db == NULL && ask_once(gate, db, params, rows, err));

    free(requests);
    return done;
}

/* ---- answering ---- */

/* A contract that is not there any more counts nothing. */
static void answer(struct gate *gate, const struct asking *asking, const struct db_rows *rows)
{
    static const struct gate_answer nobody_counts = {.decision = "unlimited"};

    for (size_t i = 0; i < asking->count; i++) {
        struct gate_answer given = {0};
        if (rows != NULL && i < db_rows_count(rows))
            given = (struct gate_answer){db_text(rows, i, "decision"), db_text(rows, i, "unit_limit"),
                                         db_text(rows, i, "unique_handles")};
        else if (rows != NULL)
            given = nobody_counts;
        DL_DELETE(gate->questions, asking->list[i]);
        gate_decide(gate, asking->list[i], &given);
    }
}

static void answer_all(struct gate *gate, const struct asking *asking, const struct db_rows *rows, bool connected)
{
    pthread_mutex_lock(&gate->lock);
    answer(gate, asking, rows);
    gate->stuck = false;
    gate->away = !connected;
    if (gate->away)
        gate_flush(gate);
    pthread_mutex_unlock(&gate->lock);
}

static void try_again(struct gate *gate, struct db **db)
{
    struct error err;

    while (*db == NULL) {
        int64_t until = timestamp_monotonic() + GATE_AGAIN_US;
        pthread_mutex_lock(&gate->lock);
        while (!gate->stopping && timestamp_monotonic() < until)
            gate_sleep(gate, until);
        bool stopping = gate->stopping;
        pthread_mutex_unlock(&gate->lock);
        if (stopping)
            return;
        if (connect_anew(gate, db, &err)) {
            pthread_mutex_lock(&gate->lock);
            gate->away = false;
            pthread_mutex_unlock(&gate->lock);
            log_note("the gate reaches the database again");
        }
    }
}

void *gate_asker_run(void *argument)
{
    struct gate *gate = argument;
    struct asking asking;
    struct db *db = NULL;

    while (take(gate, &asking)) {
        struct error err;
        struct db_rows *rows = NULL;
        if (!ask(gate, &db, &asking, &rows, &err))
            log_warning("the gate got no answer, so new handles are %s: %s",
                        gate->options.refuse_offline && gate->options.mode == GATE_ENFORCE ? "refused" : "let through",
                        err.text);
        answer_all(gate, &asking, rows, db != NULL);
        db_rows_free(rows);
        try_again(gate, &db);
    }
    db_close(db);
    gate_end_thread(gate);
    return NULL;
}
