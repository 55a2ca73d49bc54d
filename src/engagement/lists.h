/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_ENGAGEMENT_LISTS_H
#define HEADROOM_ENGAGEMENT_LISTS_H

/*
 * Private to engagement. lists: the arrays that are members of a JSON object, element by element as its bytes come, in
 * memory that does not grow with it. What else the object holds is only checked to be JSON.
 */

#include "headroom/base.h"

enum element {
    ELEMENT_TEXT,    /* its text, decoded: it may hold any character, NUL too */
    ELEMENT_NUMBER,  /* its digits as written */
    ELEMENT_OTHER,   /* an object, an array, true …: no text */
    ELEMENT_MESSAGE, /* follows an object: the text of its member "message" */
};
/* What an array has: list is the number of its name, text lives for the call. */
typedef void element_fn(void *context, size_t list, enum element kind, struct str text);
struct lists_form {
    const char *const *names; /* of the arrays that are wanted; a NULL stands for none */
    size_t count;             /* up to LISTS_MAX */
    element_fn *element;
};
#define LISTS_MAX 8

struct lists;
struct lists *lists_new(const struct lists_form *form, void *context); /* both are borrowed */
void lists_free(struct lists *lists);                                  /* NULL is fine */
void lists_add(struct lists *lists, struct str bytes);
/* Nothing more comes. False: what came was no whole JSON object, so that what was given of it means nothing. */
MUST_CHECK bool lists_end(struct lists *lists);
bool lists_has(const struct lists *lists, size_t list); /* whether the array was there */
bool lists_came_twice(const struct lists *lists);       /* a wanted member came more than once */

#endif
