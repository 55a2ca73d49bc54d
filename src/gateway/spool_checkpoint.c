/* SPDX-License-Identifier: MIT */
/* The log of writes, moved into the database beside the writer. Where that fails the log only grows. The writer waits
 * for a thread that can't keep up: a log longer than the reserve could not be moved on a full disk. */

#include "gateway/spool_checkpoint.h"

#include <pthread.h>
#include <stdlib.h>

#define LOG_PAGES ((uint64_t)4096) /* 16 MiB */
#define WAIT_PART 6                /* longer by this part, and the writer waits until the log is moved */

enum state {
    IDLE,
    WANTED, /* of the thread */
    DONE,   /* the rest is the writer's */
    STOPPING,
};
struct checkpoint {
    struct store *store; /* the thread's */
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* for the thread */
    pthread_cond_t moved;   /* for the writer */
    enum state state;
    uint64_t most_pages;
    uint64_t next_pages; /* the writer's: from this length on */
};

static void move(struct store *store)
{
    struct error err;

    if (!store_checkpoint(store, &err))
        log_warning("%s", err.text);
}

static void *run(void *context)
{
    struct checkpoint *checkpoint = context;

    pthread_mutex_lock(&checkpoint->lock);
    for (;;) {
        while (checkpoint->state != WANTED && checkpoint->state != STOPPING)
            pthread_cond_wait(&checkpoint->changed, &checkpoint->lock);
        if (checkpoint->state == STOPPING)
            break;
        pthread_mutex_unlock(&checkpoint->lock);
        move(checkpoint->store);
        pthread_mutex_lock(&checkpoint->lock);
        if (checkpoint->state == WANTED)
            checkpoint->state = DONE;
        pthread_cond_signal(&checkpoint->moved);
    }
    pthread_mutex_unlock(&checkpoint->lock);
    return NULL;
}

bool checkpoint_start(struct checkpoint **checkpoint, const char *folder, uint64_t pages, struct error *err)
{
    struct checkpoint *started = mem_alloc(sizeof(*started));
    bool made;

    *checkpoint = started;
    started->most_pages = started->next_pages = pages < LOG_PAGES ? pages : LOG_PAGES;
    pthread_mutex_init(&started->lock, NULL);
    pthread_cond_init(&started->changed, NULL);
    pthread_cond_init(&started->moved, NULL);
    if (!store_open(&started->store, folder, STORE_WRITE, NULL, &made, err))
        return false;
    started->has_thread = pthread_create(&started->thread, NULL, run, started) == 0;
    return started->has_thread || fail(err, EXIT_COMMAND, "cannot start the spool's second thread");
}

static enum state change(struct checkpoint *checkpoint, enum state from, enum state to)
{
    pthread_mutex_lock(&checkpoint->lock);
    enum state was = checkpoint->state;
    if (was == from)
        checkpoint->state = to;
    pthread_cond_signal(&checkpoint->changed);
    pthread_mutex_unlock(&checkpoint->lock);
    return was;
}

void checkpoint_stop(struct checkpoint *checkpoint)
{
    if (checkpoint == NULL)
        return;
    if (checkpoint->has_thread) {
        pthread_mutex_lock(&checkpoint->lock);
        checkpoint->state = STOPPING;
        pthread_cond_signal(&checkpoint->changed);
        pthread_mutex_unlock(&checkpoint->lock);
        pthread_join(checkpoint->thread, NULL);
    }
    store_close(checkpoint->store);
    pthread_cond_destroy(&checkpoint->changed);
    pthread_cond_destroy(&checkpoint->moved);
    pthread_mutex_destroy(&checkpoint->lock);
    free(checkpoint);
}

static void wait_for_thread(struct checkpoint *checkpoint)
{
    pthread_mutex_lock(&checkpoint->lock);
    while (checkpoint->state == WANTED)
        pthread_cond_wait(&checkpoint->moved, &checkpoint->lock);
    pthread_mutex_unlock(&checkpoint->lock);
}

/* The log begins anew with the next commit after the writer's part, unless a reader is in it: then later. */
void checkpoint_look(struct checkpoint *checkpoint, struct store *writer)
{
    uint64_t pages = store_log_pages(writer), wait_pages = checkpoint->most_pages + checkpoint->most_pages / WAIT_PART;

    if (pages < checkpoint->most_pages)
        checkpoint->next_pages = checkpoint->most_pages;
    if (pages < checkpoint->next_pages || (change(checkpoint, IDLE, WANTED) != DONE && pages < wait_pages))
        return;
    wait_for_thread(checkpoint);
    move(writer);
    checkpoint->next_pages = pages + checkpoint->most_pages / 4;
    (void)change(checkpoint, DONE, IDLE);
}
