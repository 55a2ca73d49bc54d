/* SPDX-License-Identifier: MIT */
/* The thread that takes requests in, batch by batch. */

#include "gateway/serve_loader.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/serve_queue.h"
#include "gateway/serve_verdicts.h"

#define SECOND_US  INT64_C(1000000)
#define TEND_US    SECOND_US        /* between two looks at the keys, and between two tries to connect */
#define REFRESH_US (5 * SECOND_US)  /* between two looks at the contracts and the clock */
#define SAY_US     (5 * SECOND_US)  /* between two words of how far it has listened */
#define FEED_NAME  "event endpoint" /* stands as the file of its batches */

/* What clients are told. */
static const char not_yet[] = "the ledger is not connected yet";
static const char away[] = "the ledger can't be reached";
static const char unusable[] = "the ledger can't be used at present, and the server's log says why";
static const char ending[] = "the server is stopping";

struct serve_loader {
    const struct db_target *target;
    struct serve_loader_options options;
    struct keyring *keys;
    struct serve_queue *queue;
    pthread_t thread;
    /* The thread's own: */
    struct ingest_feed *feed; /* NULL: not connected */
    struct ingest_feed_line *lines;
    int64_t tended_us, refreshed_us, said_us;
    int64_t connected_us; /* of timestamp_since_boot */
    const char *said;     /* in the log: why events are refused; NULL: they are not */
};

/* ---- asked by others ---- */

bool serve_loader_knows_key(struct serve_loader *loader, struct str text, char **contract)
{
    return keyring_knows(loader->keys, text, contract);
}

void serve_loader_look_for_key(struct serve_loader *loader, struct key_question *question)
{
    if (!serve_queue_ask(loader->queue, question))
        loader->options.looked(question);
}

const char *serve_loader_why_not(struct serve_loader *loader)
{
    return serve_queue_why(loader->queue);
}

static void give_back(struct serve_loader *loader, struct load_request *request, enum load_end end)
{
    request->end = end;
    loader->options.done(request);
}

/* What it can't take in, as the ledger is. */
static void turn_away(struct serve_loader *loader, struct load_request *requests)
{
    const char *why = serve_queue_why(loader->queue);

    while (requests != NULL) {
        struct load_request *next = requests->next;
        snprintf(requests->why, sizeof requests->why, "%s", why != NULL ? why : away);
        give_back(loader, requests, LOAD_AWAY);
        requests = next;
    }
}

void serve_loader_give(struct serve_loader *loader, struct load_request *request)
{
    request->next = NULL;
    if (!serve_queue_give(loader->queue, request))
        turn_away(loader, request);
}

static void give_questions_back(struct serve_loader *loader, struct key_question *questions)
{
    while (questions != NULL) {
        struct key_question *next = questions->next;
        loader->options.looked(questions);
        questions = next;
    }
}

/* ---- connecting ---- */

static void go_away(struct serve_loader *loader, const struct error *err)
{
    const char *why = err->code == EXIT_DATABASE ? away : unusable;

    serve_queue_shut(loader->queue, why);
    ingest_feed_close(loader->feed);
    loader->feed = NULL;
    if (loader->said != why)
        log_error("%.*s; events are refused (503) until it is there", db_reason_size(err->text), err->text);
    loader->said = why;
    give_questions_back(loader, serve_queue_questions(loader->queue));
}

static bool connect_feed(struct serve_loader *loader, struct error *err)
{
    const struct ingest_feed_options options = {
        .name = FEED_NAME, .by = loader->options.by, .listener = loader->options.listen};

    if (!ingest_feed_open(&loader->feed, loader->target, &options, err)) {
        loader->feed = NULL;
        return false;
    }
    loader->refreshed_us = timestamp_monotonic();
    loader->connected_us = timestamp_since_boot();
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

    if (loader->tended_us != 0 && now_us - loader->tended_us < TEND_US && !serve_queue_is_urgent(loader->queue))
        return;
    loader->tended_us = now_us;
    /* Before the look, which answers them. */
    struct key_question *questions = serve_queue_questions(loader->queue);
    if (!look_again(loader, now_us, &err)) {
        go_away(loader, &err);
    } else {
        serve_queue_open(loader->queue);
        if (loader->said != NULL)
            log_note("the ledger is there again; events are taken in");
        loader->said = NULL;
    }
    give_questions_back(loader, questions);
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
        give_back(loader, requests, LOAD_DONE);
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
            turn_away(loader, one);
            continue;
        }
        log_error("a request's events could not be stored: %s", err.text);
        give_back(loader, one, LOAD_FAILED);
    }
    turn_away(loader, requests);
}

static void load_all(struct serve_loader *loader, struct load_request *requests)
{
    struct load_request *right = NULL, **last = &right;
    struct error err = {0};

    while (requests != NULL && loader->feed != NULL) {
        struct load_request *next = requests->next;
        requests->next = NULL;
        if (is_foreign(loader, requests)) {
            give_back(loader, requests, LOAD_FOREIGN);
        } else {
            *last = requests;
            last = &requests->next;
        }
        requests = next;
    }
    turn_away(loader, requests);
    if (right == NULL || load(loader, right, &err))
        return;
    if (err.code != EXIT_DATABASE) {
        load_each(loader, right);
        return;
    }
    go_away(loader, &err);
    turn_away(loader, right);
}

/* ---- how far it has listened ---- */

/* heard_us: of timestamp_since_boot, before the last batch was taken: what was given by then is written, or waits still
 * because it did not fit. */
static void say_listened(struct serve_loader *loader, int64_t heard_us)
{
    int64_t oldest_us = serve_queue_oldest(loader->queue);
    int64_t until_us = oldest_us < heard_us ? oldest_us : heard_us;
    struct error err = {0};
    int64_t now_us = timestamp_monotonic();

    if (loader->feed == NULL || (loader->said_us != 0 && now_us - loader->said_us < SAY_US))
        return;
    loader->said_us = now_us;
    if (!ingest_feed_say_listened(loader->feed, loader->connected_us, until_us, &err))
        go_away(loader, &err);
}

/* ---- the thread ---- */

static void *run(void *context)
{
    struct serve_loader *loader = context;
    bool stopping = false;

    while (!stopping) {
        tend(loader);
        int64_t heard_us = timestamp_since_boot();
        load_all(loader, serve_queue_take(loader->queue, &stopping));
        say_listened(loader, heard_us);
    }
    return NULL;
}

bool serve_loader_start(struct serve_loader **out, const struct db_target *target,
                        const struct serve_loader_options *options, struct error *err)
{
    struct serve_loader *loader = mem_alloc(sizeof *loader);

    loader->target = target;
    loader->options = *options;
    loader->keys = keyring_new();
    loader->queue = serve_queue_new(not_yet);
    loader->lines = mem_alloc(INGEST_FEED_LINES * sizeof *loader->lines);
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
    serve_queue_stop(loader->queue, ending);
    pthread_join(loader->thread, NULL);
    give_questions_back(loader, serve_queue_questions(loader->queue));
    bool stopping;
    struct load_request *left;
    while ((left = serve_queue_take(loader->queue, &stopping)) != NULL)
        turn_away(loader, left);
}

void serve_loader_free(struct serve_loader *loader)
{
    if (loader == NULL)
        return;
    ingest_feed_close(loader->feed);
    keyring_free(loader->keys);
    serve_queue_free(loader->queue);
    free(loader->lines);
    free(loader);
}
