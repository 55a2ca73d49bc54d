/* SPDX-License-Identifier: MIT */
/* Entries become lines: the spool's id is part of their source, the number is their id. */

#include "gateway/taker.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/taker_note.h"
#include "gateway/taker_parts.h"
#include "statements.h"

#define LINES_BYTES   ((size_t)256 << 20) /* far more than the entries of a call have */
#define CONTRACTS_MAX 10000

struct taker *taker_new(const char *spool, const struct drain_options *options)
{
    struct taker *taker = mem_alloc(sizeof *taker);

    taker->options = options;
    taker->spool = mem_text(spool);
    taker->source = mem_format("gateway %s", spool);
    taker->lines = mem_alloc(TAKER_ENTRIES * sizeof *taker->lines);
    taker->fresh = mem_alloc(TAKER_ENTRIES * sizeof *taker->fresh);
    buffer_init(&taker->text, LINES_BYTES);
    return taker;
}

static void forget_contracts(struct taker *taker)
{
    for (size_t i = 0; i < taker->contract_count; i++)
        free(taker->contracts[i]);
    taker->contract_count = 0;
}

void taker_free(struct taker *taker)
{
    if (taker == NULL)
        return;
    taker_disconnect(taker);
    free(taker->contracts);
    buffer_free(&taker->text);
    free(taker->lines);
    free(taker->fresh);
    free(taker->source);
    free(taker->spool);
    free(taker);
}

void taker_disconnect(struct taker *taker)
{
    ingest_feed_close(taker->feed);
    taker->feed = NULL;
    forget_contracts(taker);
}

bool taker_is_connected(const struct taker *taker)
{
    return taker->feed != NULL;
}

/* ---- its contracts ---- */

static void note_contract(struct taker *taker, const char *contract)
{
    size_t i = 0;

    while (i < taker->contract_count && strcmp(taker->contracts[i], contract) != 0)
        i++;
    if (i < taker->contract_count || i == CONTRACTS_MAX)
        return;
    taker->contracts = mem_resize(taker->contracts, (taker->contract_count + 1) * sizeof *taker->contracts);
    taker->contracts[taker->contract_count++] = mem_text(contract);
}

static bool note_contracts(struct taker *taker, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query(ingest_feed_db(taker->feed), &sql_gateway_contracts, (const char *const[]){taker->source}, &rows,
                  err))
        return false;
    for (size_t row = 0; row < db_rows_count(rows); row++)
        note_contract(taker, db_text(rows, row, "name"));
    db_rows_free(rows);
    if (taker->options->contract != NULL)
        note_contract(taker, taker->options->contract);
    return true;
}

/* ---- connecting ---- */

/* Without it every request would end in quarantine; in the spool they wait. */
static bool check_contract(struct taker *taker, struct error *err)
{
    const char *contract = taker->options->contract;

    return contract == NULL || ingest_feed_has_contract(taker->feed, contract) ||
           fail(err, EXIT_COMMAND, "there is no contract '%s' yet; add it: headroom contract add %s …", contract,
                contract);
}

static bool fits(struct taker *taker, struct error *err)
{
    return taker->options->fits == NULL ||
           taker->options->fits(taker->options->context, ingest_feed_db(taker->feed), err);
}

static void tell(struct taker *taker)
{
    if (taker->options->told != NULL)
        taker->options->told(taker->options->context, ingest_feed_db(taker->feed));
}

bool taker_connect(struct taker *taker, const struct db_target *target, struct error *err)
{
    const struct ingest_feed_options options = {.name = taker->source, .by = taker->options->by};

    taker_disconnect(taker);
    if (ingest_feed_open(&taker->feed, target, &options, err) && fits(taker, err) && check_contract(taker, err) &&
        db_run(ingest_feed_db(taker->feed), &sql_gateway_begin_spool, (const char *const[]){taker->spool}, err) &&
        note_contracts(taker, err)) {
        tell(taker);
        return true;
    }
    taker_disconnect(taker);
    return false;
}

