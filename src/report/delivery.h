/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_DELIVERY_H
#define HEADROOM_REPORT_DELIVERY_H

/* Where a report goes: a file that appears whole or not at all, or standard output, which gets all of it or nothing. */

#include "report/render.h"

/* Renders the job, whose places to write to are filled in here. */
MUST_CHECK bool deliver(const struct renderer *renderer, struct render_job *job, struct report_written *written,
                        struct error *err);

#endif
