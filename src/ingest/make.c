/* SPDX-License-Identifier: MIT */
/* The defaults that a line alone does not tell, and what is kept of a line that means no event. */

#include "ingest/make.h"

/* An absent id is made from the line's meaning, which needs the defaults first. */
static void name_event(struct repeat *repeat, struct event *event, struct batch *batch)
{
    unsigned char meaning[DIGEST_SIZE];

    if (event->id.data != NULL) {
        repeat_count(repeat, NULL);
        return;
    }
    event_meaning(event, meaning);
    event_name_id(event, meaning, repeat_count(repeat, meaning), batch->arena);
    batch->extent.nameless = true;
}

bool make_event(const struct make *make, struct record *record, struct batch *batch, struct rejection *why)
{
    struct event *event = batch_next_event(batch);
    int64_t now = timestamp_since_boot() + make->clock_offset;

    if (make->zone != NULL && !zone_apply(make->zone, &record->values[FIELD_TIME], batch->arena, why))
        return false;
    if (!event_read(event, record->values, batch->arena, now, why))
        return false;
    const char *contract = make->app_first && directory_has_app(make->directory, event->app) ? NULL : make->contract;
    if (!directory_assign(make->directory, contract, event, why))
        return false;
    if (event->source.data == NULL)
        event->source = make->source != NULL ? str_of(make->source) : event->contract;
    event->position = record->line;
    name_event(make->repeat, event, batch);
    event_seal(event);
    batch_keep_event(batch);
    return true;
}

struct refusal *make_refusal(const struct make *make, const struct record *record, const struct rejection *why,
                             struct batch *batch)
{
    struct refusal *refusal = batch_add_refusal(batch);
    struct str raw = mask_secrets(batch->arena, record->raw);

    if (raw.size > REFUSAL_RAW_MAX)
        raw.size = REFUSAL_RAW_MAX;
    *refusal = (struct refusal){
        .line = record->line,
        .raw_size = record->raw_size,
        .raw = raw,
        .text = arena_copy(batch->arena, str_of(why->text)),
        .reason = why->reason,
        .field = why->field == FIELD_UNKNOWN ? NULL : field_name(why->field),
    };
    repeat_count(make->repeat, NULL);
    return refusal;
}
