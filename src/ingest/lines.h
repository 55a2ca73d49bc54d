/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_LINES_H
#define HEADROOM_INGEST_LINES_H

/* lines: texts that come one by one as records, each recognised by itself: a native event or a CloudEvent. */

#include "ingest/reader.h"

struct lines;
MUST_CHECK bool lines_new(struct lines **lines, struct error *err);
void lines_free(struct lines *lines); /* NULL is fine */
/* Fills all of the record, whose `line` is the number; its values live until the next call and borrow from text. */
void lines_take(struct lines *lines, struct str text, uint64_t number, struct record *record);
/* The format of the record just taken: "json", "cloudevents". */
const char *lines_format(const struct lines *lines);

#endif
