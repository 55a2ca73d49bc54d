/* SPDX-License-Identifier: MIT */
/* Reads a list of those who are going to be used, and asks whom of them a month counts already. */

#include "headroom/plan.h"

#include <stdlib.h>

#include "reconcile/fetch.h"
#include "reconcile/subject_list.h"
#include "statements.h"

#define FILE_MAX_BYTES ((size_t)64 << 20)

struct plan_list {
    struct invoice_file file;
    struct subject_list subjects;
};

static bool check_list(const struct plan_list *list, const struct invoice_faults *faults, struct error *err)
{
    if (list->subjects.count > PLAN_MAX)
        return fail(err, EXIT_COMMAND, "%s names more than %d handles; plan fewer at a time", list->file.name,
                    PLAN_MAX);
    if (faults->count > 0)
        return fail(err, EXIT_COMMAND, "%s: %llu line%s cannot be read; correct %s and plan again", list->file.name,
                    (unsigned long long)faults->count, faults->count == 1 ? "" : "s",
                    faults->count == 1 ? "it" : "them");
    return list->subjects.count > 0 ||
           fail(err, EXIT_COMMAND, "%s holds no user id and no handle; write one a line", list->file.name);
}

bool plan_read(const char *path, struct plan_list **read, struct error *err)
{
    struct plan_list *list = *read = mem_alloc(sizeof *list);
    struct invoice_faults faults = {0};
    if (!invoice_file_read(&list->file, path, FILE_MAX_BYTES, err))
        return false;
    faults.file = list->file.name;
    subject_list_read(&list->subjects, (struct str){list->file.content.data, list->file.content.size}, PLAN_MAX,
                      &faults);
    return check_list(list, &faults, err);
}

void plan_free(struct plan_list *list)
{
    if (list == NULL)
        return;
    subject_list_free(&list->subjects);
    invoice_file_free(&list->file);
    free(list);
}

/* "{@ann,12}", a text[]: nothing in a subject needs quotes there. */
static char *array_text(const struct subject_list *subjects)
{
    size_t size = 0, room = subjects->count * (sizeof subjects->entries->subject + 1) + 2;
    char *text = mem_alloc(room);
    for (size_t i = 0; i < subjects->count; i++)
        size += (size_t)snprintf(text + size, room - size, "%c%s", i == 0 ? '{' : ',', subjects->entries[i].subject);
    text[size] = '}';
    return text;
}

static void fill(struct plan *plan, const struct db_rows *rows, const struct plan_list *list)
{
    const struct subject_entry *passing = NULL;
    if (!db_is_null(rows, 0, "passing"))
        passing = &list->subjects.entries[db_int64(rows, 0, "passing") - 1];
    *plan = (struct plan){
        .file = list->file.name,
        .lines = (int64_t)list->subjects.count,
        .handles = db_int64(rows, 0, "handles"),
        .counted = db_int64(rows, 0, "counted"),
        .fresh = db_int64(rows, 0, "new"),
        .repeated = db_int64(rows, 0, "repeated"),
        .passing = passing != NULL ? passing->subject : NULL,
        .passing_line = passing != NULL ? (int64_t)passing->line : 0,
    };
}

bool plan_count(struct db *db, const struct reconcile_contract *contract, const char *month,
                const struct plan_time *time, int64_t room, const struct plan_list *list, struct plan *plan,
                struct error *err)
{
    char id[FETCH_ID_SIZE], at[FETCH_ID_SIZE], until[FETCH_ID_SIZE], left[FETCH_ID_SIZE];
    struct db_rows *rows = NULL;
    char *subjects = array_text(&list->subjects);
    const char *const values[] = {
        fetch_id(contract->id, id),         month,    fetch_id(time->at, at),
        fetch_id(time->known_until, until), subjects, room != PLAN_NO_ROOM ? fetch_id(room, left) : NULL};
    bool done = db_query_one(db, &sql_plan_count, values, &rows, err);
    free(subjects);
    if (!done)
        return fail_within(err, "contract '%s', %.7s", contract->name, month);
    fill(plan, rows, list);
    db_rows_free(rows);
    return true;
}
