/* SPDX-License-Identifier: MIT */
/* A flag that SIGINT and SIGTERM set. */

#include "ingest/interrupt.h"

#include <stddef.h>

static atomic_bool interrupted;

static void interrupt(int signal_number)
{
    (void)signal_number;
    atomic_store(&interrupted, true);
}

void interrupt_catch(struct interrupt *handlers)
{
    struct sigaction action = {.sa_handler = interrupt};

    atomic_store(&interrupted, false);
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, &handlers->before_int);
    sigaction(SIGTERM, &action, &handlers->before_term);
}

void interrupt_restore(const struct interrupt *handlers)
{
    sigaction(SIGINT, &handlers->before_int, NULL);
    sigaction(SIGTERM, &handlers->before_term, NULL);
}

atomic_bool *interrupt_flag(void)
{
    return &interrupted;
}
