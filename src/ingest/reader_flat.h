/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_READER_FLAT_H
#define HEADROOM_INGEST_READER_FLAT_H

/*
 * reader_flat: the quick way through a JSON line. It walks over the members of an object that has nothing unusual in it
 * and reads texts without escapes, whole numbers and null itself, which is all that most lines hold; every other value
 * is given to jansson, alone. What it takes means the same to jansson (a test compares them); a line that it does not
 * take is read and judged by jansson. jansson alone would be most of the cost of taking a log in: it needs 5 to 8 times
 * as long, going byte by byte through a function pointer; a quicker malloc was tried and is no remedy.
 */

#include "headroom/model.h"

#define FLAT_MAX 40

struct flat_member {
    struct str key;
    struct value value; /* borrowed from the line or from json */
    json_t *json;       /* owned; NULL when jansson was not needed */
};

struct flat {
    size_t count;
    struct flat_member members[FLAT_MAX];
};

/* line is valid UTF-8 without NUL. False: not taken, and nothing is held. */
MUST_CHECK bool flat_read(struct flat *flat, struct str line);
void flat_clear(struct flat *flat); /* gives back what jansson made */

#endif
