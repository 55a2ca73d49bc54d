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
    blank_controls(text);
    progress_hide();
    fprintf(stderr, "headroom: %s\n", text);
    free(text);
}
