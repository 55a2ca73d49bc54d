/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_SERVE_VERDICTS_H
#define HEADROOM_GATEWAY_SERVE_VERDICTS_H

/* verdicts: what became of a request's events, for its answer. */

#include "gateway/serve_loader.h"

/* Fills the request's counts and lines from the feed's, which are in the order of its events. */
void verdicts_tell(struct load_request *request, const struct ingest_feed_line *lines);

#endif
