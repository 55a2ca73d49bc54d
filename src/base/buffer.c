/* SPDX-License-Identifier: MIT */
/* A buffer that grows with its input up to a ceiling, and refuses what is more. */

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/base.h"

#define SMALLEST_CAPACITY 256

void buffer_init(struct buffer *buffer, size_t ceiling)
{
    *buffer = (struct buffer){.ceiling = ceiling};
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->data);
    buffer_init(buffer, buffer->ceiling);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->size = 0;
    if (buffer->data != NULL)
        buffer->data[0] = '\0';
}

/* Makes room for `more` bytes and the NUL behind them. */
MUST_CHECK static bool make_room(struct buffer *buffer, size_t more)
{
    if (buffer->size > buffer->ceiling || more > buffer->ceiling - buffer->size)
        return false;

    size_t needed = buffer->size + more + 1;
    if (needed <= buffer->capacity)
        return true;

    size_t capacity = buffer->capacity > 0 ? buffer->capacity : SMALLEST_CAPACITY;
    while (capacity < needed)
        capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
    if (capacity > buffer->ceiling)
        capacity = buffer->ceiling + 1 > needed ? buffer->ceiling + 1 : needed;
    buffer->data = mem_resize(buffer->data, capacity);
    buffer->capacity = capacity;
    return true;
}

bool buffer_add(struct buffer *buffer, const void *bytes, size_t size)
{
    if (!make_room(buffer, size))
        return false;
    if (size > 0)
        memcpy(buffer->data + buffer->size, bytes, size);
    buffer->size += size;
    buffer->data[buffer->size] = '\0';
    return true;
}

bool buffer_format(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_list again;
    bool added = false;

    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length >= 0 && make_room(buffer, (size_t)length)) {
        vsnprintf(buffer->data + buffer->size, (size_t)length + 1, format, again);
        buffer->size += (size_t)length;
        added = true;
    }
    va_end(again);
    va_end(arguments);
    return added;
}
