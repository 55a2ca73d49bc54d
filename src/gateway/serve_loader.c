/* SPDX-License-Identifier: MIT */
/* The thread that takes requests in, batch by batch. */

#include "gateway/serve_loader.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gateway/serve_verdicts.h"

#define SECOND_US  INT64_C(1000000)
#define TEND_US    SECOND_US        /* between two looks at the keys, and between two tries to connect */
#define REFRESH_US (5 * SECOND_US)  /* between two looks at the contracts and the clock */
#define LINGER_US  3000             /* see wait_for_more */
#define FEED_NAME  "event endpoint" /* stands as the file of its batches */

struct serve_loader {
    const struct db_target *target;
    struct serve_loader_options options;
    struct keyring *keys;
    pthread_t thread;

    pthread_mutex_t lock; /* of what follows, up to the next blank line */
    pthread_cond_t wake;
    struct load_request *first, **last; /* that wait */
    size_t waiting, wanted;             /* how many do, and at how many its thread wakes up */
    bool is_stopping, is_ready;
    char why[SERVE_LOADER_WHY]; /* it is not ready */

    /* The thread's own: */
    struct ingest_feed *feed; /* NULL: not connected */
    struct ingest_feed_line *lines;
    int64_t tended_us, refreshed_us;
    bool has_said; /* that the database is away */
};

/* ---- asked by others ---- */

enum key_verdict serve_loader_ask_key(struct serve_loader *loader, struct str text, char **contract)
{
    return keyring_ask(loader->keys, text, contract);
}

bool serve_loader_is_ready(struct serve_loader *loader, char why[SERVE_LOADER_WHY])
{
    pthread_mutex_lock(&loader->lock);
    bool ready = loader->is_ready && !loader->is_stopping;
    snprintf(why, SERVE_LOADER_WHY, "%s", loader->is_stopping ? "the server is stopping" : loader->why);
    pthread_mutex_unlock(&loader->lock);
    return ready;
}

static void give_back(struct serve_loader *loader, struct load_request *request, enum load_end end, const char *why)
{
    request->end = end;
    snprintf(request->why, sizeof request->why, "%s", why);
    loader->options.done(request);
}

void serve_loader_give(struct serve_loader *loader, struct load_request *request)
{
    pthread_mutex_lock(&loader->lock);
    bool ready = loader->is_ready && !loader->is_stopping;
    if (ready) {
        request->next = NULL;
        *loader->last = request;
        loader->last = &request->next;
        if (++loader->waiting >= loader->wanted)
            pthread_cond_signal(&loader->wake);
    }
    pthread_mutex_unlock(&loader->lock);
    if (!ready)
        give_back(loader, request, LOAD_AWAY, "the ledger can't be reached");
}

/* ---- connecting ---- */

static void set_ready(struct serve_loader *loader, bool ready, const char *why)
{
    pthread_mutex_lock(&loader->lock);
    loader->is_ready = ready;
    snprintf(loader->why, sizeof loader->why, "%s", why);
    pthread_mutex_unlock(&loader->lock);
}

static void go_away(struct serve_loader *loader, const struct error *err)
{
    char why[sizeof err->text];

    snprintf(why, sizeof why, "%.*s", db_reason_size(err->text), err->text);
    set_ready(loader, false, why);
    ingest_feed_close(loader->feed);
    loader->feed = NULL;
    if (!loader->has_said)
        log_error("%s; events are refused (503) until it is there", why);
    loader->has_said = true;
}

static bool connect_feed(struct serve_loader *loader, struct error *err)
{
    const struct ingest_feed_options options = {.name = FEED_NAME, .by = loader->options.by};

    if (!ingest_feed_open(&loader->feed, loader->target, &options, err)) {
        loader->feed = NULL;
        return false;
    }
    loader->refreshed_us = timestamp_monotonic();
    return keyring_read(loader->keys, ingest_feed_db(loader->feed), err);
}

static bool look_again(struct serve_loader *loader, int64_t now_us, struct error *err)
{
    if (loader->feed == NULL)
        return connect_feed(loader, err);
    if (!keyring_read(loader->keys, ingest_feed_db(loader->feed), err))
        return false;
    if (now_us - loader->refreshed_us < REFRESH_US)
        return true;
    loader->refreshed_us = now_us;
    return ingest_feed_refresh(loader->feed, err);
}

