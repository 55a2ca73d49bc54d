/* SPDX-License-Identifier: MIT */
/* Items in one array and their texts in another: adding one allocates nothing once both have grown. */

#include "gateway/spool_queue.h"

#include <stdlib.h>
#include <string.h>

#define KEPT_BYTES ((size_t)1 << 20)

void spool_queue_free(struct spool_queue *queue)
{
    free(queue->items);
    free(queue->texts);
    *queue = (struct spool_queue){0};
}

void spool_queue_clear(struct spool_queue *queue)
{
    if (queue->text_room > KEPT_BYTES)
        spool_queue_free(queue);
    queue->count = queue->size = 0;
    memset(queue->counts, 0, sizeof(queue->counts));
}

void spool_queue_add(struct spool_queue *queue, struct spool_item item, struct str text)
{
    if (queue->count == queue->room) {
        queue->room = queue->room * 2 + 64;
        queue->items = mem_resize(queue->items, queue->room * sizeof(*queue->items));
    }
    if (text.size > queue->text_room - queue->size) {
        queue->text_room = queue->text_room * 2 + text.size + 4096;
        queue->texts = mem_resize(queue->texts, queue->text_room);
    }
    if (text.size > 0)
        memcpy(queue->texts + queue->size, text.data, text.size);
    item.offset = queue->size;
    item.size = text.size;
    queue->items[queue->count++] = item;
    queue->size += text.size;
    if (item.kind == SPOOL_INTENT && (queue->counts[SPOOL_INTENT] == 0 || item.time_us < queue->oldest_us))
        queue->oldest_us = item.time_us;
    queue->counts[item.kind]++;
}

struct str spool_queue_text(const struct spool_queue *queue, const struct spool_item *item)
{
    return (struct str){queue->texts + item->offset, item->size};
}
