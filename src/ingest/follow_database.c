/* SPDX-License-Identifier: MIT */
/* The database, which may go away and come back. */

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "ingest/follow_parts.h"

#define STOP_LOOK_US (SECOND_US / 5)
#define PAUSE_MAX_S  30 /* between two tries to reach it */

bool follow_is_stopped(const struct follow *follow)
{
    return atomic_load(follow->run->stop);
}

void follow_sleep(int64_t us)
{
    struct timespec span = {us / SECOND_US, (long)(us % SECOND_US) * 1000};
    nanosleep(&span, NULL);
}

bool follow_will_pass(const struct error *err)
{
    static const char *const classes[] = {"08", "40", "53", "55", "57", "58"};

    if (err->code == EXIT_DATABASE)
        return true;
    for (size_t i = 0; i < ARRAY_LENGTH(classes); i++) {
        if (strncmp(err->sqlstate, classes[i], 2) == 0)
            return true;
    }
    return false;
}

static bool reconnect(struct follow *follow, struct error *err)
{
    loader_free(*follow->loader);
    *follow->loader = NULL;
    return db_cluster_is_there(follow->target, err) && run_reopen(follow->run, follow->target, err) &&
           loader_new(follow->loader, follow->run->db, follow->run->options->by, err);
}

bool follow_await_database(struct follow *follow, struct error *err)
{
    int64_t pause_s = 1;

    for (;;) {
        if (!follow_will_pass(err))
            return false;
        log_warning("%.*s; trying again in %" PRId64 " s, the lines wait in their files", db_reason_size(err->text),
                    err->text, pause_s);
        for (int64_t slept_us = 0; slept_us < pause_s * SECOND_US && !follow_is_stopped(follow);
             slept_us += STOP_LOOK_US)
            follow_sleep(STOP_LOOK_US);
        if (follow_is_stopped(follow))
            return fail_within(err, "ended while the database was away; the lines stay in their files");
        if (reconnect(follow, err))
            break;
        pause_s = pause_s * 2 < PAUSE_MAX_S ? pause_s * 2 : PAUSE_MAX_S;
    }
    log_note("the database is back");
    return true;
}
