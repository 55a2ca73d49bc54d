/* SPDX-License-Identifier: MIT */
/* From what COPY sends to the digest of an event. */

#include "audit/verify_form.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "statements.h"

#define EPOCH_US  INT64_C(946684800000000) /* PostgreSQL counts from 2000-01-01 */
#define TIME_HEX  16                       /* digits of a time in its binary form; before them `\\x` */
#define TIME_ROOM 24

void form_init(struct form *form)
{
    *form = (struct form){0};
}

void form_free(struct form *form)
{
    free(form->text);
}

/* Takes the field up to the next tab off the line. */
static bool take_field(struct str *line, struct str *field)
{
    const char *tab = memchr(line->data, '\t', line->size);

    if (tab == NULL)
        return false;
    *field = (struct str){line->data, (size_t)(tab - line->data)};
    line->data = tab + 1;
    line->size -= field->size + 1;
    return true;
}

static bool read_time(struct str field, int64_t *us)
{
    uint64_t value = 0;

    if (field.size != 3 + TIME_HEX)
        return false;
    for (size_t i = 3; i < field.size; i++) {
        char digit = field.data[i];
        value = value << 4 | (uint64_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    }
    *us = (int64_t)(value + (uint64_t)EPOCH_US); /* wraps for infinity, which no event has */
    return true;
}

/* The form is the time in decimal, and then the rest of the line as it is. */
static void write_form(struct form *form, int64_t time_us, struct str rest)
{
    if (form->room < TIME_ROOM + rest.size) {
        form->room = 2 * (TIME_ROOM + rest.size);
        form->text = mem_resize(form->text, form->room);
    }
    int size = snprintf(form->text, TIME_ROOM, "%" PRId64 "\t", time_us);
    memcpy(form->text + size, rest.data, rest.size);
    form->size = (size_t)size + rest.size;
}

bool form_read(struct form *form, struct str line, struct form_event *event)
{
    struct str batch, ordinal, time;
    int64_t time_us;

    if (!take_field(&line, &batch) || !take_field(&line, &ordinal) || !take_field(&line, &time) ||
        !str_to_int64(batch, INT64_MIN, INT64_MAX, &event->batch_id) ||
        !str_to_int64(ordinal, INT32_MIN, INT32_MAX, &event->ordinal) || !read_time(time, &time_us))
        return false;
    write_form(form, time_us, line);
    digest_of(form->text, form->size, event->digest);
    return true;
}

/* ---- the other order ---- */

struct placed {
    int64_t position;
    unsigned char digest[DIGEST_SIZE];
};

struct placing {
    struct form form;
    struct placed *events;
    uint64_t count, room;
};

static int compare_position(const void *a, const void *b)
{
    int64_t left = ((const struct placed *)a)->position;
    int64_t right = ((const struct placed *)b)->position;

    return (left > right) - (left < right);
}

/* The position is the last column of the form. */
static bool take_placed(struct str line, void *context, struct error *err)
{
    struct placing *placing = context;
    struct form_event event;

    if (placing->count == placing->room || !form_read(&placing->form, line, &event))
        return fail(err, EXIT_COMMAND, "the program is wrong: a batch gave other events when it was read again");
    struct placed *placed = &placing->events[placing->count++];
    const char *tab = memrchr(placing->form.text, '\t', placing->form.size);
    struct str position = {tab + 1, placing->form.size - (size_t)(tab + 1 - placing->form.text)};
    memcpy(placed->digest, event.digest, DIGEST_SIZE);
    return str_to_int64(position, INT64_MIN, INT64_MAX, &placed->position) ||
           fail(err, EXIT_COMMAND, "the program is wrong: an event has no position");
}

bool form_digest_by_position(struct db *db, int64_t batch_id, uint64_t rows, unsigned char out[DIGEST_SIZE],
                             struct error *err)
{
    struct placing placing = {.events = mem_alloc((rows + 1) * sizeof(struct placed)), .room = rows};
    char id[24];
    const char *params[] = {id, id};

    snprintf(id, sizeof(id), "%" PRId64, batch_id);
    bool done =
        db_run(db, &sql_audit_span, params, err) && db_copy_out(db, &sql_audit_events, take_placed, &placing, err);
    if (done) {
        struct digest *digest = digest_new();
        qsort(placing.events, placing.count, sizeof(*placing.events), compare_position);
        for (uint64_t i = 0; i < placing.count; i++)
            digest_add(digest, placing.events[i].digest, DIGEST_SIZE);
        digest_peek(digest, out);
        digest_free(digest);
    }
    free(placing.events);
    form_free(&placing.form);
    return done;
}
