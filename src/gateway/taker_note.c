/* SPDX-License-Identifier: MIT */
/* One function a kind of note. */

#include "gateway/taker_note.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "statements.h"

struct keeping {
    struct db *db;
    const char *spool;
    char number[DB_NUMBER_SIZE];
    bool understood;
};

/* A time in microseconds as a parameter; NULL: it is none. */
static const char *time_of(const json_t *object, const char *key, char text[TIMESTAMP_SIZE])
{
    const json_t *value = json_object_get(object, key);

    return json_is_integer(value) ? timestamp_format(json_integer_value(value), text) : NULL;
}

/* A whole number as a parameter; NULL: there is none. */
static const char *number_of(const json_t *object, const char *key, char text[DB_NUMBER_SIZE])
{
    const json_t *value = json_object_get(object, key);

    return json_is_integer(value) ? db_number_text(json_integer_value(value), text) : NULL;
}

static bool keep_gap(struct keeping *keeping, const json_t *note, struct error *err)
{
    char from[TIMESTAMP_SIZE], until[TIMESTAMP_SIZE], requests[DB_NUMBER_SIZE];
    const char *params[] = {keeping->spool,
                            keeping->number,
                            time_of(note, "from", from),
                            time_of(note, "until", until),
                            number_of(note, "requests", requests),
                            json_string_value(json_object_get(note, "reason"))};

    keeping->understood = params[2] != NULL && params[3] != NULL && params[4] != NULL && params[5] != NULL;
    return !keeping->understood || db_run(keeping->db, &sql_gateway_add_gap, params, err);
}

static bool keep_gate(struct keeping *keeping, const json_t *note, struct error *err)
{
    char time[TIMESTAMP_SIZE], limit[DB_NUMBER_SIZE], handles[DB_NUMBER_SIZE];
    const char *params[] = {keeping->spool,
                            keeping->number,
                            json_string_value(json_object_get(note, "contract")),
                            json_string_value(json_object_get(note, "subject")),
                            time_of(note, "time", time),
                            json_string_value(json_object_get(note, "decision")),
                            number_of(note, "limit", limit),
                            number_of(note, "unique_handles", handles)};

    keeping->understood = params[3] != NULL && params[4] != NULL && params[5] != NULL;
    return !keeping->understood || db_run(keeping->db, &sql_gateway_add_gate, params, err);
}

/* Numbers of no request: as if they had come, so that none is missed. */
static bool keep_unused(struct keeping *keeping, const json_t *note, struct error *err)
{
    char first[DB_NUMBER_SIZE], last[DB_NUMBER_SIZE], numbers[2 * DB_NUMBER_SIZE + 8];
    const char *from = number_of(note, "first", first), *to = number_of(note, "last", last);

    keeping->understood = from != NULL && to != NULL;
    if (!keeping->understood)
        return true;
    (void)snprintf(numbers, sizeof(numbers), "{[%s,%s]}", from, to);
    return db_run(keeping->db, &sql_gateway_take, (const char *const[]){keeping->spool, numbers}, err);
}

static const struct {
    const char *kind;
    bool (*keep)(struct keeping *keeping, const json_t *note, struct error *err);
} kinds[] = {
    {"gap", keep_gap},
    {"gate", keep_gate},
    {"unused", keep_unused},
};

bool taker_take_note(struct db *db, const char *spool, const struct spool_kept_note *note, struct error *err)
{
    struct keeping keeping = {.db = db, .spool = spool};
    json_t *object = json_loadb(note->json.data, note->json.size, 0, NULL);
    bool done = true;

    db_number_text(note->number, keeping.number);
    for (size_t i = 0; i < ARRAY_LENGTH(kinds) && done; i++) {
        if (strcmp(kinds[i].kind, note->kind) == 0)
            done = kinds[i].keep(&keeping, object, err);
    }
    if (done && !keeping.understood)
        log_warning("gateway %s: note %" PRId64 " of kind '%s' is not understood; it is left out", spool, note->number,
                    note->kind);
    json_decref(object);
    return done;
}
