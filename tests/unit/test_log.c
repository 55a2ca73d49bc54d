/* SPDX-License-Identifier: MIT */
/* Messages and progress: what reaches standard error, and when nothing does. */

#include <criterion/criterion.h>
#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "headroom/base.h"
#include "headroom/progress.h"

static int saved = -1;
static int reading = -1;

/* Each test is a process of its own, so its standard error can be taken away. */
static void capture(bool terminal)
{
    int ends[2];

    fflush(stderr);
    saved = dup(STDERR_FILENO);
    if (terminal)
        cr_assert_eq(openpty(&ends[0], &ends[1], NULL, NULL, NULL), 0);
    else
        cr_assert_eq(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    reading = ends[0];
    fcntl(reading, F_SETFL, O_NONBLOCK);
}

static const char *captured(void)
{
    static char text[4096];
    size_t size = 0;
    ssize_t got;

    fflush(stderr);
    while (size < sizeof(text) - 1 && (got = read(reading, text + size, sizeof(text) - 1 - size)) > 0)
        size += (size_t)got;
    text[size] = '\0';
    dup2(saved, STDERR_FILENO);
    close(reading);
    return text;
}

static const char *all_levels(enum log_level level)
{
    capture(false);
    log_set_level(level);
    log_error("e%d", 1);
    log_warning("w%d", 2);
    log_note("n%d", 3);
    log_detail("d%d", 4);
    return captured();
}

Test(log, levels)
{
    cr_assert_eq(log_get_level(), LOG_NORMAL);
    cr_assert_str_eq(all_levels(LOG_QUIET), "headroom: e1\n");
    cr_assert_str_eq(all_levels(LOG_NORMAL), "headroom: e1\nheadroom: w2\nheadroom: n3\n");
    cr_assert_str_eq(all_levels(LOG_VERBOSE), "headroom: e1\nheadroom: w2\nheadroom: n3\nheadroom: d4\n");
}

Test(log, one_line_without_control_characters)
{
    capture(false);
    log_error("server said: %s", "no\x1b[31m\r\n\x7f \xC2\x9B 2J é\n\n");
    cr_assert_str_eq(captured(), "headroom: server said: no\\u001B[31m  \\u007F \\u009B 2J é\n");
}

Test(progress, is_silent_without_a_terminal)
{
    capture(false);
    struct progress *progress = progress_new("reading", 100);
    progress_show(progress, 50, 10);
    progress_free(progress);
    progress_free(NULL);
    cr_assert_str_eq(captured(), "");
}

Test(progress, is_silent_when_quiet)
{
    capture(true);
    log_set_level(LOG_QUIET);
    struct progress *progress = progress_new("reading", 100);
    progress_show(progress, 50, 10);
    progress_free(progress);
    cr_assert_str_eq(captured(), "");
}

Test(progress, shows_and_wipes_one_line)
{
    capture(true);
    struct progress *progress = progress_new("reading", 200);
    progress_show(progress, 50, 1234567);
    progress_show(progress, 60, 7654321); /* too soon after the other */
    log_note("hello");
    progress_free(progress); /* nothing stands any more */

    const char *text = captured();
    cr_assert_str_eq(text, "\r\033[?7l\033[Kreading · 1,234,567 rows · 25 %\033[?7h\r\033[Kheadroom: hello\r\n");
}

Test(progress, knows_rate_and_time_left)
{
    capture(true);
    struct progress *progress = progress_new("reading", 1000);
    progress_show(progress, 10, 1000);
    for (int64_t start = timestamp_monotonic(); timestamp_monotonic() - start < 550000;)
        continue;
    progress_show(progress, 1000, 1000);
    progress_free(progress);

    const char *text = captured();
    cr_assert_not_null(strstr(text, " rows/s · 100 % · 0:00 left"), "%s", text);
}

Test(progress, of_unknown_length_has_no_share)
{
    capture(true);
    struct progress *progress = progress_new("reading", 0);
    progress_show(progress, 50, 0);
    progress_free(progress);

    cr_assert_str_eq(captured(), "\r\033[?7l\033[Kreading · 0 rows\033[?7h\r\033[K");
}

Test(log, fields_behind_the_message)
{
    const struct log_field fields[] = {
        {.name = "contract", .text = STR("a\nb")}, {.name = "status", .number = -3}, {.name = "none", .text = STR("")}};

    capture(false);
    log_fields(LOG_NOTE, "a request", fields, 3);
    log_fields(LOG_DETAIL, "unheard", fields, 3);
    cr_assert_str_eq(captured(), "headroom: a request contract=a b status=-3 none=\n");
}

Test(log, json_lines)
{
    const struct log_field fields[] = {{.name = "why", .text = STR("\"x\\")}, {.name = "status", .number = 503}};

    capture(false);
    log_set_json(true);
    log_fields(LOG_WARNING, "he said \"no\"\x1b", fields, 2);
    log_error("plain\n");
    const char *text = captured();
    cr_assert_eq(strncmp(text, "{\"time\":\"20", 11), 0, "%s", text);
    cr_assert_not_null(strstr(text, "Z\",\"level\":\"warning\",\"message\":\"he said \\\"no\\\"\\\\u001B\","
                                    "\"why\":\"\\\"x\\\\\",\"status\":503}\n{\"time\":\""),
                       "%s", text);
    cr_assert_not_null(strstr(text, "\"level\":\"error\",\"message\":\"plain\"}\n"), "%s", text);
}

/* JOURNAL_STREAM as systemd sets it (systemd.exec(5)), `off` numbers beside what standard error is. */
static void name_stream(unsigned off)
{
    char name[64];
    struct stat is;

    cr_assert_eq(fstat(STDERR_FILENO, &is), 0);
    snprintf(name, sizeof(name), "%ju:%ju", (uintmax_t)is.st_dev, (uintmax_t)is.st_ino + off);
    setenv("JOURNAL_STREAM", name, 1);
    log_find_journal();
}

Test(log, priorities_for_the_journal)
{
    capture(false);
    name_stream(0);
    log_set_level(LOG_VERBOSE);
    log_error("e");
    log_warning("w");
    log_note("n");
    log_detail("d");
    cr_assert_str_eq(captured(), "<3>headroom: e\n<4>headroom: w\n<6>headroom: n\n<7>headroom: d\n");
}

Test(log, json_for_the_journal)
{
    capture(false);
    name_stream(0);
    log_set_json(true);
    log_error("e");
    const char *text = captured();
    cr_assert_eq(strncmp(text, "<3>{\"time\":\"20", 14), 0, "%s", text);
    cr_assert_not_null(strstr(text, "Z\",\"level\":\"error\",\"message\":\"e\"}\n"), "%s", text);
}

/* Who was started by a service, with standard error led elsewhere, has its JOURNAL_STREAM all the same. */
Test(log, no_priorities_elsewhere)
{
    static const char *const others[] = {"", ":", "1", "1:", ":1", "x:y", "1:2:3", "18446744073709551617:1"};

    capture(false);
    name_stream(1);
    log_error("e");
    for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
        setenv("JOURNAL_STREAM", others[i], 1);
        log_find_journal();
        log_error("e");
    }
    unsetenv("JOURNAL_STREAM");
    log_find_journal();
    log_error("e");
    const char *text = captured();
    cr_assert_null(strchr(text, '<'), "%s", text);
}
