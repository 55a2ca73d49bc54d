/* SPDX-License-Identifier: MIT */
/* The gateway's spool where something is wrong: its folder, its files, a kill, the disk. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "gateway/spool_slots.h"
#include "spool_folder.h"

TestSuite(spool_faults, .init = set_up, .fini = tear_down, .timeout = 60);

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

Test(spool_faults, is_its_users_alone)
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

Test(spool_faults, belongs_to_one_gateway)
{
    struct spool *spool = open_one();
    char pid[48];

    (void)snprintf(pid, sizeof(pid), "in use by the process %d", (int)getpid());
    refuses_to_open(pid);
    spool_close(spool);
    spool_close(open_one());
}

Test(spool_faults, has_an_id_of_its_own)
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

Test(spool_faults, refuses_what_it_does_not_know)
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

Test(spool_faults, says_that_a_database_is_damaged_and_leaves_it_alone)
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

Test(spool_faults, says_that_its_state_is_damaged)
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

Test(spool_faults, has_no_reader_where_it_is_not)
{
    struct spool_reader *reader;
    struct error err;

    cr_assert_not(spool_reader_open(&reader, folder, true, &err));
    cr_expect(strstr(err.text, folder) != NULL && err.code == EXIT_COMMAND, "%s", err.text);
    cr_expect_neq(access(path_of("spool.db"), F_OK), 0, "and it makes nothing");
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
    struct spool_ticket ticket = {.caller = &caller};

    spool_intend(spool, &ticket, STR("{\"too\":\"long for it\"}"), NOW);
    spool_wake(spool);
    (void)wait_for(spool, 1);
    (void)!spool_missed(spool, NOW);
    (void)!spool_missed(spool, NOW + 2000000);
    (void)!spool_missed(spool, NOW + 1000000);
}

Test(spool_faults, puts_a_gap_on_record_after_a_kill)
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

Test(spool_faults, gives_entries_without_outcome_one_after_a_kill)
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

Test(spool_faults, gives_no_number_again_that_a_loss_of_power_may_have_taken)
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
    cr_assert_eq(count, 2);
    cr_expect_str_eq(notes[0].kind, "unused", "what was left out is no hole");
    cr_expect_not_null(strstr(notes[1].json.data, "the machine went down"), "%s", notes[1].json.data);
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

static void change_gap(void)
{
    struct slots_state state;
    struct slots *slots;
    struct error err;

    cr_assert(slots_open(&slots, folder, &state, &err), "%s", err.text);
    cr_assert_eq(state.gaps[1].id, 1);
    cr_assert_eq(state.gaps[1].requests, 0, "it is a note, so it is no gap any more");
    state.gaps[1].requests = 3;
    cr_assert(slots_write(slots, &state, &err), "%s", err.text);
    slots_close(slots);
}

Test(spool_faults, puts_no_gap_on_record_twice)
{
    struct spool_options with = options();

    with.limit_bytes = 4;
    in_killed_process(miss_three, &with);
    spool_close(open_one());
    cr_assert_eq(count_of("SELECT count(*) FROM note"), 1);
    /* As after a kill between the note's commit and the file. */
    change_gap();
    spool_close(open_one());
    cr_expect_eq(count_of("SELECT count(*) FROM note"), 1);
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

Test(spool_faults, never_was_what_it_refused)
{
    struct spool_options with = options();
    struct spool_entry entries[4];
    struct spool_kept_note notes[2];
    struct error err;
    size_t count;

    with.durability = SPOOL_FSYNC;
    in_killed_process(fail_midway, &with);
    struct spool *spool = open_one();
    struct spool_reader *reader = reader_of(false);
    cr_assert(spool_read_notes(reader, notes, 2, &count, &err) && count == 1);
    cr_expect(str_equal(notes[0].json, STR("{\"first\":2,\"last\":2}")), "%s", notes[0].json.data);
    cr_assert_eq(read_some(reader, entries, 4), 1, "the refused one is whole in the log of writes, all the same");
    cr_expect(text_is(entries[0].intent, "{\"kept\":1}"));
    cr_expect_eq(add_whole(spool, NOW), 3, "its number is never given again");
    spool_reader_close(reader);
    spool_close(spool);
}

Test(spool_faults, goes_on_once_the_disk_works_again)
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
    cr_expect_eq(count_of("SELECT count(*) FROM drained"), 1, "refused numbers leave no hole in what is drained");
}
