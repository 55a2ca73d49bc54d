/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_ENGAGEMENT_LOOKUP_H
#define HEADROOM_ENGAGEMENT_LOOKUP_H

#include "headroom/engagement.h"

/* Private to engagement: what lies between the requests for users and the wire. */

/* An HTTP answer. */
struct reply {
    int status;
    struct str body; /* borrowed until the next request */
    /* Headers, 0 where there is none: */
    int64_t reset;       /* x-rate-limit-reset, epoch seconds */
    int64_t retry_after; /* seconds */
    int64_t date;        /* the sender's clock, epoch seconds */
};

/* ---- lookup_wire.c: one request after the other ---- */
struct wire;
MUST_CHECK bool wire_open(struct wire **wire, const struct lookup_options *options, struct error *err);
void wire_close(struct wire *wire); /* NULL is fine */
/* GET of base URL and path. *transient: where it fails, whether trying again may help. */
MUST_CHECK bool wire_get(struct wire *wire, const char *path, struct reply *reply, bool *transient, struct error *err);
const char *wire_base(const struct wire *wire);
/* Copies the other side's words for a person: one line, without a secret, cut to size. Returns out. */
const char *wire_quote(const struct wire *wire, const char *words, char *out, size_t size);

/* ---- lookup_answer.c ---- */
/* What an answer says of the users asked for, which stand in found as user_id or handle; the rest is filled in. */
MUST_CHECK bool lookup_read_users(const struct wire *wire, struct str body, struct lookup_user *found, size_t count,
                                  struct error *err);
/* The first message of an error's body, for a person; "" when it has none. Returns out. */
const char *lookup_read_message(const struct wire *wire, struct str body, char *out, size_t size);

#endif
