/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_ENGAGEMENT_H
#define HEADROOM_ENGAGEMENT_H

/*
 * engagement: what the vendor's API looks like from outside. From an Authorization header to the user that a request
 * was made for, from a request and its answer to endpoint, outcome and failed Tweets, and the look-up of users.
 * It keeps no secret: what it takes of a header is the user id in front of the token and the consumer key.
 */

#include <stdatomic.h>

#include "headroom/model.h"

/* ---- who a request was made for ---- */
enum authorization_kind {
    AUTHORIZATION_NONE,        /* no header, or an empty one */
    AUTHORIZATION_USER,        /* OAuth 1.0a with a token that begins with its owner's id: user_id is set */
    AUTHORIZATION_PROVISIONAL, /* OAuth 1.0a with a token that names nobody */
    AUTHORIZATION_APP,         /* Bearer, or OAuth 1.0a signed by the app alone: nobody is authenticated */
    AUTHORIZATION_OTHER, /* another scheme, or an OAuth header that names neither token nor app, or cannot be read */
};
struct authorization {
    enum authorization_kind kind;
    int64_t user_id;         /* 0: none */
    struct str consumer_key; /* percent-decoded, up to 255 bytes, in the arena; absent when there is none */
    unsigned char token_digest[DIGEST_SIZE]; /* AUTHORIZATION_PROVISIONAL, where a key was given; else zeros */
};
/* Reads the value of an Authorization header: RFC 5849 section 3.5.1 (any order, optional blanks, realm, values
 * percent-encoded per section 3.6, each parameter once) and RFC 6750 section 2.1; scheme names without regard to case.
 * A token's owner is what stands before its first '-', when that is a user id. Never fails: what cannot be read is
 * AUTHORIZATION_OTHER. Takes any bytes, of any size, in one pass; no byte of a token is copied behind its '-'. */
void authorization_read(struct str header, struct arena *arena, struct authorization *authorization);
/* The same, and for a token that names nobody the HMAC-SHA-256 of the decoded token under the key, by which it can be
 * told from others. Whatever was copied of the token for that is wiped. key NULL: as above. */
void authorization_read_keyed(struct str header, const unsigned char key[DIGEST_SIZE], struct arena *arena,
                              struct authorization *authorization);

/* ---- what was asked ---- */
/* Whether the URL (or only its path) is one of the Engagement API's, and which endpoint; ENDPOINT_ABSENT when the path
 * is the API's but no known endpoint. With a host, that must be the vendor's. */
bool engagement_is_request(struct str url, enum endpoint *endpoint);
struct engagement_request {
    int32_t tweet_count; /* EVENT_ABSENT: not told */
    struct str metrics;  /* engagement_types, as the JSON text of an array; absent: not told */
};
/* Reads the body of a request; what is broken or missing is not told. */
void engagement_read_request(struct str body, struct arena *arena, struct engagement_request *request);
/* The same from a body that comes piece by piece, of which no more is kept than what is told. */
struct request_reader;
struct request_reader *request_reader_new(void);
void request_reader_free(struct request_reader *reader); /* NULL is fine */
void request_reader_add(struct request_reader *reader, struct str bytes);
/* The body is whole. NULL: there was none, or it can't be read. */
void request_reader_end(struct request_reader *reader, struct arena *arena, struct engagement_request *request);

/* ---- what came back ---- */
struct engagement_answer {
    enum outcome outcome;
    struct str failed; /* JSON text of an object: cause -> array of Tweet ids, up to 1,000; absent: none failed */
};
/* status: HTTP, or EVENT_ABSENT (or 0) when no answer came: no_answer. body: decompressed JSON; absent, cut or broken:
 * the status alone decides. A 2xx that names an error is partial, also where every Tweet failed: with the number of
 * Tweets asked for, event_read tells these apart. A 4xx without an outcome of its own has that of its first cause
 * (forbidden, unavailable, too_old, too_old_video), else bad_request. Source: the table of answers in the vendor's
 * documentation of the API. */
void engagement_read_answer(int status, struct str body, struct arena *arena, struct engagement_answer *answer);
/* The same from a body that comes piece by piece. */
struct answer_reader;
struct answer_reader *answer_reader_new(void);
void answer_reader_free(struct answer_reader *reader); /* NULL is fine */
void answer_reader_add(struct answer_reader *reader, struct str bytes);
/* The body is whole. NULL: it was none, or cut, or can't be read. */
void answer_reader_end(struct answer_reader *reader, int status, struct arena *arena, struct engagement_answer *answer);

/* ---- looking users up: the only code that sends anything to the vendor ---- */
struct lookup; /* a client of the vendor's user look-up; it keeps its connection */
#define LOOKUP_BASE_URL "https://api.twitter.com"
#define LOOKUP_WAIT_MAX 900 /* seconds: the vendor's rate limit has a window of 15 minutes */
struct lookup_options {
    const char *base_url;    /* NULL: LOOKUP_BASE_URL. https, or http to a loopback address */
    const char *bearer;      /* the token; copied, wiped at the end; sent to base_url's host alone, never shown */
    int attempts;            /* of each request, with a wait before every further one; 0: 5 */
    int wait_max;            /* seconds, 0 to LOOKUP_WAIT_MAX: the longest of these waits */
    const atomic_bool *stop; /* NULL: never. Else ends a request or a wait soon after it becomes true */
};
struct lookup_user {
    int64_t user_id;             /* 0: asked by handle and not found */
    char handle[HANDLE_MAX + 1]; /* as the vendor writes it; "": asked by id and not found; as asked: not found */
    char problem[200];           /* "": found; else why not, in the vendor's words or ours */
};
#define LOOKUP_BATCH 100 /* most ids or handles that one request may ask for (the vendor's limit) */
/* Errors: EXIT_USAGE for a base URL or a token that can't be one. */
MUST_CHECK bool lookup_open(struct lookup **lookup, const struct lookup_options *options, struct error *err);
void lookup_close(struct lookup *lookup); /* NULL is fine */
/* Asks for up to LOOKUP_BATCH users by id (GET /2/users?ids=) or by handle (GET /2/users/by?usernames=); found[i] is of
 * what was asked as number i. A handle over 15 bytes, which the vendor may refuse together with all asked beside it, is
 * asked for in a request of its own. 429 waits until x-rate-limit-reset or for Retry-After, 5xx and broken connections
 * with exponential backoff and jitter. A redirection is not followed, an answer over 4 MiB refused.
 * False: given up, with why (EXIT_COMMAND); nothing of this call is known. */
MUST_CHECK bool lookup_ids(struct lookup *lookup, const int64_t *ids, size_t count, struct lookup_user *found,
                           struct error *err);
MUST_CHECK bool lookup_handles(struct lookup *lookup, const char *const *handles, size_t count,
                               struct lookup_user *found, struct error *err);

#endif
