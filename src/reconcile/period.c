/* SPDX-License-Identifier: MIT */
/* Notes which billing months are left out where months are compared. */

#include "headroom/pricing.h"
#include "reconcile/fetch.h"
#include "statements.h"

static bool refuse_again(const struct period_note *note, const struct db_rows *rows, struct error *err)
{
    if (note->ignored)
        return fail(err, EXIT_COMMAND, "%.7s of contract '%s' is ignored already, by %s on %s: %s; nothing was changed",
                    note->month, note->contract->name, db_text(rows, 0, "noted_by"), db_text(rows, 0, "noted_on"),
                    db_text(rows, 0, "reason"));
    return fail(err, EXIT_COMMAND,
                "%.7s of contract '%s' is not ignored, so there is nothing to heed again; nothing "
                "was changed",
                note->month, note->contract->name);
}

static bool check_change(struct db *db, const struct period_note *note, const char *id, struct error *err)
{
    struct db_rows *rows = NULL;
    if (!db_query(db, &sql_period_noted, (const char *const[]){id, note->month}, &rows, err))
        return false;
    bool ignored = db_rows_count(rows) > 0 && db_bool(rows, 0, "ignored");
    bool fine = ignored != note->ignored || refuse_again(note, rows, err);
    db_rows_free(rows);
    return fine;
}

bool period_note(struct db *db, const struct period_note *note, struct error *err)
{
    char text[FETCH_ID_SIZE];
    const char *id = fetch_id(note->contract->id, text);
    const char *const values[] = {id, note->month, note->ignored ? "true" : "false", note->reason, note->by};
    bool done = db_begin(db, err) && check_change(db, note, id, err) && db_run(db, &sql_period_note, values, err) &&
                db_commit(db, err);
    if (!done)
        db_rollback(db);
    return done;
}
