/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_PROXY_WINDOW_H
#define HEADROOM_GATEWAY_PROXY_WINDOW_H

/* window: the bytes of a body that have come and not gone on. Whoever adds looks after its bound. */

#include "headroom/base.h"

struct window {
    char *data;
    size_t start, size, capacity; /* the bytes are data[start] … data[start + size - 1] */
};
void window_add(struct window *window, const char *bytes, size_t size);
size_t window_take(struct window *window, char *bytes, size_t max); /* how many it was */
void window_clear(struct window *window);                           /* keeps its room */
void window_free(struct window *window);

#endif
