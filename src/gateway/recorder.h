/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_RECORDER_H
#define HEADROOM_GATEWAY_RECORDER_H

/*
 * recorder: what is kept of a request and its answer. It looks at both as they pass, in bounded memory, and gives two
 * JSON objects of event fields: the intent, before the request leaves, and the outcome. No token, signature or body is
 * kept. A recorder may be used by several threads, a record by one at a time.
 */

#include "headroom/engagement.h"

#define RECORDER_KEY_SIZE 32
#define RECORDER_BODY_MAX ((size_t)1024 * 1024) /* of a body, packed or not, that is looked at; a longer one is not */

struct recorder_options {
    const char *contract;     /* --contract: of a request whose consumer key belongs to none; may be NULL */
    const char *label_header; /* the header whose value is the label, and that is not forwarded; NULL: none */
    unsigned char key[RECORDER_KEY_SIZE]; /* of the digests that stand for tokens that name nobody */
};
struct recorder;
struct recorder *recorder_new(const struct recorder_options *options);
void recorder_free(struct recorder *recorder); /* NULL is fine */
/* The contract that each consumer key belongs to: the intent then names it. Replaces what was told before. */
struct recorder_app {
    const char *key, *contract;
};
void recorder_tell_apps(struct recorder *recorder, const struct recorder_app *apps, size_t count);
bool recorder_has_key(const struct recorder *recorder, const unsigned char key[RECORDER_KEY_SIZE]);
bool recorder_is_label(const struct recorder *recorder, struct str header_name);

struct record_of;
/* A request's head came. target: the raw one of the request line; authorization: the header's value, or absent. What
 * the record says lies in the arena, which must outlive it. */
struct record_of *record_begin(const struct recorder *recorder, struct arena *arena, struct str method,
                               struct str target, struct str authorization, struct str label);
void record_free(struct record_of *record); /* NULL is fine */
/* Who it is for, as the event's subject ("6253282", "~…", "~app"), and its contract (NULL: not known before the
 * drain). Live as long as the record. */
const char *record_subject(const struct record_of *record);
const char *record_contract(const struct record_of *record);
const char *record_endpoint(const struct record_of *record); /* "totals" …; NULL: none of them */
/* {"time","contract","user_id"|"token"|"auth","app","endpoint","label"}: lives as long as the record. time_us: when the
 * request leaves, as the vendor counts it by then; so what is recorded later is no older. */
struct str record_intent(struct record_of *record, int64_t time_us);

/* What passes. Header names without regard to case. */
void record_request_header(struct record_of *record, struct str name, struct str value); /* Content-Encoding */
void record_request_body(struct record_of *record, struct str bytes);
void record_status(struct record_of *record, int status); /* a 1xx is none */
void record_answer_header(struct record_of *record, struct str name, struct str value);
void record_answer_body(struct record_of *record, struct str bytes);

enum record_end {
    RECORD_WHOLE,     /* the answer went through to its end */
    RECORD_NO_ANSWER, /* no answer came: timed out, reset before a status */
    RECORD_BROKEN,    /* the answer broke off; its status stands */
};
/* {"status","outcome","tweet_count","metrics","failed","rate_limit","rate_remaining","latency_ms","bytes"}, what is
 * known of it. bytes: of the answer's body as sent by the vendor. Lives as long as the record. */
struct str record_outcome(struct record_of *record, enum record_end end, int64_t latency_us);
/* The outcome's word, after record_outcome. */
const char *record_outcome_word(const struct record_of *record);

#endif
