/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_SPOOL_RESERVE_H
#define HEADROOM_GATEWAY_SPOOL_RESERVE_H

/*
 * spool_reserve: the file spool.reserve beside the database: room on the disk that is held, and given up where the disk
 * is full, so that what makes room (marking entries as drained, purging, moving the log of writes) can be written. New
 * entries never use it: while it is given up they are refused. One thread at a time.
 */

#include "headroom/base.h"

struct reserve;
/* Opens the file or makes it: an eighth of the disk, 256 KiB to 20 MiB. It is given up where the disk has too little
 * room left to open a spool on. */
MUST_CHECK bool reserve_open(struct reserve **reserve, const char *folder, struct error *err);
void reserve_close(struct reserve *reserve); /* the file stays; NULL is fine */
uint64_t reserve_size(const struct reserve *reserve);
bool reserve_held(const struct reserve *reserve);
void reserve_give_up(struct reserve *reserve);
/* Holds it again, if the disk has half as much room besides: so it is not given up again at once. */
bool reserve_make(struct reserve *reserve);

#endif
