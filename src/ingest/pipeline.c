/* SPDX-License-Identifier: MIT */
/* Two queues of batches, free and filled, under one lock. */

#include "ingest/pipeline.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* First in, first out; a NULL is never put in. */
struct queue {
    struct batch *items[PIPELINE_BATCHES];
    size_t first, count;
};

struct pipeline {
    struct intake *intake;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct queue free, filled;
    struct batch *batches[PIPELINE_BATCHES];
    bool stopping;
};

static void queue_put(struct queue *queue, struct batch *batch)
{
    queue->items[(queue->first + queue->count) % PIPELINE_BATCHES] = batch;
    queue->count++;
}

static struct batch *queue_take(struct queue *queue)
{
    struct batch *batch = queue->items[queue->first];
    queue->first = (queue->first + 1) % PIPELINE_BATCHES;
    queue->count--;
    return batch;
}

static void hand_over(struct pipeline *pipeline, struct queue *queue, struct batch *batch)
{
    pthread_mutex_lock(&pipeline->lock);
    queue_put(queue, batch);
    pthread_cond_broadcast(&pipeline->changed);
    pthread_mutex_unlock(&pipeline->lock);
}

/* Waits for a batch in the queue; NULL when the pipeline is being stopped. */
static struct batch *wait_for(struct pipeline *pipeline, struct queue *queue)
{
    struct batch *batch = NULL;

    pthread_mutex_lock(&pipeline->lock);
    while (queue->count == 0 && !pipeline->stopping)
        pthread_cond_wait(&pipeline->changed, &pipeline->lock);
    if (!pipeline->stopping)
        batch = queue_take(queue);
    pthread_mutex_unlock(&pipeline->lock);
    return batch;
}

static void *fill_batches(void *argument)
{
    struct pipeline *pipeline = argument;
    bool last = false;

    while (!last) {
        struct batch *batch = wait_for(pipeline, &pipeline->free);
        if (batch == NULL)
            break;
        batch_clear(batch);
        intake_fill(pipeline->intake, batch);
        batch_sort(batch); /* here, because the database waits while the loader computes */
        last = batch->last;
        hand_over(pipeline, &pipeline->filled, batch);
    }
    return NULL;
}

bool pipeline_start(struct pipeline **out, struct intake *intake, struct error *err)
{
    struct pipeline *pipeline = mem_alloc(sizeof(*pipeline));

    pipeline->intake = intake;
    pthread_mutex_init(&pipeline->lock, NULL);
    pthread_cond_init(&pipeline->changed, NULL);
    for (size_t i = 0; i < PIPELINE_BATCHES; i++) {
        pipeline->batches[i] = batch_new();
        queue_put(&pipeline->free, pipeline->batches[i]);
    }
    int error = pthread_create(&pipeline->thread, NULL, fill_batches, pipeline);
    if (error != 0) {
        for (size_t i = 0; i < PIPELINE_BATCHES; i++)
            batch_free(pipeline->batches[i]);
        free(pipeline);
        return fail(err, EXIT_COMMAND, "no thread for reading: %s", strerror(error));
    }
    *out = pipeline;
    return true;
}

struct batch *pipeline_next(struct pipeline *pipeline)
{
    return wait_for(pipeline, &pipeline->filled);
}

void pipeline_release(struct pipeline *pipeline, struct batch *batch)
{
    hand_over(pipeline, &pipeline->free, batch);
}

void pipeline_stop(struct pipeline *pipeline)
{
    if (pipeline == NULL)
        return;
    pthread_mutex_lock(&pipeline->lock);
    pipeline->stopping = true;
    pthread_cond_broadcast(&pipeline->changed);
    pthread_mutex_unlock(&pipeline->lock);
    pthread_join(pipeline->thread, NULL);
    for (size_t i = 0; i < PIPELINE_BATCHES; i++)
        batch_free(pipeline->batches[i]);
    pthread_mutex_destroy(&pipeline->lock);
    pthread_cond_destroy(&pipeline->changed);
    free(pipeline);
}
