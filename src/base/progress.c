/* SPDX-License-Identifier: MIT */
/* One line on the terminal that says how far a long run is. */

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/progress_line.h"
#include "headroom/progress.h"

#define INTERVAL_US   100000
#define RATE_AFTER_US 500000 /* a rate or a time left from less than this says nothing */
#define NUMBER_SIZE   32

struct progress {
    char *what;
    uint64_t total_bytes;
    int64_t started_us;
    int64_t shown_us;
    bool on_terminal;
};

static atomic_bool line_stands; /* a loader may have something to say in a thread of its own */

void progress_hide(void)
{
    if (!line_stands)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    line_stands = false;
}

struct progress *progress_new(const char *what, uint64_t total_bytes)
{
    struct progress *progress = mem_alloc(sizeof(*progress));

    progress->what = mem_text(what);
    progress->total_bytes = total_bytes;
    progress->started_us = timestamp_monotonic();
    progress->on_terminal = isatty(STDERR_FILENO) == 1 && log_get_level() != LOG_QUIET;
    return progress;
}

/* 1234567 as "1,234,567". */
static const char *with_commas(uint64_t number, char out[NUMBER_SIZE])
{
    size_t at = NUMBER_SIZE - 1;
    int digits = 0;

    out[at] = '\0';
    do {
        if (digits > 0 && digits % 3 == 0)
            out[--at] = ',';
        out[--at] = (char)('0' + number % 10);
        number /= 10;
        digits++;
    } while (number > 0);
    return out + at;
}

static void write_time_left(const struct progress *progress, uint64_t done_bytes, int64_t elapsed_us)
{
    double share = (double)done_bytes / (double)progress->total_bytes;

    if (share <= 0 || share > 1)
        return;
    fprintf(stderr, " · %d %%", (int)(share * 100));
    if (elapsed_us < RATE_AFTER_US)
        return;

    int64_t left = (int64_t)((double)elapsed_us * (1 - share) / share / 1e6 + 0.5);
    if (left >= 3600)
        fprintf(stderr, " · %" PRId64 ":%02d:%02d left", left / 3600, (int)(left / 60 % 60), (int)(left % 60));
    else
        fprintf(stderr, " · %d:%02d left", (int)(left / 60), (int)(left % 60));
}

void progress_show(struct progress *progress, uint64_t done_bytes, uint64_t rows)
{
    char number[NUMBER_SIZE];
    int64_t now = progress->on_terminal ? timestamp_monotonic() : 0;

    if (!progress->on_terminal || now - progress->shown_us < INTERVAL_US)
        return;
    progress->shown_us = now;

    int64_t elapsed = now - progress->started_us;
    /* Without automatic wrapping a line that is too long for the terminal is cut. */
    fprintf(stderr, "\r\033[?7l\033[K%s · %s rows", progress->what, with_commas(rows, number));
    if (elapsed >= RATE_AFTER_US)
        fprintf(stderr, " · %s rows/s", with_commas((uint64_t)((double)rows * 1e6 / (double)elapsed), number));
    if (progress->total_bytes > 0)
        write_time_left(progress, done_bytes, elapsed);
    fputs("\033[?7h", stderr);
    fflush(stderr);
    line_stands = true;
}

void progress_free(struct progress *progress)
{
    if (progress == NULL)
        return;
    progress_hide();
    free(progress->what);
    free(progress);
}
