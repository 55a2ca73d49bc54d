/* SPDX-License-Identifier: MIT */
/* Takes in the vendor's own list of a month's handles. */

#include <stdlib.h>
#include <string.h>

#include "headroom/model.h"
#include "reconcile/invoice_rows.h"
#include "reconcile/subject_list.h"
#include "statements.h"

#define FILE_MAX_BYTES ((size_t)256 << 20)

struct listing {
    struct invoice_month month;
    struct invoice_file file;
    const char *by;
    struct invoice_faults faults;
    struct subject_list list;
};

static int by_subject(const void *a, const void *b)
{
    const struct subject_entry *one = a, *other = b;
    int order = strcmp(one->subject, other->subject);

    return order != 0 ? order : (one->line > other->line) - (one->line < other->line);
}

static bool copy_entries(struct db *db, const struct listing *listing, int64_t list_id, struct error *err)
{
    struct db_copy *copy = NULL;

    if (!db_copy_start(db, &sql_invoice_copy_handles, 3, &copy, err))
        return false;
    for (size_t i = 0; i < listing->list.count; i++) {
        const struct subject_entry *entry = &listing->list.entries[i];
        if (i > 0 && strcmp(entry->subject, entry[-1].subject) == 0)
            continue;
        db_copy_row(copy);
        db_copy_int64(copy, list_id);
        db_copy_text(copy, str_of(entry->subject));
        db_copy_int64(copy, (int64_t)entry->line);
    }
    return db_copy_finish(copy, err);
}

static bool write_list(struct db *db, struct listing *listing, struct invoice_listed *listed, struct error *err)
{
    struct db_rows *rows = NULL;
    char id[FETCH_ID_SIZE];
    int64_t list_id;

    if (!db_query_one(db, &sql_invoice_next_list, NULL, &rows, err))
        return false;
    list_id = db_int64(rows, 0, "list_id");
    db_rows_free(rows);
    if (listing->list.count > 0)
        qsort(listing->list.entries, listing->list.count, sizeof *listing->list.entries, by_subject);
    const char *const params[] = {fetch_id(list_id, id), listing->month.contract, listing->month.month,
                                  listing->file.name,    listing->file.sha256,    listing->by};
    if (!copy_entries(db, listing, list_id, err) || !db_query_one(db, &sql_invoice_list_add, params, &rows, err))
        return false;
    *listed = (struct invoice_listed){listing->list.count, (uint64_t)db_int64(rows, 0, "entries")};
    db_rows_free(rows);
    return db_commit(db, err);
}

bool invoice_import_list(struct db *db, const struct invoice_list *list, const char *by, struct invoice_listed *listed,
                         struct error *err)
{
    struct listing listing = {.by = by};
    bool done = invoice_find_month(db, list->contract, list->month, &listing.month, err) &&
                invoice_file_read(&listing.file, list->path, FILE_MAX_BYTES, err);

    listing.faults.file = listing.file.name;
    if (done)
        subject_list_read(&listing.list, (struct str){listing.file.content.data, listing.file.content.size},
                          SIZE_MAX - 1, &listing.faults);
    done =
        done && invoice_faults_end(&listing.faults, err) &&
        (listing.list.count > 0 || fail(err, EXIT_COMMAND, "%s holds no user id and no handle", listing.file.name)) &&
        db_begin(db, err);
    if (done && !write_list(db, &listing, listed, err)) {
        db_rollback(db);
        done = false;
    }
    subject_list_free(&listing.list);
    invoice_file_free(&listing.file);
    return done;
}
