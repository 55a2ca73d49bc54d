/* SPDX-License-Identifier: MIT */
/* Errors as values: a code to end with and one text for a person. */

#include <stdarg.h>
#include <string.h>

#include "headroom/base.h"

/* Cuts what vsnprintf left unfinished: a text must not end in the middle of a UTF-8 character. */
static void drop_partial_character(char *text)
{
    size_t end = strlen(text);
    size_t start = end;

    while (start > 0 && end - start < 3 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0 || (unsigned char)text[start - 1] < 0xC0)
        return;
    start--;

    unsigned char lead = (unsigned char)text[start];
    size_t needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (end - start < needed)
        text[start] = '\0';
}

/* Goes by way of a copy, because the arguments may be err's own text. */
PRINTF_LIKE(2, 0) static void set_text(struct error *err, const char *format, va_list arguments)
{
    char text[sizeof(err->text)];
    int length = vsnprintf(text, sizeof(text), format, arguments);

    if (length < 0)
        text[0] = '\0';
    else if ((size_t)length >= sizeof(text))
        drop_partial_character(text);
    memcpy(err->text, text, sizeof(text));
}

bool fail(struct error *err, enum exit_code code, const char *format, ...)
{
    va_list arguments;

    if (err == NULL)
        return false;
    va_start(arguments, format);
    set_text(err, format, arguments);
    va_end(arguments);
    err->code = code;
    err->sqlstate[0] = '\0';
    return false;
}

PRINTF_LIKE(2, 3) static void join_text(struct error *err, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    set_text(err, format, arguments);
    va_end(arguments);
}

bool fail_within(struct error *err, const char *format, ...)
{
    struct error where;
    va_list arguments;

    if (err == NULL)
        return false;
    va_start(arguments, format);
    set_text(&where, format, arguments);
    va_end(arguments);
    join_text(err, "%s: %s", where.text, err->text);
    return false;
}
