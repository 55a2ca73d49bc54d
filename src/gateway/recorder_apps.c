/* SPDX-License-Identifier: MIT */
/* The consumer keys of the contracts, sorted; replaced whole when the drain tells them anew. */

#include "gateway/recorder_apps.h"

#include <pthread.h>
#include <stdlib.h>

struct app {
    char *key, *contract;
};

struct recorder_apps {
    pthread_rwlock_t lock;
    struct app *list;
    size_t count;
    bool known;
};

struct recorder_apps *recorder_apps_new(void)
{
    struct recorder_apps *apps = mem_alloc(sizeof(*apps));

    pthread_rwlock_init(&apps->lock, NULL);
    return apps;
}

static void free_list(struct app *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(list[i].key);
        free(list[i].contract);
    }
    free(list);
}

void recorder_apps_free(struct recorder_apps *apps)
{
    free_list(apps->list, apps->count);
    pthread_rwlock_destroy(&apps->lock);
    free(apps);
}

static int compare(const void *a, const void *b)
{
    return str_compare(str_of(((const struct app *)a)->key), str_of(((const struct app *)b)->key));
}

static int compare_key(const void *key, const void *app)
{
    return str_compare(*(const struct str *)key, str_of(((const struct app *)app)->key));
}

void recorder_apps_tell(struct recorder_apps *apps, const struct recorder_app *told, size_t count)
{
    struct app *list = mem_alloc((count + 1) * sizeof(*list));

    for (size_t i = 0; i < count; i++)
        list[i] = (struct app){mem_text(told[i].key), mem_text(told[i].contract)};
    qsort(list, count, sizeof(*list), compare);

    pthread_rwlock_wrlock(&apps->lock);
    struct app *old = apps->list;
    size_t old_count = apps->count;
    apps->list = list;
    apps->count = count;
    apps->known = true;
    pthread_rwlock_unlock(&apps->lock);
    free_list(old, old_count);
}

struct str recorder_apps_find(struct recorder_apps *apps, struct str key, struct arena *arena, bool *known)
{
    struct str contract = {NULL, 0};

    pthread_rwlock_rdlock(&apps->lock);
    *known = apps->known;
    const struct app *app = apps->count > 0 ? bsearch(&key, apps->list, apps->count, sizeof(*app), compare_key) : NULL;
    if (app != NULL)
        contract = arena_copy(arena, str_of(app->contract));
    pthread_rwlock_unlock(&apps->lock);
    return contract;
}
