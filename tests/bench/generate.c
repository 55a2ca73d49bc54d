/* SPDX-License-Identifier: MIT */
/* Writes a month's request log: generate LINES SUBJECTS SEED YYYY-MM [json|csv|cloudevents [FIRST]]. The same arguments
 * give the same bytes, and the formats the same events when they are taken in with `--source bench`. FIRST is the
 * number of the first subject: so months may have different users. */

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct plan {
    uint64_t lines, subjects, seed, first;
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

/* What a line says. */
struct entry {
    uint64_t id, user_id;
    char time[40];
    const char *endpoint;
    int tweet_count, status, rate_remaining, latency_ms, label;
};

static struct entry entry_of(const struct plan *plan, uint64_t line)
{
    static const char *const endpoints[] = {"totals", "28hr", "historical"};
    uint64_t random = mixed(plan->seed ^ mixed(line));
    uint64_t more = mixed(random);
    uint64_t rank = subject_rank(plan, line, random);
    uint64_t ms = line * plan->month_ms / plan->lines;
    time_t seconds = plan->month_start + (time_t)(ms / 1000);
    struct entry entry = {
        .id = mixed(line + (plan->seed << 40)),
        .user_id = UINT64_C(100000000) + (plan->first + rank) * 7369,
        .endpoint = endpoints[more % 3],
        .tweet_count = (int)(more / 3 % 250 + 1),
        .status = status_of(more / 1000),
        .rate_remaining = (int)(more / 100000 % 900),
        .latency_ms = (int)(more / 10000000 % 400 + 20),
        .label = (int)(rank % 40),
    };
    struct tm at;
    char when[32];
    gmtime_r(&seconds, &at);
    strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &at);
    snprintf(entry.time, sizeof(entry.time), "%s.%03dZ", when, (int)(ms % 1000));
    return entry;
}

static void write_json(const struct entry *entry)
{
    printf("{\"id\":\"%016" PRIx64 "\",\"time\":\"%s\",\"user_id\":\"%" PRIu64 "\",\"endpoint\":\"%s\","
           "\"tweet_count\":%d,\"status\":%d,\"rate_limit\":900,\"rate_remaining\":%d,\"latency_ms\":%d,"
           "\"label\":\"t%d\"}\n",
           entry->id, entry->time, entry->user_id, entry->endpoint, entry->tweet_count, entry->status,
           entry->rate_remaining, entry->latency_ms, entry->label);
}

static void write_csv(const struct entry *entry)
{
    printf("%016" PRIx64 ",%s,%" PRIu64 ",%s,%d,%d,900,%d,%d,t%d\n", entry->id, entry->time, entry->user_id,
           entry->endpoint, entry->tweet_count, entry->status, entry->rate_remaining, entry->latency_ms, entry->label);
}

static void write_cloudevents(const struct entry *entry)
{
    printf("{\"specversion\":\"1.0\",\"type\":\"com.x.engagement.request\",\"source\":\"bench\","
           "\"id\":\"%016" PRIx64 "\",\"time\":\"%s\",\"subject\":\"%" PRIu64 "\","
           "\"data\":{\"endpoint\":\"%s\",\"tweet_count\":%d,\"status\":%d,\"rate_limit\":900,\"rate_remaining\":%d,"
           "\"latency_ms\":%d,\"label\":\"t%d\"}}\n",
           entry->id, entry->time, entry->user_id, entry->endpoint, entry->tweet_count, entry->status,
           entry->rate_remaining, entry->latency_ms, entry->label);
}

static const struct format {
    const char *name;
    const char *header;
    void (*write)(const struct entry *entry);
} formats[] = {
    {"json", "", write_json},
    {"csv", "id,time,user_id,endpoint,tweet_count,status,rate_limit,rate_remaining,latency_ms,label\n", write_csv},
    {"cloudevents", "", write_cloudevents},
};

static const struct format *find_format(const char *name)
{
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    }
    return NULL;
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
    const struct format *format = find_format(argc >= 6 ? argv[5] : "json");
    if (argc >= 5 && argc <= 7) {
        plan.lines = strtoull(argv[1], NULL, 10);
        plan.subjects = strtoull(argv[2], NULL, 10);
        plan.seed = strtoull(argv[3], NULL, 10);
        plan.first = argc == 7 ? strtoull(argv[6], NULL, 10) : 0;
    }
    if (plan.lines == 0 || plan.subjects == 0 || format == NULL || !read_month(argv[4], &plan)) {
        fprintf(stderr, "usage: generate LINES SUBJECTS SEED YYYY-MM [json|csv|cloudevents [FIRST]]\n");
        return 2;
    }
    fputs(format->header, stdout);
    for (uint64_t line = 0; line < plan.lines; line++) {
        struct entry entry = entry_of(&plan, line);
        format->write(&entry);
    }
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
