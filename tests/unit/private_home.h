/* SPDX-License-Identifier: MIT */
/* For the tests that need PostgreSQL: all of a file's tests share one private cluster, made before them in a folder of
 * its own and ended after them; db_find_target finds it. */
#ifndef PRIVATE_HOME_H
#define PRIVATE_HOME_H

#include <criterion/hooks.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/internal.h"

static char home[] = "/tmp/hr.XXXXXX";

ReportHook(PRE_ALL)(struct criterion_test_set *tests)
{
    struct db_target target;
    struct error err;

    (void)tests;
    log_set_level(LOG_QUIET);
    unsetenv("HEADROOM_DB");
    if (mkdtemp(home) == NULL || setenv("HEADROOM_CONFIG", "", 1) != 0 || setenv("HEADROOM_HOME", home, 1) != 0)
        abort();
    if (!db_find_target(NULL, &target, &err) || !db_make_home(&target, &err)) {
        log_error("%s", err.text);
        abort();
    }
}

ReportHook(POST_ALL)(struct criterion_global_stats *stats)
{
    struct db_target target;
    struct error err;

    (void)stats;
    if (!db_find_target(NULL, &target, &err) || !db_stop(&target, &err) || !db_remove_tree(-1, home, &err))
        log_error("%s", err.text);
}

#endif
