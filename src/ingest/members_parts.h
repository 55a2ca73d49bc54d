/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_MEMBERS_PARTS_H
#define HEADROOM_INGEST_MEMBERS_PARTS_H

/* Private to members: what its plain path and the rest share. */

#include <yajl/yajl_parse.h>

#include "ingest/members.h"

#define KEY_MAX    64 /* bytes of a key, and */
#define PLACES_MAX 64 /* keys of an object, on the plain path */

/* A key, by its place in the object. The objects of one log have the same keys in the same order, so most keys are
 * known by one comparison with the object before. */
struct key {
    char text[KEY_MAX];
    size_t size;
    bool inner;
    int meaning;
};

struct members {
    struct members_options options;
    struct str text;
    struct member *list;
    size_t count, capacity;
    struct arena *decoded; /* texts that have escapes */
    json_t *trees;         /* an array of what jansson read */

    /* of the plain path */
    yajl_handle yajl; /* NULL: none, or the last one is spoilt by what it refused */
    struct key keys[PLACES_MAX];
    size_t distinct;   /* so many of the keys, from the first, are known to differ from each other */
    size_t depth;      /* objects and arrays that are open */
    size_t level;      /* 2 within the inner object, else 1: the depth at which members are */
    const char *start; /* of the object or array that is the value being read */
    size_t end;        /* behind the object; 0: not met yet */
};

struct member *members_add(struct members *members, struct str key, int meaning);
bool members_is_inner_key(const struct members *members, struct str key);

/* Lists the members of members->text. False: the text is not plain, and the list is of no use. */
MUST_CHECK bool members_read_plainly(struct members *members);

#endif
