/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_METRICS_TEXT_H
#define HEADROOM_GATEWAY_METRICS_TEXT_H

/* metrics_text: how Prometheus reads metrics (Prometheus documentation, "Exposition formats", text-based format 0.0.4).
 * Names come without "headroom_gateway_". All give false at the text's ceiling. */

#include "headroom/base.h"

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* What stands before the samples of a metric. type: "counter", "gauge" or "histogram". */
MUST_CHECK bool metrics_head(struct buffer *text, const char *name, const char *type, const char *help);
struct metrics_label {
    const char *name, *value; /* any UTF-8 */
};
/* labels: NULL where count is 0. The value is a whole number, or microseconds that are shown as seconds. */
MUST_CHECK bool metrics_sample(struct buffer *text, const char *name, const struct metrics_label *labels, size_t count,
                               int64_t value);
MUST_CHECK bool metrics_seconds(struct buffer *text, const char *name, int64_t us);

#endif
