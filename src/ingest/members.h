/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_MEMBERS_H
#define HEADROOM_INGEST_MEMBERS_H

/*
 * members: a JSON object's text as the flat list of its members, fast: most texts are read by libyajl, without a tree,
 * and their values borrowed from the text. What libyajl is too lenient for (a key that comes twice, half of a surrogate
 * pair), what it refuses and what is out of the ordinary (very many or very long keys) is decided by jansson.
 */

#include "ingest/reader_format.h"

struct members;
struct members_options {
    const char *what;  /* is read, for messages: "the line" */
    const char *inner; /* a key whose object is opened: its members are listed too; NULL: none */
    /* What a key means to the caller; asked once for each place of a key, not for each object. */
    int (*meaning)(void *context, struct str key, bool inner);
    void *context;
};
struct member {
    struct str key;
    struct value value; /* members_value gives it whole: an object or array has only its text here */
    int meaning;
    bool inner; /* a member of the object under the inner key */
};

struct members *members_new(const struct members_options *options);
void members_free(struct members *members); /* NULL is fine */

/* Reads the text (well-formed UTF-8). False: it is no JSON object, the record is rejected as bad_json. What was given
 * before ends; the list, in the order of the text, and its values live until the next call and borrow from text. */
MUST_CHECK bool members_read(struct members *members, struct str text, struct record *record);
size_t members_list(const struct members *members, const struct member **list);

/* The member's value, an object or array with its tree. False: that is not valid JSON, the record is rejected. */
MUST_CHECK bool members_value(struct members *members, const struct member *member, struct value *value,
                              struct record *record);
/* Makes the member the record's value of the field. False: the record is rejected, as bad_json or because another
 * member was the field's value already (two_fields). Null and the empty text are no values. */
MUST_CHECK bool members_take(struct members *members, const struct member *member, enum field field,
                             struct record *record);

#endif
