/* SPDX-License-Identifier: MIT */
/* Keeps in memory which month each contract is in and who counts in it. Who is counted from now on is learned by
 * asking; all are read again where some may count no more, and each quarter of an hour, as facts that events taught may
 * have moved a handle. */

#include <stdlib.h>

#include "gateway/gate_parts.h"
#include "statements.h"

#define LOOK_US  10000000
#define WHOLE_US 900000000

static struct gate_month month_of(const struct gate *gate, const struct db_rows *rows, size_t row)
{
    return (struct gate_month){.contract = db_text(rows, row, "contract"),
                               .version = db_text(rows, row, "version"),
                               .starts_us = db_int64(rows, row, "starts_us"),
                               .ends_us = db_int64(rows, row, "ends_us"),
                               .closes = gate->options.at >= 0 || db_bool(rows, row, "limited")};
}

static void tell(struct gate *gate, const struct db_rows *rows)
{
    size_t count = db_rows_count(rows);
    struct gate_month *months = mem_alloc((count + 1) * sizeof(*months));

    for (size_t i = 0; i < count; i++)
        months[i] = month_of(gate, rows, i);
    pthread_mutex_lock(&gate->lock);
    gate_known_tell(gate->known, months, count);
    gate->told = true;
    gate->away = false;
    pthread_cond_broadcast(&gate->work);
    pthread_mutex_unlock(&gate->lock);
    free(months);
}

static bool add_owner(const struct db_rows *rows, void *context, struct error *err)
{
    (void)err;
    gate_set_add(context, db_text(rows, 0, "owner"));
    return true;
}

static bool count(struct gate *gate, struct db *db, const struct db_rows *rows, size_t row, bool whole,
                  struct error *err)
{
    const struct gate_month month = month_of(gate, rows, row);
    const char *params[] = {db_text(rows, row, "contract_id"), db_text(rows, row, "month")};

    pthread_mutex_lock(&gate->lock);
    bool wanted = gate_known_wants(gate->known, &month) || (whole && month.closes && month.version != NULL);
    pthread_mutex_unlock(&gate->lock);
    if (!wanted)
        return true;
    struct gate_set *set = gate_set_new();
    if (!db_each(db, &sql_gate_counted, params, add_owner, set, err)) {
        gate_set_free(set);
        return false;
    }
    pthread_mutex_lock(&gate->lock);
    gate_known_count(gate->known, &month, set);
    pthread_mutex_unlock(&gate->lock);
    return true;
}

static bool look(struct gate *gate, struct db *db, bool whole, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query(db, &sql_gate_months, NULL, &rows, err))
        return false;
    tell(gate, rows);
    bool done = true;
    for (size_t row = 0; row < db_rows_count(rows) && done; row++)
        done = count(gate, db, rows, row, whole, err);
    db_rows_free(rows);
    return done;
}

/* The asker tells whether the database is there once questions came; before the first look nobody else knows. */
static void fail_to_look(struct gate *gate, bool *said, const struct error *err)
{
    pthread_mutex_lock(&gate->lock);
    if (!gate->told) {
        gate->away = true;
        gate_flush(gate);
    }
    pthread_mutex_unlock(&gate->lock);
    if (!*said)
        log_warning("the gate can't read who is counted: %s", err->text);
    *said = true;
}

static bool sleep_until(struct gate *gate, int64_t until_us)
{
    pthread_mutex_lock(&gate->lock);
    while (!gate->stopping && timestamp_monotonic() < until_us)
        gate_sleep(gate, until_us);
    bool goes_on = !gate->stopping;
    pthread_mutex_unlock(&gate->lock);
    return goes_on;
}

void *gate_keeper_run(void *argument)
{
    struct gate *gate = argument;
    struct db *db = NULL;
    int64_t whole_us = timestamp_monotonic();
    bool said = false;
    bool goes_on = true;

    while (goes_on) {
        struct error err;
        int64_t now = timestamp_monotonic();
        bool whole = now - whole_us >= WHOLE_US;
        bool done = (db != NULL || db_open(&db, &gate->target, DB_READER, &err)) && look(gate, db, whole, &err);
        if (done) {
            said = false;
            whole_us = whole ? now : whole_us;
        } else {
            fail_to_look(gate, &said, &err);
            db_close(db);
            db = NULL;
        }
        goes_on = sleep_until(gate, timestamp_monotonic() + (done ? LOOK_US : GATE_AGAIN_US));
    }
    db_close(db);
    gate_end_thread(gate);
    return NULL;
}
