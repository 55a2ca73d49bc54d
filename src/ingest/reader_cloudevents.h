/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_READER_CLOUDEVENTS_H
#define HEADROOM_INGEST_READER_CLOUDEVENTS_H

/* reader_cloudevents: CloudEvents 1.0 in their JSON format, one a line, or in its batch format, a JSON array. */

#include "ingest/reader_format.h"

extern const struct reader_format reader_cloudevents;

#endif
