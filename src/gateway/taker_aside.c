/* SPDX-License-Identifier: MIT */
/* A batch that is refused is tried in smaller parts, down to the one entry that the ledger won't have. */

#include "gateway/taker_aside.h"

#include <inttypes.h>
#include <string.h>

void aside_free(struct aside *aside)
{
    ranges_free(&aside->entries);
    ranges_free(&aside->notes);
    ranges_free(&aside->said_entries);
    ranges_free(&aside->said_notes);
}

void aside_try_again(struct aside *aside, int64_t again_us)
{
    int64_t now_us = timestamp_monotonic();

    if (now_us - aside->cleared_us < again_us)
        return;
    aside->cleared_us = now_us;
    aside->entries.count = aside->notes.count = 0;
    aside->entry_count = aside->note_count = aside->gap_count = 0;
    aside->why[0] = '\0';
}

/* Classes of SQLSTATE that tell of the database and not of a row (PostgreSQL, appendix A): connection, what it can't
 * do, states of transactions, logins, names, serialization, schema and rights, resources, what is in use, operators,
 * the system, its settings. */
static const char *const database_classes[] = {"08", "0A", "25", "28", "3D", "3F", "40",
                                               "42", "53", "55", "57", "58", "F0"};

bool aside_is_refusal(const struct error *err)
{
    if (err->code == EXIT_DATABASE)
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(database_classes); i++) {
        if (strncmp(err->sqlstate, database_classes[i], 2) == 0)
            return false;
    }
    return true;
}

static void set_aside(struct aside *aside, struct ranges *numbers, struct ranges *said, const char *what,
                      uint64_t number, const struct error *err)
{
    (void)ranges_add(numbers, number, number);
    snprintf(aside->why, sizeof aside->why, "%s %" PRIu64 ": %.*s", what, number, db_reason_size(err->text), err->text);
    if (ranges_have(said, number))
        return;
    (void)ranges_add(said, number, number);
    log_error("the ledger refuses %s; it stays in the spool, and the rest goes on", aside->why);
}

/* ---- entries ---- */

/* Leaves out those that are set aside. */
static size_t keep_taken(const struct aside *aside, struct spool_entry *entries, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (!ranges_have(&aside->entries, entries[i].number))
            entries[kept++] = entries[i];
    }
    return kept;
}

bool aside_take(struct aside *aside, struct taker *taker, struct spool_entry *entries, size_t *count,
                struct ingest_result *result, struct error *err)
{
    size_t at = 0, size = *count;

    while (at < *count) {
        if (size > *count - at)
            size = *count - at;
        if (taker_take(taker, entries + at, size, result, err)) {
            at += size;
            size *= 2;
        } else if (!aside_is_refusal(err)) {
            return false;
        } else if (size > 1) {
            size /= 2;
        } else {
            set_aside(aside, &aside->entries, &aside->said_entries, "request number", entries[at].number, err);
            aside->entry_count++;
            at++;
        }
    }
    *count = keep_taken(aside, entries, *count);
    return true;
}

/* ---- notes ---- */

bool aside_take_notes(struct aside *aside, struct taker *taker, struct spool_kept_note *notes, size_t *count,
                      struct error *err)
{
    size_t kept = 0;

    if (*count == 0 || taker_take_notes(taker, notes, *count, err))
        return true;
    if (!aside_is_refusal(err))
        return false;
    for (size_t i = 0; i < *count; i++) {
        if (taker_take_notes(taker, &notes[i], 1, err)) {
            notes[kept++] = notes[i];
            continue;
        }
        if (!aside_is_refusal(err))
            return false;
        set_aside(aside, &aside->notes, &aside->said_notes, "note", (uint64_t)notes[i].number, err);
        aside->note_count++;
        aside->gap_count += strcmp(notes[i].kind, "gap") == 0;
    }
    *count = kept;
    return true;
}
