/* SPDX-License-Identifier: MIT */
/* A ring of loaders. A batch is written in a thread that lives as long as that takes, a second or so. */

#include "ingest/writers.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct writer {
    struct db *db; /* its own; NULL: the loader is borrowed */
    struct loader *loader;
    pthread_t thread;
    bool has_thread;
    struct batch *batch;
    bool written;
    struct ingest_result result; /* of the batch alone */
    struct error failure;
};

struct writers {
    const struct db_target *target;
    const char *by;
    struct writer list[WRITERS];
    size_t open;         /* of the list, from the first on */
    bool alone;          /* a further connection is not to be had */
    size_t first, count; /* under way */
};

struct writers *writers_new(struct loader *loader, const struct db_target *target, const char *by)
{
    struct writers *writers = mem_alloc(sizeof(*writers));

    writers->target = target;
    writers->by = by;
    writers->list[0].loader = loader;
    writers->open = 1;
    return writers;
}

void writers_free(struct writers *writers)
{
    if (writers == NULL)
        return;
    for (size_t i = 1; i < writers->open; i++) {
        loader_free(writers->list[i].loader);
        db_close(writers->list[i].db);
    }
    free(writers);
}

/* Without a further connection the work is done by those that are there. */
static void open_writer(struct writers *writers)
{
    struct writer *writer = &writers->list[writers->open];
    struct error err;

    if (db_open(&writer->db, writers->target, DB_WRITER, &err) &&
        loader_new(&writer->loader, writer->db, writers->by, &err)) {
        loader_join(writer->loader, writers->list[0].loader);
        writers->open++;
        return;
    }
    log_detail("one batch is written at a time: %s", err.text);
    db_close(writer->db);
    writer->db = NULL;
    writers->alone = true;
}

static const struct writer *under_way(const struct writers *writers, size_t number)
{
    return &writers->list[(writers->first + number) % writers->open];
}

/* The ring only grows while its first place is the one under way. */
bool writers_must_settle(struct writers *writers, const struct batch *next)
{
    for (size_t i = 0; i < writers->count; i++) {
        if (batch_shares_event(under_way(writers, i)->batch, next))
            return true;
    }
    if (writers->count == writers->open && writers->open < WRITERS && !writers->alone)
        open_writer(writers);
    return writers->count == writers->open;
}

static void *write_batch(void *argument)
{
    struct writer *writer = argument;

    writer->written = loader_write(writer->loader, writer->batch, &writer->result, &writer->failure);
    return NULL;
}

void writers_begin(struct writers *writers, struct batch *batch)
{
    struct writer *writer = &writers->list[(writers->first + writers->count++) % writers->open];

    writer->batch = batch;
    writer->result = (struct ingest_result){0};
    writer->has_thread = pthread_create(&writer->thread, NULL, write_batch, writer) == 0;
    if (!writer->has_thread)
        write_batch(writer);
}

static void add_reasons(struct ingest_reasons *to, const struct ingest_reasons *from)
{
    for (size_t i = 0; i < from->count; i++)
        reasons_add(to, from->list[i].name, from->list[i].count);
}

static void add_result(struct ingest_result *to, const struct ingest_result *from)
{
    to->totals.read += from->totals.read;
    to->totals.added += from->totals.added;
    to->totals.counted += from->totals.counted;
    to->totals.not_counted += from->totals.not_counted;
    to->totals.duplicate += from->totals.duplicate;
    to->totals.quarantined += from->totals.quarantined;
    to->totals.batches += from->totals.batches;
    add_reasons(&to->not_counted, &from->not_counted);
    add_reasons(&to->quarantined, &from->quarantined);
    if (from->totals.batches > 0)
        memcpy(to->chain_head, from->chain_head, sizeof(to->chain_head));
}

bool writers_are_idle(const struct writers *writers)
{
    return writers->count == 0;
}

bool writers_settle(struct writers *writers, struct batch **batch, struct ingest_result *result, struct error *err)
{
    struct writer *writer = &writers->list[writers->first];

    if (writer->has_thread)
        pthread_join(writer->thread, NULL);
    writers->first = (writers->first + 1) % writers->open;
    writers->count--;
    *batch = writer->batch;
    if (writer->written)
        add_result(result, &writer->result);
    else
        *err = writer->failure;
    return writer->written;
}
