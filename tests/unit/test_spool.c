/* SPDX-License-Identifier: MIT */
/* The gateway's spool, on real files: what its header promises of requests. */

#include <pthread.h>

#include "spool_folder.h"

TestSuite(spool, .init = set_up, .fini = tear_down, .timeout = 60);

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

Test(spool, withdraws_what_was_not_sent)
{
    struct spool *spool = open_one();
    struct spool_reader *reader = reader_of(false);
    struct spool_entry entries[4];
    struct spool_state state;

    (void)add_whole(spool, NOW);
    cr_assert_eq(intend(spool, "{\"a\":1}", NOW), 2);
    spool_withdraw(spool, 2);
    UNTIL(spool, state, state.unanswered == 0);
    cr_expect_eq(state.entries, 2, "its number is still to be accounted for");
    cr_assert_eq(read_some(reader, entries, 4), 2);
    cr_expect(!spool_entry_is_withdrawn(&entries[0]));
    cr_expect(entries[1].number == 2 && spool_entry_is_withdrawn(&entries[1]));
    drain(spool, entries, 2);
    spool_look(spool, &state);
    cr_expect(state.entries == 0 && state.bytes == 0);
    cr_assert_eq(intend(spool, "{}", NOW), 3, "the number is not given again");
    spool_finish(spool, 2, STR("{}"));
    spool_withdraw(spool, 1);
    spool_reader_close(reader);
    spool_close(spool);

    /* The same after another start; what is neither is not known. */
    spool = open_one();
    reader = reader_of(true);
    cr_assert_eq(read_some(reader, entries, 4), 3);
    cr_expect(!spool_entry_is_withdrawn(&entries[0]) && spool_entry_is_withdrawn(&entries[1]), "the first word stands");
    cr_expect(text_is(entries[2].outcome, "{\"outcome\":\"unknown\"}") && !spool_entry_is_withdrawn(&entries[2]));
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
        cr_assert_eq(intend(spool, "{}", NOW + i), (uint64_t)i);
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

/* ---- what goes ---- */

static void drain_all(struct spool *spool)
{
    struct spool_reader *reader = reader_of(false);
    struct spool_entry entries[100];
    struct spool_state state;
    size_t count;

    UNTIL(spool, state, state.unanswered == 0);
    while ((count = read_some(reader, entries, 100)) > 0)
        drain(spool, entries, count);
    spool_reader_close(reader);
}

static size_t count_kept(void)
{
    struct spool_reader *reader = reader_of(true);
    struct spool_entry entries[1000];
    size_t count = read_some(reader, entries, 1000);

    spool_reader_close(reader);
    return count;
}

Test(spool, keeps_drained_entries_for_a_while)
{
    struct spool_options with = options();

    with.keep_us = 300000;
    struct spool *spool = open_with(&with);
    for (int i = 0; i < 200; i++)
        (void)add_whole(spool, NOW);
    drain_all(spool);
    int64_t drained = timestamp_monotonic();
    cr_expect_eq(count_kept(), 200);
    cr_assert_eq(intend(spool, "{}", NOW), 201);
    for (int tries = 0; count_kept() > 0; tries++) {
        cr_assert_lt(tries, 2000);
        usleep(5000);
    }
    cr_expect_geq(timestamp_monotonic() - drained, 300000);
    spool_close(spool);

    /* What is not drained stays, and no number comes back. */
    spool = open_with(&with);
    cr_expect_eq(count_kept(), 1);
    cr_expect_eq(add_whole(spool, NOW), 202);
    drain_all(spool);
    for (int tries = 0; count_kept() > 0; tries++) {
        cr_assert_lt(tries, 2000);
        usleep(5000);
    }
    spool_close(spool);
    spool = open_with(&with);
    cr_expect_eq(add_whole(spool, NOW), 203);
    spool_close(spool);
}

/* Neither the entries' times nor the time that it was closed matter: no step of the clock throws anything away. */
Test(spool, throws_nothing_away_because_a_clock_stepped)
{
    struct spool *spool = open_one();

    for (int i = 0; i < 50; i++)
        (void)add_whole(spool, NOW + (i % 2 == 0 ? -1 : 1) * 3650 * DAYS);
    drain_all(spool);
    spool_close(spool);
    spool = open_one();
    usleep(1300000);
    cr_expect_eq(count_kept(), 50);
    spool_close(spool);
}

Test(spool, says_until_when_all_is_drained)
{
    struct spool *spool = open_one();
    struct spool_state state;
    int64_t now = timestamp_now();

    cr_expect_geq(spool_until(spool), now);
    (void)add_whole(spool, now - 5000000);
    (void)add_whole(spool, now - 9000000);
    (void)add_whole(spool, now - 1000000);
    cr_expect_eq(spool_until(spool), now - 9000000, "the second is the oldest, as the clock stepped back");
    UNTIL(spool, state, state.unanswered == 0);
    cr_expect_eq(state.oldest_us, now - 9000000);

    struct spool_reader *reader = reader_of(false);
    struct spool_entry entries[3];
    cr_assert_eq(read_some(reader, entries, 3), 3);
    drain(spool, entries, 2);
    cr_expect_eq(spool_until(spool), now - 1000000);
    drain(spool, entries + 2, 1);
    cr_expect_geq(spool_until(spool), now);
    spool_reader_close(reader);
    spool_close(spool);
}

/* From the queue to the entry an intent passes through the writer's hands: it counts all that time. */
Test(spool, says_nothing_beyond_what_is_on_its_way)
{
    struct spool *spool = open_one();

    for (int i = 0; i < 300; i++) {
        int64_t time_us = timestamp_now() - 1000000, until;
        struct spool_ticket ticket = {.caller = &caller};
        const struct spool_ticket *done;
        spool_intend(spool, &ticket, STR("{}"), time_us);
        spool_wake(spool);
        do {
            done = spool_take_done(spool, &caller);
            until = spool_until(spool);
            cr_assert_leq(until, time_us, "round %d", i);
        } while (done == NULL);
        spool_finish(spool, ticket.number, STR("{}"));
        struct spool_reader *reader = reader_of(false);
        struct spool_entry entry;
        while (read_some(reader, &entry, 1) == 0)
            usleep(1000);
        drain(spool, &entry, 1);
        spool_reader_close(reader);
    }
    spool_close(spool);
}

Test(spool, hands_notes_on_once)
{
    struct spool *spool = open_one();
    struct spool_reader *reader = reader_of(false);
    struct spool_kept_note notes[4];
    struct error err;
    size_t count = 0;

    spool_note(spool, "gate", STR("{\"decision\":\"observed\"}"));
    spool_note(spool, "gate", STR("{\"decision\":\"refused\"}"));
    for (int tries = 0; count < 2 && tries < 4000; tries++) {
        usleep(1000);
        cr_assert(spool_read_notes(reader, notes, 4, &count, &err), "%s", err.text);
    }
    cr_assert_eq(count, 2);
    cr_expect(notes[0].number == 1 && text_is(notes[0].json, "{\"decision\":\"observed\"}"));
    cr_assert(spool_notes_drained(spool, notes, 1, &err));
    cr_assert(spool_read_notes(reader, notes, 4, &count, &err));
    cr_assert_eq(count, 1);
    cr_expect(notes[0].number == 2 && strcmp(notes[0].kind, "gate") == 0);
    cr_assert(spool_notes_drained(spool, notes, 1, &err));
    spool_reader_close(reader);
    spool_close(spool);
}

/* ---- many threads ---- */

#define THREADS  4
#define REQUESTS 400

struct sender {
    struct spool *spool;
    struct spool_ticket tickets[REQUESTS];
};

static void *send_some(void *context)
{
    struct sender *sender = context;
    struct spool_state state;

    for (int i = 0; i < REQUESTS; i++) {
        sender->tickets[i].caller = &caller;
        spool_intend(sender->spool, &sender->tickets[i], STR("{\"x\":1}"), timestamp_now());
        spool_wake(sender->spool);
        if (i % 16 == 0)
            spool_note(sender->spool, "gate", STR("{}"));
        if (i % 64 == 0)
            (void)!spool_missed(sender->spool, timestamp_now());
        spool_look(sender->spool, &state);
        (void)spool_until(sender->spool);
    }
    return NULL;
}

static void *drain_some(void *context)
{
    struct spool *spool = context;
    size_t drained = 0;

    struct spool_reader *reader = reader_of(false);
    struct spool_entry entries[50];
    for (int tries = 0; drained < (size_t)THREADS * REQUESTS && tries < 4000; tries++) {
        size_t count = read_some(reader, entries, 50);
        drain(spool, entries, count);
        drained += count;
        if (count == 0)
            usleep(2000);
    }
    spool_reader_close(reader);
    cr_expect_eq(drained, (size_t)THREADS * REQUESTS);
    return NULL;
}

Test(spool, may_be_used_by_any_thread)
{
    static struct sender senders[THREADS];
    pthread_t threads[THREADS], drainer;
    struct spool *spool = open_one();
    struct spool_state state;
    uint64_t ignored;

    pthread_create(&drainer, NULL, drain_some, spool);
    for (size_t i = 0; i < THREADS; i++) {
        senders[i].spool = spool;
        pthread_create(&threads[i], NULL, send_some, &senders[i]);
    }
    for (size_t done = 0; done < (size_t)THREADS * REQUESTS;) {
        struct pollfd woken = {.fd = caller.wake_fd, .events = POLLIN};
        cr_assert_eq(poll(&woken, 1, 20000), 1);
        cr_assert_eq(read(caller.wake_fd, &ignored, sizeof(ignored)), sizeof(ignored));
        for (struct spool_ticket *ticket = spool_take_done(spool, &caller); ticket != NULL;
             ticket = ticket->next, done++)
            spool_finish(spool, ticket->number, STR("{\"outcome\":\"ok\"}"));
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    pthread_join(drainer, NULL);
    spool_look(spool, &state);
    cr_expect(state.entries == 0 && state.unanswered == 0);
    cr_expect_eq(state.bytes, count_of("SELECT sum(length(json)) FROM note"), "the notes are left");
    cr_expect_eq(state.last_number, THREADS * REQUESTS);
    cr_expect_eq(state.missed, THREADS * (REQUESTS / 64 + 1));
    spool_close(spool);
}