/* Connects where it is not, and looks at the keys, the contracts and the clock from time to time. */
static void tend(struct serve_loader *loader)
{
    int64_t now_us = timestamp_monotonic();
    struct error err = {0};

    if (loader->tended_us != 0 && now_us - loader->tended_us < TEND_US)
        return;
    loader->tended_us = now_us;
    if (!look_again(loader, now_us, &err)) {
        go_away(loader, &err);
        return;
    }
    set_ready(loader, true, "");
    if (loader->has_said)
        log_note("the ledger is there again; events are taken in");
    loader->has_said = false;
}

/* ---- batches ---- */

/* A request that is for one contract may name no other. */
static bool is_foreign(struct serve_loader *loader, struct load_request *request)
{
    if (request->contract == NULL)
        return false;
    for (size_t i = 0; i < request->events.count; i++) {
        const struct body_event *event = &request->events.list[i];
        struct str named = ingest_feed_contract(loader->feed, event->text);
        if (named.size == 0 || str_equal(named, str_of(request->contract)))
            continue;
        snprintf(request->why, sizeof request->why,
                 "the key is for events of contract '%s', but event %llu names '%.*s'", request->contract,
                 (unsigned long long)event->number, (int)(named.size < 100 ? named.size : 100), named.data);
        return true;
    }
    return false;
}

static size_t fill_lines(struct ingest_feed_line *lines, const struct load_request *requests)
{
    size_t count = 0;
    uint64_t group = 0;

    for (const struct load_request *request = requests; request != NULL; request = request->next, group++) {
        for (size_t i = 0; i < request->events.count; i++)
            lines[count++] = (struct ingest_feed_line){
                .text = request->events.list[i].text,
                .contract = request->contract,
                .position = request->events.list[i].number,
                .group = group,
            };
    }
    return count;
}

static void give_all_back(struct serve_loader *loader, struct load_request *requests, enum load_end end,
                          const char *why)
{
    while (requests != NULL) {
        struct load_request *next = requests->next;
        give_back(loader, requests, end, why);
        requests = next;
    }
}

/* Takes the requests in as one batch. */
static bool load(struct serve_loader *loader, struct load_request *requests, struct error *err)
{
    struct ingest_result result = {0};
    size_t count = fill_lines(loader->lines, requests), at = 0;

    if (!ingest_feed_write(loader->feed, loader->lines, count, &result, err))
        return false;
    while (requests != NULL) {
        struct load_request *next = requests->next;
        verdicts_tell(requests, &loader->lines[at]);
        at += requests->events.count;
        give_back(loader, requests, LOAD_DONE, "");
        requests = next;
    }
    return true;
}

/* One request whose events the database refuses must not take others with it: each goes by itself then. */
static void load_each(struct serve_loader *loader, struct load_request *requests)
{
    struct error err = {0};

    while (requests != NULL && loader->feed != NULL) {
        struct load_request *one = requests;
        requests = one->next;
        one->next = NULL;
        if (load(loader, one, &err))
            continue;
        if (err.code == EXIT_DATABASE) {
            go_away(loader, &err);
            give_back(loader, one, LOAD_AWAY, "the ledger can't be reached");
            continue;
        }
        log_error("a request's events could not be stored: %s", err.text);
        give_back(loader, one, LOAD_FAILED, "");
    }
    give_all_back(loader, requests, LOAD_AWAY, "the ledger can't be reached");
}

static void load_all(struct serve_loader *loader, struct load_request *requests)
{
    struct load_request *right = NULL, **last = &right;
    struct error err = {0};

    while (requests != NULL && loader->feed != NULL) {
        struct load_request *next = requests->next;
        requests->next = NULL;
        if (is_foreign(loader, requests)) {
            requests->end = LOAD_FOREIGN;
            loader->options.done(requests);
        } else {
            *last = requests;
            last = &requests->next;
        }
        requests = next;
    }
    give_all_back(loader, requests, LOAD_AWAY, "the ledger can't be reached");
    if (right == NULL || load(loader, right, &err))
        return;
    if (err.code != EXIT_DATABASE) {
        load_each(loader, right);
        return;
    }
    go_away(loader, &err);
    give_all_back(loader, right, LOAD_AWAY, "the ledger can't be reached");
}

