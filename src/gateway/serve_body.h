/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_SERVE_BODY_H
#define HEADROOM_GATEWAY_SERVE_BODY_H

/*
 * body: what a client sends, as events' texts. It is unpacked as it comes, up to a ceiling, and cut into events when it
 * is whole. What an event holds is for a reader to judge. Pure; bytes of any kind.
 */

#include "headroom/base.h"

/* What a Content-Type promises. */
enum body_form {
    BODY_JSON,         /* one event, or an array of events */
    BODY_LINES,        /* JSON lines */
    BODY_CLOUDEVENT,   /* one CloudEvent, structured mode */
    BODY_CLOUDEVENTS,  /* an array of CloudEvents, batched mode */
    BODY_FORM_UNKNOWN, /* none of these, or in another charset than UTF-8 */
};
enum body_form body_form_of(struct str content_type);
#define BODY_FORMS                                                                                                     \
    "application/json, application/x-ndjson, application/cloudevents+json, application/cloudevents-batch+json"
/* Whether a Content-Encoding is one that body_new can undo: absent, identity or gzip. */
bool body_coding_is_known(struct str coding);

/* Why a body is refused. */
struct body_fault {
    int status; /* of HTTP: 400, 413 */
    char text[300];
};

struct body;
/* ceiling: bytes, of the body as sent and of what is in it. coding: as body_coding_is_known has it. */
struct body *body_new(size_t ceiling, struct str coding);
void body_free(struct body *body);                 /* NULL is fine */
void body_add(struct body *body, struct str sent); /* drops what comes after a fault */
size_t body_held(const struct body *body);         /* bytes of memory */

struct body_event {
    struct str text; /* borrowed from the body */
    uint64_t number; /* from 1: of the line, or of the array's element */
};
struct body_events {
    struct body_event *list; /* the caller's: free() it */
    size_t count;            /* 1 at least */
};
/* The body is whole: cuts it, into at most `most` events. False: *fault says why. Nothing can be added after it. */
MUST_CHECK bool body_cut(struct body *body, enum body_form form, size_t most, struct body_events *events,
                         struct body_fault *fault);

#endif
