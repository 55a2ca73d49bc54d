/* SPDX-License-Identifier: MIT */
/* Messages to the person at the terminal: standard error, one line each. */

#include <stdarg.h>
#include <stdlib.h>

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

/* One line: what a server says has several. */
static void join_lines(char *text)
{
    for (; *text != '\0'; text++)
        if (*text == '\n' || *text == '\r' || *text == '\t')
            *text = ' ';
}

void log_line(enum log_level least, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;

    if (current < least)
        return;
    va_start(arguments, format);
    int size = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (size < 0)
        return;
    for (; size > 0 && text[size - 1] == '\n'; size--)
        text[size - 1] = '\0';
    join_lines(text);
    char *shown = shown_text(text, "");
    progress_hide();
    fprintf(stderr, "headroom: %s\n", shown);
    free(shown);
    free(text);
}
