/* SPDX-License-Identifier: MIT */
/* Feeds JSON lines of standard input: feed_driver DATABASE HOME LINES-A-BATCH [CONTRACT]. Prints each line's verdict,
 * and on standard error the time that the batches took. An empty line begins the next group. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/ingest_feed.h"

static const char *const verdicts[] = {"added", "duplicate", "quarantined"};

static void print_verdicts(const struct ingest_feed_line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        printf("%s", verdicts[lines[i].verdict]);
        if (lines[i].verdict == INGEST_QUARANTINED)
            printf(" %s [%s] %s", lines[i].reason, lines[i].field, lines[i].why);
        putchar('\n');
    }
}

static size_t read_lines(struct ingest_feed_line *lines, size_t max, const char *contract, uint64_t *group)
{
    static uint64_t position;
    char *text = NULL;
    size_t room = 0, count = 0;
    ssize_t size;

    while (count < max && (size = getline(&text, &room, stdin)) > 0) {
        if (size == 1) {
            ++*group;
            position = 0;
            continue;
        }
        lines[count++] = (struct ingest_feed_line){
            .text = {text, (size_t)size - 1}, .contract = contract, .position = ++position, .group = *group};
        text = NULL;
        room = 0;
    }
    free(text);
    return count;
}

static void free_lines(struct ingest_feed_line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free((void *)(uintptr_t)lines[i].text.data);
}

static bool run(const struct db_target *target, size_t max, const char *contract, struct error *err)
{
    struct ingest_feed_line *lines = mem_alloc(max * sizeof *lines);
    struct ingest_result result = {0};
    struct ingest_feed *feed = NULL;
    uint64_t group = 0;
    int64_t spent_us = 0;
    size_t count = 0;
    bool done = ingest_feed_open(&feed, target, &(struct ingest_feed_options){.name = "feed test", .by = "test"}, err);

    while (done && (count = read_lines(lines, max, contract, &group)) > 0) {
        int64_t start = timestamp_monotonic();
        done = ingest_feed_write(feed, lines, count, &result, err);
        spent_us += timestamp_monotonic() - start;
        if (done)
            print_verdicts(lines, count);
        free_lines(lines, count);
    }
    fprintf(stderr, "%" PRIu64 " lines, %" PRIu64 " batches, %.3f s, %.0f lines a second\n", result.totals.read,
            result.totals.batches, (double)spent_us / 1e6, (double)result.totals.read * 1e6 / (double)(spent_us + 1));
    ingest_feed_close(feed);
    free(lines);
    return done;
}

int main(int argc, char **argv)
{
    struct db_target target = {.conninfo = argc > 2 && argv[1][0] != '\0' ? argv[1] : NULL, .origin = "the test"};
    struct error err = {0};

    if (argc < 4) {
        fprintf(stderr, "usage: feed_driver DATABASE HOME LINES-A-BATCH [CONTRACT]\n");
        return EXIT_USAGE;
    }
    target.home = argv[2];
    if (run(&target, strtoul(argv[3], NULL, 10), argc > 4 ? argv[4] : NULL, &err))
        return EXIT_DONE;
    fprintf(stderr, "%s\n", err.text);
    return (int)err.code;
}
