/* SPDX-License-Identifier: MIT */
/* For the tests of the spool: one in a folder of its own, and a caller that waits. */
#ifndef SPOOL_FOLDER_H
#define SPOOL_FOLDER_H

#include <criterion/criterion.h>
#include <inttypes.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "gateway/spool.h"

#define NOW  INT64_C(1790000000000000)
#define DAYS INT64_C(86400000000)

static char folder[64];
static struct spool_caller caller = {.wake_fd = -1};

static inline void set_up(void)
{
    memcpy(folder, "/tmp/spool.XXXXXX", sizeof("/tmp/spool.XXXXXX"));
    cr_assert_not_null(mkdtemp(folder));
    caller = (struct spool_caller){.wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
}

static inline char *path_of(const char *name)
{
    static char path[128];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static inline void tear_down(void)
{
    static const char *const files[] = {"lock",         "spool.db",    "spool.db-wal",
                                        "spool.db-shm", "spool.state", "spool.reserve"};

    for (size_t i = 0; i < ARRAY_LENGTH(files); i++)
        unlink(path_of(files[i]));
    rmdir(folder);
    close(caller.wake_fd);
}

static inline struct spool_options options(void)
{
    return (struct spool_options){
        .folder = folder, .durability = SPOOL_WRITE, .limit_bytes = 1 << 20, .keep_us = 7 * DAYS};
}

static inline struct spool *open_with(const struct spool_options *with)
{
    struct error err;
    struct spool *spool;

    cr_assert(spool_open(&spool, with, &err), "%s", err.text);
    return spool;
}

static inline struct spool *open_one(void)
{
    struct spool_options with = options();
    return open_with(&with);
}

/* Waits for count tickets; returns how many of them were refused, and checks that numbers ascend. */
static inline size_t wait_for(struct spool *spool, size_t count)
{
    struct pollfd woken = {.fd = caller.wake_fd, .events = POLLIN};
    uint64_t ignored, last = 0;
    size_t refused = 0;

    while (count > 0) {
        cr_assert_eq(poll(&woken, 1, 20000), 1, "nobody was woken");
        cr_assert_eq(read(caller.wake_fd, &ignored, sizeof(ignored)), sizeof(ignored));
        for (struct spool_ticket *ticket = spool_take_done(spool, &caller); ticket != NULL;
             ticket = ticket->next, count--) {
            refused += ticket->number == 0;
            cr_assert(ticket->number == 0 || ticket->number > last);
            last = ticket->number != 0 ? ticket->number : last;
        }
    }
    return refused;
}

static inline uint64_t intend(struct spool *spool, const char *intent, int64_t time_us)
{
    struct spool_ticket ticket = {.caller = &caller, .number = 77};

    spool_intend(spool, &ticket, str_of(intent), time_us);
    spool_wake(spool);
    (void)wait_for(spool, 1);
    return ticket.number;
}

static inline uint64_t add_whole(struct spool *spool, int64_t time_us)
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

static inline struct spool_reader *reader_of(bool replay)
{
    struct error err;
    struct spool_reader *reader;

    cr_assert(spool_reader_open(&reader, folder, replay, &err), "%s", err.text);
    return reader;
}

static inline size_t read_some(struct spool_reader *reader, struct spool_entry *entries, size_t max)
{
    struct error err;
    size_t count;

    cr_assert(spool_read(reader, entries, max, &count, &err), "%s", err.text);
    return count;
}

static inline void drain(struct spool *spool, const struct spool_entry *entries, size_t count)
{
    struct error err;
    cr_assert(spool_drained(spool, entries, count, &err), "%s", err.text);
}

static inline bool text_is(struct str text, const char *wanted)
{
    return str_equal(text, str_of(wanted));
}

static inline int64_t count_of(const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *statement;

    cr_assert_eq(sqlite3_open(path_of("spool.db"), &db), SQLITE_OK);
    cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
    cr_assert_eq(sqlite3_step(statement), SQLITE_ROW);
    int64_t count = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return count;
}

#endif
