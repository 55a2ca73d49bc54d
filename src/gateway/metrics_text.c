/* SPDX-License-Identifier: MIT */
/* Metrics as the text that Prometheus reads. */

#include "gateway/metrics_text.h"

#include <inttypes.h>

#define SECOND_US UINT64_C(1000000)

bool metrics_head(struct buffer *text, const char *name, const char *type, const char *help)
{
    return buffer_format(text, "# HELP headroom_gateway_%s %s\n# TYPE headroom_gateway_%s %s\n", name, help, name,
                         type);
}

static bool add_escaped(struct buffer *text, const char *value)
{
    bool fits = true;

    for (; *value != '\0' && fits; value++) {
        if (*value == '\n')
            fits = buffer_add(text, "\\n", 2);
        else
            fits = ((*value != '\\' && *value != '"') || buffer_add(text, "\\", 1)) && buffer_add(text, value, 1);
    }
    return fits;
}

bool metrics_sample(struct buffer *text, const char *name, const struct metrics_label *labels, size_t count,
                    int64_t value)
{
    bool fits = buffer_format(text, "headroom_gateway_%s", name);

    for (size_t i = 0; i < count && fits; i++)
        fits = buffer_format(text, "%c%s=\"", i == 0 ? '{' : ',', labels[i].name) &&
               add_escaped(text, labels[i].value) && buffer_add(text, "\"", 1);
    return fits && buffer_format(text, "%s %" PRId64 "\n", count > 0 ? "}" : "", value);
}

bool metrics_seconds(struct buffer *text, const char *name, int64_t us)
{
    uint64_t size = us < 0 ? -(uint64_t)us : (uint64_t)us;

    return buffer_format(text, "headroom_gateway_%s %s%" PRIu64 ".%06" PRIu64 "\n", name, us < 0 ? "-" : "",
                         size / SECOND_US, size % SECOND_US);
}
