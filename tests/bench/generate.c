/* SPDX-License-Identifier: MIT */
/* Writes a month's request log as JSON lines: generate LINES SUBJECTS SEED YYYY-MM. The same arguments give the same
 * bytes. */

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct plan {
    uint64_t lines, subjects, seed;
    time_t month_start;
    uint64_t month_ms;
};

/* splitmix64: a bijection, so that equal ids cannot come of different lines. */
static uint64_t mixed(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* Rank r with a chance like 1/r: few users make most of the requests. Lines at equal distances go through all the
 * subjects once, so that each of them is there. */
static uint64_t subject_rank(const struct plan *plan, uint64_t line, uint64_t random)
{
    uint64_t step = plan->lines / plan->subjects;
    if (step > 0 && line % step == 0 && line / step < plan->subjects)
        return line / step * UINT64_C(1000003) % plan->subjects;
    double uniform = (double)(random >> 11) / 9007199254740992.0;
    uint64_t rank = (uint64_t)exp(uniform * log((double)plan->subjects + 1)) - 1;
    return rank < plan->subjects ? rank : plan->subjects - 1;
}

/* 97 of 100 requests are answered; the rest are those that a log is full of. */
static int status_of(uint64_t random)
{
    static const int others[] = {429, 503, 404};
    return random % 100 < 97 ? 200 : others[random % 100 - 97];
}

static void write_line(const struct plan *plan, uint64_t line)
{
    static const char *const endpoints[] = {"totals", "28hr", "historical"};
    uint64_t random = mixed(plan->seed ^ mixed(line));
    uint64_t rank = subject_rank(plan, line, random);
    uint64_t ms = line * plan->month_ms / plan->lines;
    time_t seconds = plan->month_start + (time_t)(ms / 1000);
    struct tm at;
    char when[32];
    gmtime_r(&seconds, &at);
    strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &at);
    uint64_t more = mixed(random);
    printf("{\"id\":\"%016" PRIx64 "\",\"time\":\"%s.%03dZ\",\"user_id\":\"%" PRIu64 "\",\"endpoint\":\"%s\","
           "\"tweet_count\":%d,\"status\":%d,\"rate_limit\":900,\"rate_remaining\":%d,\"latency_ms\":%d,"
           "\"label\":\"t%d\"}\n",
           mixed(line + (plan->seed << 40)), when, (int)(ms % 1000), UINT64_C(100000000) + rank * 7369,
           endpoints[more % 3], (int)(more / 3 % 250 + 1), status_of(more / 1000), (int)(more / 100000 % 900),
           (int)(more / 10000000 % 400 + 20), (int)(rank % 40));
}

static int read_month(const char *text, struct plan *plan)
{
    struct tm first = {0};
    const char *end = strptime(text, "%Y-%m", &first);
    if (end == NULL || *end != '\0')
        return 0;
    first.tm_mday = 1;
    plan->month_start = timegm(&first);
    first.tm_mon++;
    plan->month_ms = (uint64_t)(timegm(&first) - plan->month_start) * 1000;
    return 1;
}

int main(int argc, char **argv)
{
    struct plan plan = {0};
    if (argc == 5) {
        plan.lines = strtoull(argv[1], NULL, 10);
        plan.subjects = strtoull(argv[2], NULL, 10);
        plan.seed = strtoull(argv[3], NULL, 10);
    }
    if (plan.lines == 0 || plan.subjects == 0 || !read_month(argv[4], &plan)) {
        fprintf(stderr, "usage: generate LINES SUBJECTS SEED YYYY-MM\n");
        return 2;
    }
    for (uint64_t line = 0; line < plan.lines; line++)
        write_line(&plan, line);
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
