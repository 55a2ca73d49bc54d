/* SPDX-License-Identifier: MIT */
/* An import of identities from a file: read, judged as a whole, and written or shown. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/identities.h"
#include "ingest/identities_read.h"
#include "ingest/input.h"
#include "statements.h"

struct import {
    const struct identities_options *options;
    struct identities_result *result;
    struct arena *names;
    struct identities identities;
    struct identities_faults faults;
    struct db *db;
};

/* ---- the file as a whole ---- */

static void note_overlap(const struct identity *earlier, const struct identity *later, void *context)
{
    identities_fault(context, later->line,
                     "gives %s to user %" PRId64 " on days on which line %" PRIu64 " gives it to user %" PRId64,
                     later->subject, later->user_id, earlier->line, earlier->user_id);
}

static bool refuse(const struct import *import, struct error *err)
{
    const struct identities_faults *faults = &import->faults;
    const char *file = strcmp(import->options->file, "-") == 0 ? "standard input" : import->identities.file;

    for (uint64_t i = 0; i < faults->count && i < IDENTITIES_FAULTS; i++)
        log_error("%s:%" PRIu64 ": %s", file, faults->list[i].line, faults->list[i].text);
    if (faults->count > IDENTITIES_FAULTS)
        log_error("%s: and %" PRIu64 " more", file, faults->count - IDENTITIES_FAULTS);
    return fail(err, EXIT_COMMAND,
                "%s: %" PRIu64 " line%s cannot be taken; nothing was imported; correct %s and import "
                "the file again",
                file, faults->count, faults->count == 1 ? "" : "s", faults->count == 1 ? "it" : "them");
}

static bool read_file(struct import *import, struct error *err)
{
    struct input *input = NULL;

    if (!input_open(&input, import->options->file, err) ||
        !identities_read(&import->identities, input, &import->faults, err))
        return false;
    identities_overlaps(&import->identities, note_overlap, &import->faults);
    return import->faults.count == 0 || refuse(import, err);
}

/* Two users without dates: the rules give the handle to the lower id, which whoever wrote the file may not expect. */
static void warn_of_ties(const struct identities *identities)
{
    const struct identity *first = NULL;
    size_t ties = 0;

    for (size_t i = 1; i < identities->fact_count; i++) {
        const struct identity *before = &identities->list[i - 1];
        if (strcmp(before->subject, identities->list[i].subject) != 0)
            continue;
        first = first != NULL ? first : before;
        ties++;
    }
    if (first != NULL)
        log_warning("%s: %s is given to several users without dates, of which the lowest id (%" PRId64
                    ") owns it where nothing else is known%s; give dates to tell them apart",
                    identities->file, first->subject, first->user_id, ties > 1 ? "; others too" : "");
}

/* ---- what is there already ---- */

static bool find_same(struct import *import, struct error *err)
{
    char digest[DIGEST_HEX_SIZE];
    const char *params[] = {digest};
    struct db_rows *rows = NULL;

    digest_hex(import->identities.digest, digest);
    if (!db_query(import->db, &sql_identities_same, params, &rows, err))
        return false;
    if (db_rows_count(rows) > 0)
        import->result->same_batch = db_int64(rows, 0, "batch_id");
    db_rows_free(rows);
    return true;
}

static void keep_written(struct identities_result *result, const struct identities_written *written)
{
    result->known_facts = (uint64_t)written->known_facts;
    result->known_claims = (uint64_t)written->known_claims;
    snprintf(result->chain_head, sizeof result->chain_head, "%s", written->chain_head);
}

/* ---- the dry run: the facts and claims alone, and back ---- */

static bool fetch_changes(struct import *import, struct error *err)
{
    struct identities_result *result = import->result;
    struct db_rows *rows = NULL;

    if (!db_query(import->db, &sql_identities_changes, NULL, &rows, err))
        return false;
    result->change_count = db_rows_count(rows);
    result->changes = mem_alloc((result->change_count + 1) * sizeof *result->changes);
    for (size_t i = 0; i < result->change_count; i++) {
        struct identities_change *change = &result->changes[i];
        change->contract = mem_text(db_text(rows, i, "contract"));
        snprintf(change->month, sizeof change->month, "%s", db_text(rows, i, "month"));
        change->handles = db_int64(rows, i, "handles");
        change->unique_before = db_int64(rows, i, "unique_before");
        change->unique_after = db_int64(rows, i, "unique_after");
    }
    db_rows_free(rows);
    return true;
}

/* No batch is made, so that no number is lost; what is tried out is later than all batches. */
static bool try_out(struct import *import, struct error *err)
{
    struct db *db = import->db;
    struct identities_written written = {0};
    bool done = db_begin(db, err) && identities_stage(db, &import->identities, err) &&
                identities_count_known(db, &written, err) && db_run(db, &sql_identities_remember, NULL, err) &&
                identities_add(db, INT64_MAX, err) && fetch_changes(import, err);

    db_rollback(db);
    if (done)
        keep_written(import->result, &written);
    return done;
}

static bool write(struct import *import, struct error *err)
{
    struct identities_written written;

    if (!identities_write(import->db, &import->identities, &written, err))
        return false;
    import->result->batch_id = written.batch_id;
    keep_written(import->result, &written);
    return true;
}

/* ---- from the beginning to the end ---- */

static bool take(struct import *import, struct error *err)
{
    struct identities *identities = &import->identities;
    struct identities_result *result = import->result;

    identities_arrange(identities);
    warn_of_ties(identities);
    result->read = identities->count + identities->repeated;
    result->facts = identities->fact_count;
    result->claims = identities->count - identities->fact_count;
    result->repeated = identities->repeated;
    if (identities->count == 0)
        return true;
    if (!find_same(import, err))
        return false;
    if (result->same_batch != 0)
        return true;
    return import->options->dry_run ? try_out(import, err) : write(import, err);
}

bool ingest_identities(const struct db_target *target, const struct identities_options *options,
                       struct identities_result *result, struct error *err)
{
    struct import *import = mem_alloc(sizeof *import);
    bool done;

    *result = (struct identities_result){0};
    import->options = options;
    import->result = result;
    import->names = arena_new();
    import->identities.file = given_file_name(import->names, options->file).data;
    import->identities.by = options->by;
    result->file = mem_text(import->identities.file);
    done = db_open(&import->db, target, DB_WRITER, err) && read_file(import, err) && take(import, err);
    db_close(import->db);
    identities_free(&import->identities);
    arena_free(import->names);
    free(import);
    return done;
}

void ingest_identities_free(struct identities_result *result)
{
    for (size_t i = 0; i < result->change_count; i++)
        free(result->changes[i].contract);
    free(result->changes);
    free(result->file);
}
