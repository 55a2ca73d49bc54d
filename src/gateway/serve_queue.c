/* SPDX-License-Identifier: MIT */
/* Requests and questions that wait, and for how long the loader's thread does. */

#include "gateway/serve_queue.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define SECOND_US INT64_C(1000000)
#define LINGER_US 3000 /* see wait_for_more */

struct serve_queue {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    const char *why; /* NULL: open */
    bool is_stopping;
    struct load_request *first, **last;
    size_t waiting, wanted, taken; /* how many do, at how many the thread wakes up, how many it took last */
    struct key_question *questions;
    bool is_urgent;
    int64_t urgent_us; /* when it last was */
};

struct serve_queue *serve_queue_new(const char *why)
{
    struct serve_queue *queue = mem_alloc(sizeof *queue);
    pthread_condattr_t attributes;

    queue->why = why;
    queue->last = &queue->first;
    pthread_mutex_init(&queue->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&queue->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    return queue;
}

void serve_queue_free(struct serve_queue *queue)
{
    pthread_cond_destroy(&queue->wake);
    pthread_mutex_destroy(&queue->lock);
    free(queue);
}

/* ---- any thread ---- */

const char *serve_queue_why(struct serve_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    const char *why = queue->why;
    pthread_mutex_unlock(&queue->lock);
    return why;
}

bool serve_queue_give(struct serve_queue *queue, struct load_request *request)
{
    pthread_mutex_lock(&queue->lock);
    bool open = queue->why == NULL;
    if (open) {
        request->next = NULL;
        request->given_us = timestamp_since_boot();
        *queue->last = request;
        queue->last = &request->next;
        if (++queue->waiting >= queue->wanted)
            pthread_cond_signal(&queue->wake);
    }
    pthread_mutex_unlock(&queue->lock);
    return open;
}

bool serve_queue_ask(struct serve_queue *queue, struct key_question *question)
{
    int64_t now_us = timestamp_monotonic();

    pthread_mutex_lock(&queue->lock);
    bool open = queue->why == NULL;
    if (open) {
        question->next = queue->questions;
        queue->questions = question;
        if (queue->urgent_us == 0 || now_us - queue->urgent_us >= SECOND_US) {
            queue->urgent_us = now_us;
            queue->is_urgent = true;
            pthread_cond_signal(&queue->wake);
        }
    }
    pthread_mutex_unlock(&queue->lock);
    return open;
}

void serve_queue_stop(struct serve_queue *queue, const char *why)
{
    pthread_mutex_lock(&queue->lock);
    queue->is_stopping = true;
    queue->why = why;
    pthread_cond_signal(&queue->wake);
    pthread_mutex_unlock(&queue->lock);
}

/* ---- the loader's thread ---- */

void serve_queue_shut(struct serve_queue *queue, const char *why)
{
    pthread_mutex_lock(&queue->lock);
    if (!queue->is_stopping)
        queue->why = why;
    pthread_mutex_unlock(&queue->lock);
}

void serve_queue_open(struct serve_queue *queue)
{
    serve_queue_shut(queue, NULL);
}

static struct timespec later(int64_t us)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_nsec += us % SECOND_US * 1000;
    at.tv_sec += us / SECOND_US + at.tv_nsec / 1000000000;
    at.tv_nsec %= 1000000000;
    return at;
}

static void wait_until(struct serve_queue *queue, size_t wanted, const struct timespec *until)
{
    queue->wanted = wanted;
    while (queue->waiting < wanted && !queue->is_urgent && !queue->is_stopping) {
        if (pthread_cond_timedwait(&queue->wake, &queue->lock, until) == ETIMEDOUT)
            break;
    }
}

/* Who was just answered will often ask again at once. Without a moment for that, busy clients fall into two halves of
 * which one always waits for the other's batch, and each batch is half as large as it could be. */
static void wait_for_more(struct serve_queue *queue)
{
    struct timespec moment = later(LINGER_US);
    wait_until(queue, queue->waiting + queue->taken, &moment);
}

static void wait_for_work(struct serve_queue *queue)
{
    struct timespec second = later(SECOND_US);

    if (queue->taken > 1 || queue->waiting > 0)
        wait_for_more(queue);
    wait_until(queue, 1, &second);
}

/* As many of those that wait as are one batch. */
static struct load_request *take_batch(struct serve_queue *queue)
{
    struct load_request *taken = queue->first, **end = &queue->first;
    size_t count = 0;

    while (*end != NULL && count + (*end)->events.count <= INGEST_FEED_LINES) {
        count += (*end)->events.count;
        queue->waiting--;
        end = &(*end)->next;
    }
    struct load_request *rest = *end;
    if (end == &queue->first)
        return NULL;
    *end = NULL;
    queue->first = rest;
    if (rest == NULL)
        queue->last = &queue->first;
    return taken;
}

struct load_request *serve_queue_take(struct serve_queue *queue, bool *stopping)
{
    pthread_mutex_lock(&queue->lock);
    wait_for_work(queue);
    size_t before = queue->waiting;
    struct load_request *requests = take_batch(queue);
    queue->taken = before - queue->waiting;
    *stopping = queue->is_stopping;
    pthread_mutex_unlock(&queue->lock);
    return requests;
}

int64_t serve_queue_oldest(struct serve_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    int64_t given_us = queue->first != NULL ? queue->first->given_us : INT64_MAX;
    pthread_mutex_unlock(&queue->lock);
    return given_us;
}

bool serve_queue_is_urgent(struct serve_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    bool urgent = queue->is_urgent;
    pthread_mutex_unlock(&queue->lock);
    return urgent;
}

struct key_question *serve_queue_questions(struct serve_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    struct key_question *questions = queue->questions;
    queue->questions = NULL;
    queue->is_urgent = false;
    pthread_mutex_unlock(&queue->lock);
    return questions;
}