bool taker_refresh(struct taker *taker, struct error *err)
{
    if (!ingest_feed_refresh(taker->feed, err))
        return false;
    tell(taker);
    return true;
}

/* ---- entries ---- */

/* What stands between the braces of an object. */
static struct str members_of(struct str object)
{
    struct str text = str_trim(object);

    if (text.size < 2 || text.data[0] != '{' || text.data[text.size - 1] != '}')
        return text; /* the loader refuses the line, with the reason */
    return str_trim((struct str){text.data + 1, text.size - 2});
}

bool taker_merge(struct buffer *text, const char *source, const struct spool_entry *entry)
{
    const struct str parts[] = {members_of(entry->intent), members_of(entry->outcome)};
    bool fits = buffer_format(text, "{\"source\":\"%s\",\"id\":\"%" PRIu64 "\"", source, entry->number);

    for (size_t i = 0; i < ARRAY_LENGTH(parts) && fits; i++)
        fits = parts[i].size == 0 || (buffer_add(text, ",", 1) && buffer_add(text, parts[i].data, parts[i].size));
    return fits && buffer_add(text, "}", 1);
}

static bool make_lines(struct taker *taker, const struct spool_entry *entries, size_t count, struct error *err)
{
    size_t at[TAKER_ENTRIES + 1] = {0};

    buffer_clear(&taker->text);
    for (size_t i = 0; i < count; i++) {
        if (!taker_merge(&taker->text, taker->source, &entries[i]))
            return fail(err, EXIT_COMMAND, "%s: the entries from number %" PRIu64 " on are too long", taker->source,
                        entries[0].number);
        at[i + 1] = taker->text.size;
    }
    for (size_t i = 0; i < count; i++)
        taker->lines[i] = (struct ingest_feed_line){
            .text = {taker->text.data + at[i], at[i + 1] - at[i]},
            .contract = taker->options->contract,
            .app_first = true,
            .position = entries[i].number,
        };
    return true;
}

/* Numbers as an int8multirange: "{[1,8),[9,10)}". They come in order. */
static bool write_numbers(struct buffer *text, const struct spool_entry *entries, size_t count)
{
    bool fits = buffer_add(text, "{", 1);

    for (size_t i = 0, next; i < count && fits; i = next) {
        next = i + 1;
        while (next < count && entries[next].number == entries[next - 1].number + 1)
            next++;
        fits = buffer_format(text, "%s[%" PRIu64 ",%" PRIu64 "]", i > 0 ? "," : "", entries[i].number,
                             entries[next - 1].number);
    }
    return fits && buffer_add(text, "}", 1);
}

static bool list_numbers(struct taker *taker, const struct spool_entry *entries, size_t count, struct error *err)
{
    buffer_clear(&taker->text);
    return write_numbers(&taker->text, entries, count) ||
           fail(err, EXIT_COMMAND, "%s: too many numbers at once", taker->source);
}

static bool note_numbers(struct taker *taker, const struct spool_entry *entries, size_t count, struct error *err)
{
    return list_numbers(taker, entries, count, err) &&
           db_run(ingest_feed_db(taker->feed), &sql_gateway_take, (const char *const[]){taker->spool, taker->text.data},
                  err);
}

/* Of the entries that were sent: how many there are, and those whose numbers have not come yet. Both lists are in
 * order. */
