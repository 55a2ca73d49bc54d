/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_INGEST_DIRECTORY_H
#define HEADROOM_INGEST_DIRECTORY_H

/* The contracts by name and by app key, as they were when the run began; says which contract an event belongs to. */

#include "headroom/db.h"
#include "headroom/model.h"

struct directory;
/* Reads the contracts; there may be none. */
MUST_CHECK bool directory_read(struct directory **directory, struct db *db, struct error *err);
/* Reads the contracts. chosen is --contract or NULL; an unknown one is EXIT_USAGE and names those that are known; a
 * database without a contract is EXIT_COMMAND. */
MUST_CHECK bool directory_load(struct directory **directory, struct db *db, const char *chosen, struct error *err);
/* Reads them again, in place; texts that it gave before end with that. */
MUST_CHECK bool directory_refresh(struct directory *directory, struct db *db, const char *chosen, struct error *err);
void directory_free(struct directory *directory); /* NULL is fine */

/* Sets event->contract and event->contract_id: its own field, else `otherwise` (NULL: nothing), else --contract, else
 * the contract that owns its app key, else the only contract there is (rules.md 2). False: *why is filled. */
MUST_CHECK bool directory_assign(const struct directory *directory, const char *otherwise, struct event *event,
                                 struct rejection *why);
/* Whether a contract owns the app key, which may be absent. */
bool directory_has_app(const struct directory *directory, struct str app);
/* False: there is no contract of this name. */
MUST_CHECK bool directory_find(const struct directory *directory, const char *contract, int64_t *contract_id);

#endif
