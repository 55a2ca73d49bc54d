/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_INTERRUPT_H
#define HEADROOM_INGEST_INTERRUPT_H

/* SIGINT and SIGTERM end a run after what is under way, instead of the process. */

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

struct interrupt {
    struct sigaction before_int, before_term;
};
/* From here on a signal sets the flag, which is false at first. */
void interrupt_catch(struct interrupt *handlers);
void interrupt_restore(const struct interrupt *handlers);
atomic_bool *interrupt_flag(void);

#endif
