/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_GATEWAY_RECORDER_APPS_H
#define HEADROOM_GATEWAY_RECORDER_APPS_H

/* Private to the recorder: which contract a consumer key belongs to. Any thread may ask and tell. */

#include "gateway/recorder.h"

struct recorder_apps;
struct recorder_apps *recorder_apps_new(void);
void recorder_apps_free(struct recorder_apps *apps);
void recorder_apps_tell(struct recorder_apps *apps, const struct recorder_app *told, size_t count);
/* The key's contract, copied into the arena; absent: it belongs to none. *known: false where nothing was told yet. */
struct str recorder_apps_find(struct recorder_apps *apps, struct str key, struct arena *arena, bool *known);

#endif