static bool choose_fresh(struct taker *taker, const struct spool_entry *entries, size_t count, size_t *sent,
                         size_t *fresh, struct error *err)
{
    struct db_rows *rows = NULL;

    *sent = *fresh = 0;
    if (!list_numbers(taker, entries, count, err) ||
        !db_query(ingest_feed_db(taker->feed), &sql_gateway_came, (const char *const[]){taker->spool, taker->text.data},
                  &rows, err))
        return false;
    for (size_t i = 0, row = 0; i < count; i++) {
        int64_t number = (int64_t)entries[i].number;
        if (spool_entry_is_withdrawn(&entries[i]))
            continue;
        (*sent)++;
        while (row < db_rows_count(rows) && db_int64(rows, row, "last_number") < number)
            row++;
        if (row == db_rows_count(rows) || db_int64(rows, row, "first_number") > number)
            taker->fresh[(*fresh)++] = entries[i];
    }
    db_rows_free(rows);
    return true;
}

/* The first of them is enough to see what is wrong; all are in the quarantine. */
static void look_at_verdicts(struct taker *taker, size_t count)
{
    const struct ingest_feed_line *refused = NULL;
    uint64_t quarantined = 0;

    for (size_t i = 0; i < count; i++) {
        const struct ingest_feed_line *line = &taker->lines[i];
        if (line->of_contract != NULL)
            note_contract(taker, line->of_contract);
        if (line->verdict != INGEST_QUARANTINED)
            continue;
        quarantined++;
        refused = refused == NULL ? line : refused;
    }
    if (quarantined > 0)
        log_warning("%s: %" PRIu64 " request%s went to the quarantine; number %" PRIu64 " (%s): %s", taker->source,
                    quarantined, quarantined == 1 ? "" : "s", refused->position, refused->reason, refused->why);
}

bool taker_take(struct taker *taker, const struct spool_entry *entries, size_t count, struct ingest_result *result,
                struct error *err)
{
    size_t sent, fresh;

    if (!choose_fresh(taker, entries, count, &sent, &fresh, err) || !make_lines(taker, taker->fresh, fresh, err) ||
        !ingest_feed_write(taker->feed, taker->lines, fresh, result, err))
        return false;
    result->totals.read += sent - fresh;
    result->totals.duplicate += sent - fresh;
    look_at_verdicts(taker, fresh);
    return note_numbers(taker, entries, count, err); /* those withdrawn, too: no hole is left */
}

static bool take_each_note(struct taker *taker, const struct spool_kept_note *notes, size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!taker_take_note(ingest_feed_db(taker->feed), taker->spool, &notes[i], err))
            return fail_within(err, "note %" PRId64 " of the spool", notes[i].number);
    }
    return true;
}

bool taker_take_notes(struct taker *taker, const struct spool_kept_note *notes, size_t count, struct error *err)
{
    struct db *db = ingest_feed_db(taker->feed);

    if (db_begin(db, err) && take_each_note(taker, notes, count, err) && db_commit(db, err))
        return true;
    db_rollback(db);
    return false;
}

/* ---- up to when ---- */

bool taker_say_until(struct taker *taker, int64_t since_us, int64_t until_us, struct error *err)
{
    for (size_t i = 0; i < taker->contract_count; i++) {
        const struct ingest_feed_until until = {
            .contract = taker->contracts[i], .source = taker->source, .since_us = since_us, .until_us = until_us};
        if (!ingest_feed_say_until(taker->feed, &until, err))
            return false;
    }
    return true;
}

bool taker_settle(struct taker *taker, uint64_t number, int64_t time_us, struct error *err)
{
    char digits[DB_NUMBER_SIZE], time[TIMESTAMP_SIZE];
    const char *params[] = {taker->spool, db_number_text((int64_t)number, digits), timestamp_format(time_us, time)};
    struct db_rows *rows = NULL;

    if (!db_query(ingest_feed_db(taker->feed), &sql_gateway_settle, params, &rows, err))
        return false;
    for (size_t row = 0; row < db_rows_count(rows); row++)
        log_warning("%s: its requests number %s to %s are not in the ledger, and no longer wait in the spool; where "
                    "the database was restored, 'headroom gateway replay' takes in what the spool still keeps",
                    taker->source, db_text(rows, row, "first_number"), db_text(rows, row, "last_number"));
    db_rows_free(rows);
    return true;
}
