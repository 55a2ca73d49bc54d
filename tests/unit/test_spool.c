/* SPDX-License-Identifier: MIT */
/* The gateway's spool, on real files: what its header promises. */

#include <criterion/criterion.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/spool.h"

#define NOW  INT64_C(1790000000000000)
#define DAYS INT64_C(86400000000)

static char folder[64];
static int wake_fd = -1;

static void set_up(void)
{
    memcpy(folder, "/tmp/spool.XXXXXX", sizeof("/tmp/spool.XXXXXX"));
    cr_assert_not_null(mkdtemp(folder));
    wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

static char *path_of(const char *name)
{
    static char path[128];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static void tear_down(void)
{
    static const char *const files[] = {"lock", "spool.db", "spool.db-wal", "spool.db-shm", "spool.state"};

    for (size_t i = 0; i < ARRAY_LENGTH(files); i++)
        unlink(path_of(files[i]));
    rmdir(folder);
    close(wake_fd);
}

TestSuite(spool, .init = set_up, .fini = tear_down, .timeout = 60);

static struct spool_options options(void)
{
    return (struct spool_options){
        .folder = folder, .durability = SPOOL_WRITE, .limit_bytes = 1 << 20, .keep_us = 7 * DAYS, .wake_fd = wake_fd};
}

static struct spool *open_with(const struct spool_options *with)
{
    struct error err;
    struct spool *spool;

    cr_assert(spool_open(&spool, with, &err), "%s", err.text);
    return spool;
}

static struct spool *open_one(void)
{
    struct spool_options with = options();
    return open_with(&with);
}

/* Waits for count tickets; returns how many of them were refused, and checks that numbers ascend. */
static size_t wait_for(struct spool *spool, size_t count)
{
    struct pollfd woken = {.fd = wake_fd, .events = POLLIN};
    uint64_t ignored, last = 0;
    size_t refused = 0;

    while (count > 0) {
        cr_assert_eq(poll(&woken, 1, 20000), 1, "nobody was woken");
        cr_assert_eq(read(wake_fd, &ignored, sizeof(ignored)), sizeof(ignored));
        for (struct spool_ticket *ticket = spool_take_done(spool); ticket != NULL; ticket = ticket->next, count--) {
            refused += ticket->number == 0;
            cr_assert(ticket->number == 0 || ticket->number > last);
            last = ticket->number != 0 ? ticket->number : last;
        }
    }
    return refused;
}

static uint64_t intend(struct spool *spool, const char *intent, int64_t time_us)
{
    struct spool_ticket ticket = {.number = 77};

    spool_intend(spool, &ticket, str_of(intent), time_us);
    (void)wait_for(spool, 1);
    return ticket.number;
}

static uint64_t add_whole(struct spool *spool, int64_t time_us)
{
    uint64_t number = intend(spool, "{\"user_id\":\"7\"}", time_us);

    spool_finish(spool, number, STR("{\"outcome\":\"ok\"}"));
    return number;
}

/* Outcomes and notes have nobody who waits for them: until the state is as wanted. */
#define UNTIL(spool, state, condition)                                                                                 \
    do {                                                                                                               \
        for (int tries = 0; spool_look(spool, &(state)), !(condition); tries++) {                                      \
            cr_assert_lt(tries, 4000, "never: %s", #condition);                                                        \
            usleep(5000);                                                                                              \
        }                                                                                                              \
    } while (0)

static struct spool_reader *reader_of(bool replay)
{
    struct error err;
    struct spool_reader *reader;

    cr_assert(spool_reader_open(&reader, folder, replay, &err), "%s", err.text);
    return reader;
}

static size_t read_some(struct spool_reader *reader, struct spool_entry *entries, size_t max)
{
    struct error err;
    size_t count;

    cr_assert(spool_read(reader, entries, max, &count, &err), "%s", err.text);
    return count;
}

static void drain(struct spool *spool, const struct spool_entry *entries, size_t count)
{
    struct error err;
    cr_assert(spool_drained(spool, entries, count, &err), "%s", err.text);
}

static bool text_is(struct str text, const char *wanted)
{
    return str_equal(text, str_of(wanted));
}

Test(spool, keeps_a_request_and_gives_it_to_the_drain)
{
    struct spool *spool = open_one();
    struct spool_reader *reader = reader_of(false);
    struct spool_entry entries[4];
    struct spool_state state;

    cr_expect_eq(strlen(spool_id(spool)), 32);
    cr_expect_str_eq(spool_folder(spool), folder);
    cr_assert_eq(intend(spool, "{\"a\":1}", NOW), 1);
    cr_expect_eq(read_some(reader, entries, 4), 0, "an intent without its outcome is not drained");
    spool_look(spool, &state);
    cr_expect(state.entries == 1 && state.unanswered == 1 && state.last_number == 1 && state.oldest_us == NOW);
    spool_finish(spool, 1, STR("{\"b\":2}"));
    UNTIL(spool, state, state.unanswered == 0);
    cr_expect_eq(state.bytes, 14);
    cr_assert_eq(read_some(reader, entries, 4), 1);
    cr_expect(entries[0].number == 1 && entries[0].time_us == NOW);
    cr_expect(text_is(entries[0].intent, "{\"a\":1}") && text_is(entries[0].outcome, "{\"b\":2}"));
    drain(spool, entries, 1);
    spool_look(spool, &state);
    cr_expect(state.entries == 0 && state.bytes == 0 && state.oldest_us == 0 && state.last_number == 1);
    cr_expect_eq(read_some(reader, entries, 4), 0);
    spool_reader_close(reader);
    spool_close(spool);
}

Test(spool, goes_on_where_it_was_closed)
{
    struct spool *spool = open_one();
    struct spool_state state;
    char id[33];

    memcpy(id, spool_id(spool), sizeof(id));
    (void)add_whole(spool, NOW);
    (void)add_whole(spool, NOW + 1);
    spool_close(spool);
    spool = open_one();
    cr_expect_str_eq(spool_id(spool), id);
    spool_look(spool, &state);
    cr_expect(state.entries == 2 && state.unanswered == 0 && state.bytes == 62 && state.oldest_us == NOW);
    cr_expect_eq(add_whole(spool, NOW + 2), 3);
    spool_close(spool);
}

Test(spool, says_unknown_where_the_outcome_never_came)
{
    struct spool *spool = open_one();
    struct spool_entry entries[4];

    (void)add_whole(spool, NOW);
    cr_assert_eq(intend(spool, "{}", NOW), 2);
    spool_close(spool);
    spool = open_one();
    struct spool_reader *reader = reader_of(false);
    cr_assert_eq(read_some(reader, entries, 4), 2);
    cr_expect(text_is(entries[0].outcome, "{\"outcome\":\"ok\"}"));
    cr_expect(text_is(entries[1].outcome, "{\"outcome\":\"unknown\"}"));
    spool_reader_close(reader);
    spool_close(spool);
}

Test(spool, drains_around_what_is_not_answered)
{
    struct spool *spool = open_one();
    struct spool_reader *reader = reader_of(false);
    struct spool_entry entries[16];
    struct spool_state state;

    for (int i = 1; i <= 9; i++)
        cr_assert_eq(intend(spool, "{}", NOW + i), i);
    for (uint64_t i = 1; i <= 9; i++) {
        if (i % 3 != 0)
            spool_finish(spool, i, STR("{}"));
    }
    UNTIL(spool, state, state.unanswered == 3);
    cr_assert_eq(read_some(reader, entries, 16), 6);
    drain(spool, entries, 6);
    cr_expect_eq(read_some(reader, entries, 16), 0);
    drain(spool, entries, 0);
    spool_finish(spool, 6, STR("{}"));
    UNTIL(spool, state, state.unanswered == 2);
    cr_assert_eq(read_some(reader, entries, 16), 1);
    cr_expect_eq(entries[0].number, 6);
    drain(spool, entries, 1);
    drain(spool, entries, 1);
    spool_look(spool, &state);
    cr_expect(state.entries == 2 && state.bytes == 4);
    spool_reader_close(reader);
    spool_close(spool);

    /* The same after another start. */
    spool = open_one();
    reader = reader_of(false);
    cr_assert_eq(read_some(reader, entries, 16), 2);
    cr_expect(entries[0].number == 3 && entries[1].number == 9);
    spool_reader_close(reader);
    spool_close(spool);
}

Test(spool, replays_what_was_drained)
{
    struct spool *spool = open_one();
    struct spool_reader *reader = reader_of(false);
    struct spool_entry entries[4];

    for (int i = 0; i < 5; i++)
        (void)add_whole(spool, NOW);
    struct spool_state state;
    UNTIL(spool, state, state.unanswered == 0);
    cr_assert_eq(read_some(reader, entries, 3), 3);
    drain(spool, entries, 3);
    spool_reader_close(reader);
    spool_close(spool);
    reader = reader_of(true);
    cr_assert_eq(read_some(reader, entries, 3), 3);
    cr_expect_eq(entries[0].number, 1);
    cr_assert_eq(read_some(reader, entries, 3), 2);
    cr_expect_eq(entries[1].number, 5);
    cr_assert_eq(read_some(reader, entries, 3), 0);
    spool_reader_close(reader);
}

Test(spool, refuses_above_its_limit_and_takes_again_once_drained)
{
    struct spool_options with = options();
    struct spool_entry entries[4];
    struct spool_state state;
    struct error err;

    with.limit_bytes = 40;
    struct spool *spool = open_with(&with);
    cr_assert_eq(add_whole(spool, NOW), 1);
    UNTIL(spool, state, state.unanswered == 0);
    cr_expect(!state.full && state.problem[0] == '\0');
    cr_assert_eq(intend(spool, "{\"user_id\":\"8\"}", NOW), 0, "31 + 15 bytes are over the limit");
    spool_look(spool, &state);
    cr_expect(state.full && strstr(state.problem, "limit of 40 bytes") != NULL, "%s", state.problem);
    cr_expect(spool_missed(spool, NOW + 5));
    cr_expect(spool_missed(spool, NOW + 3));
    cr_expect(spool_missed(spool, NOW + 9));
    spool_look(spool, &state);
    cr_expect(state.missed == 3 && state.gaps_waiting == 1);

    struct spool_reader *reader = reader_of(false);
    cr_assert_eq(read_some(reader, entries, 4), 1);
    drain(spool, entries, 1);
    spool_look(spool, &state);
    cr_expect(!state.full && state.problem[0] == '\0');
    cr_assert_eq(add_whole(spool, NOW + 20), 2, "a refused intent has no number");

    struct spool_kept_note notes[2];
    size_t count;
    cr_assert(spool_read_notes(reader, notes, 2, &count, &err), "%s", err.text);
    cr_assert_eq(count, 1);
    cr_expect_str_eq(notes[0].kind, "gap");
    char *wanted = mem_format("{\"from\":%" PRId64 ",\"until\":%" PRId64 ",\"requests\":3,"
                              "\"reason\":\"the limit of the spool was reached\"}",
                              NOW + 3, NOW + 9);
    cr_expect(text_is(notes[0].json, wanted), "%s", notes[0].json.data);
    free(wanted);
    cr_assert(spool_notes_drained(spool, notes, 1, &err), "%s", err.text);
    cr_assert(spool_read_notes(reader, notes, 2, &count, &err), "%s", err.text);
    cr_expect_eq(count, 0);
    spool_look(spool, &state);
    cr_expect(state.gaps_waiting == 0 && state.missed == 3);
    spool_reader_close(reader);
    spool_close(spool);
}
