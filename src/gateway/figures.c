/* SPDX-License-Identifier: MIT */
/* What the ledger says of the months that go on, kept for who asks when it may be away. */

#include "gateway/figures.h"

#include <pthread.h>
#include <stdlib.h>

#include "gateway/metrics_text.h"
#include "statements.h"

struct figure {
    char *contract, *month;
    int64_t unique_handles, limit; /* -1: no limit */
};
struct list {
    struct figure *figures;
    size_t count;
    int64_t read_us; /* 0: never */
};
struct figures {
    pthread_mutex_t lock;
    struct list list;
};

struct figures *figures_new(void)
{
    struct figures *figures = mem_alloc(sizeof(*figures));

    pthread_mutex_init(&figures->lock, NULL);
    return figures;
}

static void free_list(struct list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->figures[i].contract);
        free(list->figures[i].month);
    }
    free(list->figures);
}

void figures_free(struct figures *figures)
{
    if (figures == NULL)
        return;
    free_list(&figures->list);
    pthread_mutex_destroy(&figures->lock);
    free(figures);
}

bool figures_read(struct figures *figures, struct db *db, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query(db, &sql_gateway_figures, NULL, &rows, err))
        return false;
    struct list list = {.count = db_rows_count(rows), .read_us = timestamp_now()};
    list.figures = mem_alloc((list.count + 1) * sizeof(*list.figures));
    for (size_t i = 0; i < list.count; i++)
        list.figures[i] = (struct figure){
            .contract = mem_text(db_text(rows, i, "contract")),
            .month = mem_text(db_text(rows, i, "month")),
            .unique_handles = db_int64(rows, i, "unique_handles"),
            .limit = db_is_null(rows, i, "unit_limit") ? -1 : db_int64(rows, i, "unit_limit"),
        };
    db_rows_free(rows);
    pthread_mutex_lock(&figures->lock);
    struct list before = figures->list;
    figures->list = list;
    pthread_mutex_unlock(&figures->lock);
    free_list(&before);
    return true;
}

static bool write_figure(struct buffer *text, const char *name, const struct figure *figure, int64_t value)
{
    const struct metrics_label labels[] = {{"contract", figure->contract}, {"month", figure->month}};
    return value < 0 || metrics_sample(text, name, labels, ARRAY_LENGTH(labels), value);
}

static bool write_list(const struct list *list, struct buffer *text)
{
    bool fits = metrics_head(text, "unique_handles", "gauge", "Unique handles used in the billing month of now.");

    for (size_t i = 0; i < list->count && fits; i++)
        fits = write_figure(text, "unique_handles", &list->figures[i], list->figures[i].unique_handles);
    fits = fits && metrics_head(text, "limit", "gauge", "Unique handles that the contract allows in that month.");
    for (size_t i = 0; i < list->count && fits; i++)
        fits = write_figure(text, "limit", &list->figures[i], list->figures[i].limit);
    return fits &&
           metrics_head(text, "figures_time_seconds", "gauge", "Unix time at which these were read from the ledger.") &&
           metrics_seconds(text, "figures_time_seconds", list->read_us);
}

bool figures_write(struct figures *figures, struct buffer *text)
{
    pthread_mutex_lock(&figures->lock);
    bool fits = figures->list.read_us == 0 || write_list(&figures->list, text);
    pthread_mutex_unlock(&figures->lock);
    return fits;
}
