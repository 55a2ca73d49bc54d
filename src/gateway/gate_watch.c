/* SPDX-License-Identifier: MIT */
/* Gives up waiting for the answer to a question, whatever holds the asker. */

#include <utlist.h>

#include "gateway/gate_parts.h"

/* Ends the question that came first where it has waited for long enough; *until: when the next one will have. */
static bool end_one(struct gate *gate, int64_t now_us, int64_t *until)
{
    struct gate_question *question = NULL;

    *until = now_us + GATE_PATIENCE_US;
    DL_FOREACH(gate->questions, question)
    {
        if (question->ticket == NULL)
            continue;
        if (question->until_us > now_us) {
            *until = question->until_us;
            return false;
        }
        break;
    }
    if (question == NULL)
        return false;
    if (question->asked) { /* the asker frees it */
        gate->stuck = true;
        gate_give_up(gate, question);
    } else {
        DL_DELETE(gate->questions, question);
        gate->waiting--;
        gate_decide(gate, question, NULL);
    }
    return true;
}

void *gate_watch_run(void *argument)
{
    struct gate *gate = argument;
    int64_t until = 0;

    pthread_mutex_lock(&gate->lock);
    while (!gate->stopping) {
        while (end_one(gate, timestamp_monotonic(), &until))
            ;
        gate_sleep(gate, until);
    }
    pthread_mutex_unlock(&gate->lock);
    gate_end_thread(gate);
    return NULL;
}
