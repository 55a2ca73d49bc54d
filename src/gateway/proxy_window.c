/* SPDX-License-Identifier: MIT */
/* The bytes of a body on their way. */

#include "gateway/proxy_window.h"

#include <stdlib.h>
#include <string.h>

#define CAPACITY_FIRST 1024

void window_add(struct window *window, const char *bytes, size_t size)
{
    if (window->start > 0 && window->start + window->size + size > window->capacity) {
        memmove(window->data, window->data + window->start, window->size);
        window->start = 0;
    }
    if (window->size + size > window->capacity) {
        size_t capacity = window->capacity > 0 ? window->capacity : CAPACITY_FIRST;
        while (capacity < window->size + size)
            capacity *= 2;
        window->data = mem_resize(window->data, capacity);
        window->capacity = capacity;
    }
    if (size > 0)
        memcpy(window->data + window->start + window->size, bytes, size);
    window->size += size;
}

size_t window_take(struct window *window, char *bytes, size_t max)
{
    size_t size = window->size < max ? window->size : max;

    if (size > 0)
        memcpy(bytes, window->data + window->start, size);
    window->size -= size;
    window->start = window->size > 0 ? window->start + size : 0;
    return size;
}

void window_clear(struct window *window)
{
    window->start = window->size = 0;
}

void window_free(struct window *window)
{
    free(window->data);
    *window = (struct window){0};
}
