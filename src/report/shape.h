/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_SHAPE_H
#define HEADROOM_REPORT_SHAPE_H

/*
 * Reads JSON objects into structs by tables: a shape lists the keys an object may have and where each value goes.
 * A key that is not in the table, one that is missing and a value of another kind are errors that name the place.
 */

#include <jansson.h>

#include "headroom/base.h"

/* What a key's value is, and the type of the member that it goes to. */
enum shape_as {
    SHAPE_TEXT,   /* const char * */
    SHAPE_COUNT,  /* unsigned */
    SHAPE_NUMBER, /* pointer to one double, NULL when absent */
    SHAPE_FLAG,   /* bool */
    SHAPE_WORD,   /* an enum whose values number the words of the table, from 0 */
    SHAPE_WORDS,  /* pointer to an array of such an enum, and its size_t count */
    SHAPE_TEXTS,  /* pointer to an array of const char *, and its size_t count */
    SHAPE_OBJECT, /* pointer to one struct, NULL when absent */
    SHAPE_LIST,   /* pointer to an array of structs, and its size_t count */
};

struct shape {
    size_t size; /* of the struct */
    const struct shape_key *keys;
    size_t key_count;
};

struct shape_key {
    const char *name;
    enum shape_as as;
    bool needed;
    size_t at;                 /* offset of the member */
    size_t count_at;           /* offset of the count, of SHAPE_WORDS, SHAPE_TEXTS and SHAPE_LIST */
    const char *const *words;  /* NULL-ended, of SHAPE_WORD and SHAPE_WORDS */
    const struct shape *shape; /* of SHAPE_OBJECT and SHAPE_LIST */
};

#define SHAPE_OF(type, keys)                                                                                           \
    {                                                                                                                  \
        sizeof(type), (keys), ARRAY_LENGTH(keys)                                                                       \
    }

/* Fills the zeroed struct `out`. Texts and arrays live in the arena. */
MUST_CHECK bool shape_read(const struct shape *shape, const json_t *object, struct arena *arena, void *out,
                           struct error *err);

#endif
