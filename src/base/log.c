/* SPDX-License-Identifier: MIT */
/* Messages to the person at the terminal, or to who collects them: standard error, one line each. */

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/progress_line.h"
#include "headroom/base.h"
#include "headroom/encode.h"

#define LINE_MAX_SIZE ((size_t)1024 * 1024)

static enum log_level current = LOG_NORMAL;
static bool as_json, to_journal;

void log_set_level(enum log_level level)
{
    current = level;
}

enum log_level log_get_level(void)
{
    return current;
}

void log_set_json(bool json)
{
    as_json = json;
}

void log_find_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    char name[48]; /* of two numbers */
    struct stat is;

    to_journal = false;
    if (stream == NULL || fstat(STDERR_FILENO, &is) != 0)
        return;
    snprintf(name, sizeof(name), "%ju:%ju", (uintmax_t)is.st_dev, (uintmax_t)is.st_ino);
    to_journal = strcmp(stream, name) == 0;
}

static const struct {
    const char *word;
    int priority; /* of syslog(3) */
    enum log_level least;
} kinds[] = {
    [LOG_ERROR] = {"error", 3, LOG_QUIET},
    [LOG_WARNING] = {"warning", 4, LOG_NORMAL},
    [LOG_NOTE] = {"note", 6, LOG_NORMAL},
    [LOG_DETAIL] = {"detail", 7, LOG_VERBOSE},
};

bool log_says(enum log_kind kind)
{
    return current >= kinds[kind].least;
}

/* One line: what a server says has several. */
static void join_lines(char *text)
{
    for (; *text != '\0'; text++)
        if (*text == '\n' || *text == '\r' || *text == '\t')
            *text = ' ';
}

/* A text as it may be shown; owned. */
static char *clean(const char *text, size_t size)
{
    char *copy = mem_format("%.*s", (int)size, text);

    join_lines(copy);
    char *shown = shown_text(copy, "");
    free(copy);
    return shown;
}

/* ---- the two forms ---- */

static bool add_quoted(struct buffer *line, const char *text)
{
    struct str of_text = str_of(text);
    char *quoted = mem_alloc(JSON_QUOTED_MAX(of_text.size));
    bool fits = buffer_add(line, quoted, (size_t)(json_quote(quoted, of_text) - quoted));

    free(quoted);
    return fits;
}

static bool add_text_field(struct buffer *line, const struct log_field *field)
{
    char *shown = clean(field->text.data, field->text.size);
    bool fits = as_json ? buffer_format(line, ",\"%s\":", field->name) && add_quoted(line, shown)
                        : buffer_format(line, " %s=%s", field->name, shown);

    free(shown);
    return fits;
}

static bool add_field(struct buffer *line, const struct log_field *field)
{
    if (field->text.data != NULL)
        return add_text_field(line, field);
    return buffer_format(line, as_json ? ",\"%s\":%lld" : " %s=%lld", field->name, (long long)field->number);
}

static bool add_message(struct buffer *line, enum log_kind kind, const char *shown)
{
    char time[TIMESTAMP_SIZE];

    if (to_journal && !buffer_format(line, "<%d>", kinds[kind].priority))
        return false;
    if (!as_json)
        return buffer_format(line, "headroom: %s", shown);
    return buffer_format(line,
                         "{\"time\":\"%s\",\"level\":\"%s\",\"message\":", timestamp_format(timestamp_now(), time),
                         kinds[kind].word) &&
           add_quoted(line, shown);
}

void log_fields(enum log_kind kind, const char *message, const struct log_field *fields, size_t count)
{
    struct buffer line;

    if (!log_says(kind))
        return;
    buffer_init(&line, LINE_MAX_SIZE);
    char *shown = clean(message, str_of(message).size);
    bool fits = add_message(&line, kind, shown);
    for (size_t i = 0; i < count && fits; i++)
        fits = add_field(&line, &fields[i]);
    progress_hide();
    if (line.size > 0)
        fprintf(stderr, as_json ? "%s}\n" : "%s\n", line.data);
    free(shown);
    buffer_free(&line);
}

void log_line(enum log_kind kind, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;

    if (!log_says(kind))
        return;
    va_start(arguments, format);
    int size = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (size < 0)
        return;
    for (; size > 0 && text[size - 1] == '\n'; size--)
        text[size - 1] = '\0';
    log_fields(kind, text, NULL, 0);
    free(text);
}
