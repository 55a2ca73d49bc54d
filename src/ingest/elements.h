/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_ELEMENTS_H
#define HEADROOM_INGEST_ELEMENTS_H

/*
 * elements: the elements of one array of a JSON document of any length, in bounded memory. It looks at brackets and
 * strings only: what an element holds is for a parser to judge, which gets it whole. (libyajl streams too, but it keeps
 * each string and number whole and a byte for each level, however long and deep they are.)
 */

#include "ingest/record.h"

struct elements;
struct elements_options {
    const char *const
        *path;            /* the keys that lead to the array from the document's object, ended by NULL; only NULL: the
                                document is the array */
    const char *document; /* what it is, for messages: "a HAR" */
    size_t size_max;      /* bytes of an element; a longer one is unreadable */
    const char *when_cut; /* what to do about one that breaks off; NULL: take it in again, since what came before
                             stays */
};
struct elements *elements_new(struct records *records, const struct elements_options *options);
void elements_free(struct elements *elements); /* NULL is fine */

/* The next element as a record: its number from 1, its range, its text until the next call; of an over-long one the
 * first RECORD_RAW_MAX bytes, and it is unreadable. Several documents one after the other are read as one. READ_FAILED,
 * with the byte: the content breaks off, is no such document, or something else follows it. */
MUST_CHECK enum read_result elements_next(struct elements *elements, struct record *record, struct error *err);

#endif
