/* SPDX-License-Identifier: MIT */
/* Queues of deadlines. */

#include "gateway/proxy_limits.h"

void deadline_clear(struct deadline *deadline)
{
    struct deadline_queue *queue = deadline->queue;

    if (queue == NULL)
        return;
    *(deadline->prev != NULL ? &deadline->prev->next : &queue->first) = deadline->next;
    *(deadline->next != NULL ? &deadline->next->prev : &queue->last) = deadline->prev;
    deadline->prev = deadline->next = NULL;
    deadline->queue = NULL;
}

void deadline_set(struct deadline *deadline, struct deadline_queue *queue, int64_t now_us)
{
    deadline_clear(deadline);
    deadline->at_us = now_us + queue->span_us;
    deadline->queue = queue;
    deadline->prev = queue->last;
    *(queue->last != NULL ? &queue->last->next : &queue->first) = deadline;
    queue->last = deadline;
}

void deadline_look(struct deadline_queue *queue, int64_t now_us)
{
    while (queue->first != NULL && queue->first->at_us <= now_us) {
        struct deadline *first = queue->first;
        deadline_clear(first);
        queue->passed(first->owner);
    }
}

int64_t deadline_next(const struct deadline_queue *queue, int64_t now_us)
{
    if (queue->first == NULL)
        return -1;
    return queue->first->at_us > now_us ? queue->first->at_us - now_us : 0;
}
