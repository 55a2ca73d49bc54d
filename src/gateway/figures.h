/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_FIGURES_H
#define HEADROOM_GATEWAY_FIGURES_H

/* figures: the unique handles of each contract's month and their limit, as the ledger told them last. */

#include "headroom/db.h"

struct figures;
struct figures *figures_new(void);
void figures_free(struct figures *figures); /* NULL is fine */
/* Reads them; any thread may, while others write. */
MUST_CHECK bool figures_read(struct figures *figures, struct db *db, struct error *err);
/* Adds them as Prometheus reads them; nothing where they were never read. Does not wait for the database. */
MUST_CHECK bool figures_write(struct figures *figures, struct buffer *text);

#endif
