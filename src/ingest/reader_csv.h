/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_READER_CSV_H
#define HEADROOM_INGEST_READER_CSV_H

/* reader_csv: CSV (RFC 4180) with a header, comma only. */

#include "ingest/reader_format.h"

extern const struct reader_format reader_csv;

#endif
