/* SPDX-License-Identifier: MIT */
/* The gateway's spool, on real files: what its header promises. */

#include <criterion/criterion.h>
#include <errno.h>
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
#include "gateway/spool_slots.h"

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

/* ---- the folder ---- */

static mode_t mode_of(const char *path)
{
    struct stat found;

    cr_assert_eq(stat(path, &found), 0);
    return found.st_mode & 07777;
}

static void refuses_to_open(const char *why)
{
    struct spool_options with = options();
    struct spool *spool;
    struct error err = {0};

    cr_assert_not(spool_open(&spool, &with, &err));
    cr_expect_null(spool);
    cr_expect_eq(err.code, EXIT_COMMAND);
    cr_expect_not_null(strstr(err.text, why), "%s", err.text);
    cr_expect_not_null(strstr(err.text, folder), "%s", err.text);
}

Test(spool, is_its_users_alone)
{
    umask(0);
    rmdir(folder);
    struct spool *spool = open_one();
    (void)add_whole(spool, NOW);
    cr_expect_eq(mode_of(folder), 0700);
    cr_expect_eq(mode_of(path_of("spool.db")), 0600);
    cr_expect_eq(mode_of(path_of("spool.db-wal")), 0600);
    cr_expect_eq(mode_of(path_of("spool.db-shm")), 0600);
    cr_expect_eq(mode_of(path_of("spool.state")), 0600);
    cr_expect_eq(mode_of(path_of("lock")), 0600);
    spool_close(spool);
    chmod(folder, 0750);
    refuses_to_open("chmod 700");
    chmod(folder, 0700);
    spool_close(open_one());
}

Test(spool, belongs_to_one_gateway)
{
    struct spool *spool = open_one();
    char pid[48];

    (void)snprintf(pid, sizeof(pid), "in use by the process %d", (int)getpid());
    refuses_to_open(pid);
    spool_close(spool);
    spool_close(open_one());
}

Test(spool, has_an_id_of_its_own)
{
    struct spool *spool = open_one();
    char id[33];

    memcpy(id, spool_id(spool), sizeof(id));
    cr_expect_eq(strspn(id, "0123456789abcdef"), 32);
    spool_close(spool);
    unlink(path_of("spool.db"));
    spool = open_one();
    cr_expect_str_neq(spool_id(spool), id, "one that is made anew has another");
    spool_close(spool);
}

