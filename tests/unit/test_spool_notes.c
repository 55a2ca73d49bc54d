/* SPDX-License-Identifier: MIT */
/* The spool's notes against its limit, and what its log says of that limit. */

#include "spool_folder.h"

TestSuite(spool_notes, .init = set_up, .fini = tear_down, .timeout = 60);

#define NOTE      "{\"decision\":\"offline_passed\"}"
#define NOTE_SIZE (sizeof(NOTE) - 1)

static size_t read_notes(struct spool_reader *reader, struct spool_kept_note *notes, size_t max)
{
    struct error err;
    size_t count;

    cr_assert(spool_read_notes(reader, notes, max, &count, &err), "%s", err.text);
    return count;
}

static void note_many(struct spool *spool, int count)
{
    for (int i = 0; i < count; i++)
        spool_note(spool, "gate", STR(NOTE));
    (void)intend(spool, "{}", NOW); /* they are written with it at the latest */
}

/* How many notes the gap records say are missing; *records: how many of these there are. */
static unsigned long long lost_of(const struct spool_kept_note *notes, size_t count, size_t *records)
{
    unsigned long long lost = 0;

    *records = 0;
    for (size_t i = 0; i < count; i++) {
        const char *said = strcmp(notes[i].kind, "gap") == 0 ? strstr(notes[i].json.data, "keep: ") : NULL;
        lost += said != NULL ? strtoull(said + 6, NULL, 10) : 0;
        *records += said != NULL;
    }
    return lost;
}

Test(spool_notes, count_until_they_are_drained)
{
    struct spool *spool = open_one();
    struct spool_kept_note notes[4];
    struct spool_state state;
    struct error err;

    spool_note(spool, "gate", STR(NOTE));
    spool_note(spool, "gate", STR(NOTE));
    UNTIL(spool, state, state.bytes == 2 * NOTE_SIZE);
    cr_expect_eq(state.entries, 0);
    spool_close(spool);

    spool = open_one();
    spool_look(spool, &state);
    cr_expect_eq(state.bytes, 2 * NOTE_SIZE, "after another start too");
    struct spool_reader *reader = reader_of(false);
    cr_assert_eq(read_notes(reader, notes, 4), 2);
    cr_assert(spool_notes_drained(spool, notes, 1, &err), "%s", err.text);
    cr_assert(spool_notes_drained(spool, notes, 1, &err), "%s", err.text);
    spool_look(spool, &state);
    cr_expect_eq(state.bytes, NOTE_SIZE);
    spool_reader_close(reader);
    spool_close(spool);
}

Test(spool_notes, take_an_eighth_of_the_limit_and_what_is_missing_is_on_record)
{
    enum {
        FIT = 8,
        LOST = 500
    };
    struct spool_options with = options();
    struct spool_kept_note notes[LOST];
    struct spool_state state;
    struct error err;
    size_t records;

    with.limit_bytes = 8 * FIT * NOTE_SIZE;
    struct spool *spool = open_with(&with);
    note_many(spool, FIT + LOST / 2);
    note_many(spool, LOST / 2);
    spool_look(spool, &state);
    cr_expect(!state.full && state.entries == 2, "requests have the rest of it");
    spool_close(spool);

    spool = open_with(&with);
    struct spool_reader *reader = reader_of(false);
    size_t count = read_notes(reader, notes, LOST);
    cr_expect_eq(lost_of(notes, count, &records), LOST, "none is missing in silence");
    cr_expect(records == 1 || records == 2, "%zu records: as they came, and at the end", records);
    cr_expect_eq(count - records, FIT);
    spool_look(spool, &state);
    cr_expect_geq(state.gaps_waiting, 1);
    cr_assert(spool_notes_drained(spool, notes, count, &err), "%s", err.text);
    note_many(spool, FIT);
    cr_expect_eq(read_notes(reader, notes, LOST), FIT, "once they are drained there is room again");
    spool_reader_close(reader);
    spool_close(spool);
}

/* ---- the log ---- */

static char *said_while(void (*run)(void))
{
    static char text[4096];
    int pipe_fds[2], before = dup(STDERR_FILENO);

    cr_assert_eq(pipe(pipe_fds), 0);
    cr_assert_geq(dup2(pipe_fds[1], STDERR_FILENO), 0);
    run();
    cr_assert_geq(dup2(before, STDERR_FILENO), 0);
    close(pipe_fds[1]);
    close(before);
    ssize_t size = read(pipe_fds[0], text, sizeof(text) - 1);
    text[size > 0 ? size : 0] = '\0';
    close(pipe_fds[0]);
    return text;
}

static size_t count_in(const char *text, const char *part)
{
    size_t count = 0;

    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        count++;
    return count;
}

static void fill_and_empty_twice(void)
{
    struct spool_options with = options();
    struct spool_entry entries[4];
    struct spool_state state;

    with.limit_bytes = 40;
    struct spool *spool = open_with(&with);
    struct spool_reader *reader = reader_of(false);
    for (int cycle = 0; cycle < 2; cycle++) {
        cr_assert_neq(add_whole(spool, NOW), 0);
        for (int i = 0; i < 3; i++)
            cr_assert_eq(intend(spool, "{\"user_id\":\"8\"}", NOW), 0);
        UNTIL(spool, state, state.unanswered == 0);
        drain(spool, entries, read_some(reader, entries, 4));
    }
    spool_reader_close(reader);
    spool_close(spool);
}

Test(spool_notes, limit_is_said_once_when_it_is_reached_and_once_when_there_is_room)
{
    char *said = said_while(fill_and_empty_twice);

    cr_expect_eq(count_in(said, "the spool's limit of 40 bytes is reached"), 2, "%s", said);
    cr_expect_eq(count_in(said, "has room again"), 2, "%s", said);
}
