/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_SERVE_QUEUE_H
#define HEADROOM_GATEWAY_SERVE_QUEUE_H

/*
 * queue: what waits for the loader's thread: requests, of which it takes as many as there are at once (group commit),
 * and questions whether a key is a new one. It is shut where the ledger is not there: nothing waits then.
 */

#include "gateway/serve_loader.h"

struct serve_queue;
struct serve_queue *serve_queue_new(const char *why); /* shut */
void serve_queue_free(struct serve_queue *queue);

/* ---- any thread ---- */
/* Why nothing may wait, for a client (static); NULL: it may. */
const char *serve_queue_why(struct serve_queue *queue);
/* False: it is shut, and takes neither. */
MUST_CHECK bool serve_queue_give(struct serve_queue *queue, struct load_request *request);
MUST_CHECK bool serve_queue_ask(struct serve_queue *queue, struct key_question *question);
void serve_queue_stop(struct serve_queue *queue, const char *why); /* shut for good; wakes the thread */

/* ---- the loader's thread ---- */
void serve_queue_open(struct serve_queue *queue);
void serve_queue_shut(struct serve_queue *queue, const char *why);
/* Waits until something does, a second at most. Returns requests that are one batch; NULL: none. *stopping: it is
 * stopped. */
struct load_request *serve_queue_take(struct serve_queue *queue, bool *stopping);
/* When the oldest request was given that waits, by timestamp_since_boot; INT64_MAX: none does. */
int64_t serve_queue_oldest(struct serve_queue *queue);
/* Whether a question wants its answer at once. Such looks are a second apart, however many keys clients try; what is
 * asked between waits for the next look. */
bool serve_queue_is_urgent(struct serve_queue *queue);
struct key_question *serve_queue_questions(struct serve_queue *queue); /* takes all */

#endif