static void change_database(const char *sql)
{
    sqlite3 *db;

    cr_assert_eq(sqlite3_open(path_of("spool.db"), &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
    sqlite3_close(db);
}

Test(spool, refuses_what_it_does_not_know)
{
    spool_close(open_one());
    change_database("PRAGMA user_version = 2");
    refuses_to_open("made by a newer headroom (its schema is 2, this program knows 1)");
    change_database("PRAGMA user_version = 1; PRAGMA application_id = 7");
    refuses_to_open("no spool of headroom's");
}

static void overwrite(const char *name, off_t at, size_t size)
{
    int fd = open(path_of(name), O_WRONLY | O_CLOEXEC);

    for (size_t i = 0; i < size; i++)
        cr_assert_eq(pwrite(fd, "x", 1, at + (off_t)i), 1);
    close(fd);
}

static void fill_some(size_t count)
{
    struct spool *spool = open_one();

    for (size_t i = 0; i < count; i++)
        (void)add_whole(spool, NOW);
    spool_close(spool);
}

static struct stat file_of(const char *name)
{
    struct stat found;

    cr_assert_eq(stat(path_of(name), &found), 0);
    return found;
}

Test(spool, says_that_a_database_is_damaged_and_leaves_it_alone)
{
    fill_some(300);
    off_t size = file_of("spool.db").st_size;
    ino_t inode = file_of("spool.db").st_ino;

    cr_assert_eq(truncate(path_of("spool.db"), size - 8192), 0);
    refuses_to_open("is damaged");
    cr_expect_eq(file_of("spool.db").st_size, size - 8192);
    overwrite("spool.db", 4096, 8192);
    refuses_to_open("is damaged");
    overwrite("spool.db", 0, 100);
    refuses_to_open("is damaged");
    refuses_to_open("Move its folder away");
    cr_expect_eq(file_of("spool.db").st_ino, inode);
}

Test(spool, says_that_its_state_is_damaged)
{
    fill_some(1);
    overwrite("spool.state", 100, 20);
    spool_close(open_one());
    overwrite("spool.state", 100, 20);
    overwrite("spool.state", 4196, 20);
    refuses_to_open("spool.state is damaged");
    unlink(path_of("spool.state"));
    spool_close(open_one());
}

Test(spool, has_no_reader_where_it_is_not)
{
    struct spool_reader *reader;
    struct error err;

    cr_assert_not(spool_reader_open(&reader, folder, true, &err));
    cr_expect(strstr(err.text, folder) != NULL && err.code == EXIT_COMMAND, "%s", err.text);
    cr_expect_neq(access(path_of("spool.db"), F_OK), 0, "and it makes nothing");
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

/* ---- what a kill leaves ---- */

/* Runs something with a spool in a process that then ends as by kill -9. */
static void in_killed_process(void (*work)(struct spool *), const struct spool_options *with)
{
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        struct spool *spool;
        if (!spool_open(&spool, with, NULL))
            _exit(1);
        work(spool);
        kill(getpid(), SIGKILL);
    }
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert(WIFSIGNALED(status));
}

static void miss_three(struct spool *spool)
{
    struct spool_ticket ticket;

    spool_intend(spool, &ticket, STR("{\"too\":\"long for it\"}"), NOW);
    (void)wait_for(spool, 1);
    (void)!spool_missed(spool, NOW);
    (void)!spool_missed(spool, NOW + 2000000);
    (void)!spool_missed(spool, NOW + 1000000);
}

Test(spool, puts_a_gap_on_record_after_a_kill)
{
    struct spool_options with = options();
    struct spool_kept_note notes[2];
    struct error err;
    size_t count;
    int64_t from, until, requests;

    with.limit_bytes = 4;
    in_killed_process(miss_three, &with);
    for (int i = 0; i < 2; i++) {
        spool_close(open_one());
        struct spool_reader *reader = reader_of(false);
        cr_assert(spool_read_notes(reader, notes, 2, &count, &err));
        cr_assert_eq(count, 1, "once");
        cr_assert_eq(sscanf(notes[0].json.data, "{\"from\":%" SCNd64 ",\"until\":%" SCNd64 ",\"requests\":%" SCNd64,
                            &from, &until, &requests),
                     3);
        cr_expect_eq(from, NOW);
        cr_expect(until >= NOW + 2000000 && until <= NOW + 12000000, "%s", notes[0].json.data);
        cr_expect(requests >= 1 && requests <= 3);
        cr_expect_not_null(strstr(notes[0].json.data, "the limit of the spool was reached; at least"));
        spool_reader_close(reader);
    }
}

static void intend_some(struct spool *spool)
{
    for (int i = 0; i < 20; i++)
        (void)intend(spool, "{}", NOW);
}

Test(spool, gives_entries_without_outcome_one_after_a_kill)
{
    struct spool_options with = options();
    struct spool_entry entries[30];

    in_killed_process(intend_some, &with);
    struct spool *spool = open_one();
    struct spool_reader *reader = reader_of(false);
    cr_assert_eq(read_some(reader, entries, 30), 20);
    for (size_t i = 0; i < 20; i++)
        cr_expect(entries[i].number == i + 1 && text_is(entries[i].outcome, "{\"outcome\":\"unknown\"}"));
    cr_expect_eq(add_whole(spool, NOW), 21);
    spool_reader_close(reader);
    spool_close(spool);
}

/* As if the system had been started anew since. */
static void change_boot(void)
{
    struct slots_state state;
    struct slots *slots;
    struct error err;

    cr_assert(slots_open(&slots, folder, &state, &err), "%s", err.text);
    memcpy(state.boot, "another", sizeof("another"));
    cr_assert(slots_write(slots, &state, &err), "%s", err.text);
    slots_close(slots);
}

Test(spool, gives_no_number_again_that_a_loss_of_power_may_have_taken)
{
    struct spool_options with = options();
    struct spool_kept_note notes[2];
    struct error err;
    size_t count;

    in_killed_process(intend_some, &with);
    change_boot();
    struct spool *spool = open_one();
    struct spool_reader *reader = reader_of(false);
    cr_expect_gt(add_whole(spool, NOW), 1000000);
    cr_assert(spool_read_notes(reader, notes, 2, &count, &err));
    cr_assert_eq(count, 1);
    cr_expect_not_null(strstr(notes[0].json.data, "the machine went down"), "%s", notes[0].json.data);
    spool_reader_close(reader);
    spool_close(spool);

    with.durability = SPOOL_FSYNC;
    in_killed_process(intend_some, &with);
    change_boot();
    spool = open_with(&with);
    uint64_t next = add_whole(spool, NOW);
    cr_expect_lt(next, 1100000, "with fsync nothing can be lost: %" PRIu64, next);
    spool_close(spool);
}

/* ---- a disk that fails ---- */

static _Atomic bool disk_fails;

/* In place of libc's, also for SQLite: what waits for the log of writes may fail, after it was written. */
int fdatasync(int fd)
{
    char link[64], path[160];

    (void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof(path) - 1);
    path[size > 0 ? size : 0] = '\0';
    if (disk_fails && strstr(path, "spool.db-wal") != NULL) {
        errno = EIO;
        return -1;
    }
    return fsync(fd);
}

static void fail_midway(struct spool *spool)
{
    if (intend(spool, "{\"kept\":1}", NOW) != 1)
        _exit(1);
    disk_fails = true;
    if (intend(spool, "{\"kept\":0}", NOW) != 0)
        _exit(1);
}

Test(spool, never_was_what_it_refused)
{
    struct spool_options with = options();
    struct spool_entry entries[4];

    with.durability = SPOOL_FSYNC;
    in_killed_process(fail_midway, &with);
    struct spool *spool = open_one();
    struct spool_reader *reader = reader_of(false);
    cr_assert_eq(read_some(reader, entries, 4), 1, "the refused one is whole in the log of writes, all the same");
    cr_expect(text_is(entries[0].intent, "{\"kept\":1}"));
    cr_expect_eq(add_whole(spool, NOW), 3, "its number is never given again");
    spool_reader_close(reader);
    spool_close(spool);
}

Test(spool, goes_on_once_the_disk_works_again)
{
    struct spool_options with = options();
    struct spool_entry entries[8];
    struct spool_state state;
    struct error err;

    with.durability = SPOOL_FSYNC;
    struct spool *spool = open_with(&with);
    cr_assert_eq(intend(spool, "{}", NOW), 1);
    disk_fails = true;
    cr_assert_eq(intend(spool, "{}", NOW), 0);
    spool_look(spool, &state);
    cr_expect(state.full && strstr(state.problem, "cannot write the spool") != NULL, "%s", state.problem);
    spool_finish(spool, 1, STR("{\"outcome\":\"ok\"}"));
    spool_note(spool, "gate", STR("{}"));
    cr_expect(spool_missed(spool, NOW + 1));
    cr_expect_eq(intend(spool, "{}", NOW), 0);
    cr_expect_not(spool_drained(spool, &(struct spool_entry){.number = 1}, 1, &err));
    cr_expect_not_null(strstr(err.text, "spool.db"), "%s", err.text);
    disk_fails = false;
    UNTIL(spool, state, !state.full);
    cr_expect(state.problem[0] == '\0' && state.entries == 1 && state.unanswered == 0 && state.gaps_waiting == 1);

    struct spool_reader *reader = reader_of(false);
    cr_expect_gt(add_whole(spool, NOW), 2);
    UNTIL(spool, state, state.unanswered == 0);
    cr_assert_eq(read_some(reader, entries, 8), 2);
    cr_expect(text_is(entries[0].outcome, "{\"outcome\":\"ok\"}"), "an outcome waits for the disk");
    drain(spool, entries, 2);
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
        spool_intend(sender->spool, &sender->tickets[i], STR("{\"x\":1}"), timestamp_now());
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
        struct pollfd woken = {.fd = wake_fd, .events = POLLIN};
        cr_assert_eq(poll(&woken, 1, 20000), 1);
        cr_assert_eq(read(wake_fd, &ignored, sizeof(ignored)), sizeof(ignored));
        for (struct spool_ticket *ticket = spool_take_done(spool); ticket != NULL; ticket = ticket->next, done++)
            spool_finish(spool, ticket->number, STR("{\"outcome\":\"ok\"}"));
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    pthread_join(drainer, NULL);
    spool_look(spool, &state);
    cr_expect(state.entries == 0 && state.bytes == 0 && state.unanswered == 0);
    cr_expect_eq(state.last_number, THREADS * REQUESTS);
    cr_expect_eq(state.missed, THREADS * (REQUESTS / 64 + 1));
    spool_close(spool);
}
