/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_READER_JSON_H
#define HEADROOM_INGEST_READER_JSON_H

/* reader_json: JSON lines, one object a line. */

#include "ingest/reader_format.h"

extern const struct reader_format reader_json;

#endif