/* ---- the thread ---- */

/* As many of those that wait as are one batch. */
static struct load_request *take_waiting(struct serve_loader *loader)
{
    struct load_request *taken = loader->first, **end = &loader->first;
    size_t count = 0;

    while (*end != NULL && count + (*end)->events.count <= INGEST_FEED_LINES) {
        count += (*end)->events.count;
        loader->waiting--;
        end = &(*end)->next;
    }
    struct load_request *rest = *end;
    if (end == &loader->first)
        return NULL;
    *end = NULL;
    loader->first = rest;
    if (rest == NULL)
        loader->last = &loader->first;
    return taken;
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

static void wait_until(struct serve_loader *loader, size_t wanted, const struct timespec *until)
{
    loader->wanted = wanted;
    while (loader->waiting < wanted && !loader->is_stopping) {
        if (pthread_cond_timedwait(&loader->wake, &loader->lock, until) == ETIMEDOUT)
            break;
    }
}

/* Who was just answered will often ask again at once. Without a moment for that, busy clients fall into two halves of
 * which one always waits for the other's batch, and each batch is half as large as it could be. */
static void wait_for_more(struct serve_loader *loader, size_t answered)
{
    struct timespec moment = later(LINGER_US);
    wait_until(loader, loader->waiting + answered, &moment);
}

static void wait_for_work(struct serve_loader *loader, size_t answered)
{
    struct timespec second = later(SECOND_US);

    if (answered > 1 || loader->waiting > 0)
        wait_for_more(loader, answered);
    wait_until(loader, 1, &second);
}

static void *run(void *context)
{
    struct serve_loader *loader = context;
    size_t answered = 0;
    bool stopping = false;

    while (!stopping) {
        tend(loader);
        pthread_mutex_lock(&loader->lock);
        wait_for_work(loader, answered);
        size_t before = loader->waiting;
        struct load_request *requests = take_waiting(loader);
        answered = before - loader->waiting;
        stopping = loader->is_stopping;
        pthread_mutex_unlock(&loader->lock);
        load_all(loader, requests);
    }
    return NULL;
}

static void init_locks(struct serve_loader *loader)
{
    pthread_condattr_t attributes;

    pthread_mutex_init(&loader->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&loader->wake, &attributes);
    pthread_condattr_destroy(&attributes);
}

bool serve_loader_start(struct serve_loader **out, const struct db_target *target,
                        const struct serve_loader_options *options, struct error *err)
{
    struct serve_loader *loader = mem_alloc(sizeof *loader);

    loader->target = target;
    loader->options = *options;
    loader->keys = keyring_new();
    loader->last = &loader->first;
    loader->lines = mem_alloc(INGEST_FEED_LINES * sizeof *loader->lines);
    snprintf(loader->why, sizeof loader->why, "the ledger is not connected yet");
    init_locks(loader);
    int code = pthread_create(&loader->thread, NULL, run, loader);
    if (code == 0) {
        *out = loader;
        return true;
    }
    serve_loader_free(loader);
    return fail(err, EXIT_COMMAND, "no thread can be started: %s", strerror(code));
}

void serve_loader_stop(struct serve_loader *loader)
{
    if (loader == NULL)
        return;
    pthread_mutex_lock(&loader->lock);
    loader->is_stopping = true;
    pthread_cond_signal(&loader->wake);
    pthread_mutex_unlock(&loader->lock);
    pthread_join(loader->thread, NULL);
    give_all_back(loader, loader->first, LOAD_AWAY, "the server is stopping");
    loader->first = NULL;
}

void serve_loader_free(struct serve_loader *loader)
{
    if (loader == NULL)
        return;
    ingest_feed_close(loader->feed);
    keyring_free(loader->keys);
    pthread_cond_destroy(&loader->wake);
    pthread_mutex_destroy(&loader->lock);
    free(loader->lines);
    free(loader);
}
