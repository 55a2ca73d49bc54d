/* SPDX-License-Identifier: MIT */
/* Messages to the person at the terminal: standard error, one line each. */

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/progress_line.h"
#include "headroom/base.h"

static enum log_level current = LOG_NORMAL;

void log_set_level(enum log_level level)
{
    current = level;
}

enum log_level log_get_level(void)
{
    return current;
}

/* Messages quote what came from outside; a control character in it must not reach the terminal, nor make a second
 * line. U+0080 to U+009F are control characters too, two bytes each in UTF-8. */
static void blank_controls(char *text)
{
    for (unsigned char *at = (unsigned char *)text; *at != '\0'; at++) {
        if (*at < 0x20 || *at == 0x7F)
            *at = ' ';
        else if (at[0] == 0xC2 && at[1] >= 0x80 && at[1] <= 0x9F)
            at[0] = at[1] = ' ';
    }
}

PRINTF_LIKE(1, 0) static void write_line(const char *format, va_list arguments)
{
    char *text = NULL;

    if (vasprintf(&text, format, arguments) < 0)
        return;
    for (size_t size = strlen(text); size > 0 && text[size - 1] == '\n'; size--)
        text[size - 1] = '\0';
    blank_controls(text);
    progress_hide();
    fprintf(stderr, "headroom: %s\n", text);
    free(text);
}

void log_error(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
}

void log_warning(const char *format, ...)
{
    va_list arguments;

    if (current == LOG_QUIET)
        return;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
}

void log_note(const char *format, ...)
{
    va_list arguments;

    if (current == LOG_QUIET)
        return;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
}

void log_detail(const char *format, ...)
{
    va_list arguments;

    if (current != LOG_VERBOSE)
        return;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
}
