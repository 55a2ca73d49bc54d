/* SPDX-License-Identifier: MIT */
/* The way back: from an owner to its first event that counts, from an event to its batch, its file and its line. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/verify_form.h"
#include "headroom/audit.h"
#include "headroom/model.h"
#include "statements.h"

/* ---- events ---- */

bool audit_trace_events(struct db *db, const struct trace_filter *filter, struct db_rows **rows, struct error *err)
{
    char contract[DB_NUMBER_SIZE], from[DB_NUMBER_SIZE], until[DB_NUMBER_SIZE];
    const char *params[] = {
        filter->id,
        filter->contract_id != 0 ? db_number_text(filter->contract_id, contract) : NULL,
        filter->source,
        filter->subject,
        filter->from_us != 0 ? db_number_text(filter->from_us, from) : NULL,
        filter->until_us != 0 ? db_number_text(filter->until_us, until) : NULL,
        filter->counted ? "true" : "false",
    };

    return db_query(db, &sql_trace_events, params, rows, err);
}

struct wanted {
    struct form form;
    int64_t ordinal;
    bool found;
    unsigned char digest[DIGEST_SIZE];
};

static bool take_event(struct str line, void *context, struct error *err)
{
    struct wanted *wanted = context;
    struct form_event event;

    if (!form_read(&wanted->form, line, &event))
        return fail(err, EXIT_COMMAND, "the program is wrong: an event of %.60s can't be read", line.data);
    if (event.ordinal == wanted->ordinal) {
        wanted->found = true;
        memcpy(wanted->digest, event.digest, DIGEST_SIZE);
    }
    return true;
}

bool audit_event_digest(struct db *db, int64_t batch_id, int64_t ordinal, char out[DIGEST_HEX_SIZE], struct error *err)
{
    struct wanted wanted = {.ordinal = ordinal};
    char id[DB_NUMBER_SIZE];
    const char *params[] = {db_number_text(batch_id, id), id};
    bool done =
        db_run(db, &sql_audit_span, params, err) && db_copy_out(db, &sql_audit_events, take_event, &wanted, err);

    form_free(&wanted.form);
    if (done && !wanted.found)
        done =
            fail(err, EXIT_COMMAND, "the program is wrong: batch %" PRId64 " has no event %" PRId64, batch_id, ordinal);
    if (done)
        digest_hex(wanted.digest, out);
    return done;
}

/* ---- owners ---- */

/* What is asked for, as trace_owners takes it: one of the two. */
struct who {
    char handle[HANDLE_MAX + 2];
    char owner[SUBJECT_MAX + 1];
};

static bool read_who(const char *text, struct who *who, struct error *err)
{
    int64_t user_id;

    *who = (struct who){0};
    if (str_to_int64(str_of(text), 1, INT64_MAX, &user_id)) {
        snprintf(who->owner, sizeof(who->owner), "%" PRId64, user_id);
        return true;
    }
    if (text[0] == '~' && strlen(text) <= SUBJECT_MAX) {
        snprintf(who->owner, sizeof(who->owner), "%s", text);
        return true;
    }
    who->handle[0] = '@';
    return handle_normalise(str_of(text), who->handle + 1) ||
           fail(err, EXIT_USAGE, "'%s' is no handle and no user id; to look for an event with this id add --event",
                text);
}

/* The first event that counts: it has the evidence's time, source, id and subject, and is one that counts. */
static bool find_first(struct db *db, int64_t contract_id, struct trace_owner *owner, struct error *err)
{
    int64_t first_us = db_int64(owner->counted, 0, "first_us");
    const struct trace_filter filter = {
        .id = db_text(owner->counted, 0, "first_id"),
        .contract_id = contract_id,
        .source = db_text(owner->counted, 0, "first_source"),
        .subject = db_text(owner->counted, 0, "subject"),
        .from_us = first_us,
        .until_us = first_us + 1,
        .counted = true,
    };

    return audit_trace_events(db, &filter, &owner->first, err);
}

static bool find_facts(struct db *db, const char *handle, struct trace_owner *owner, struct error *err)
{
    bool is_user = owner->owner[0] >= '0' && owner->owner[0] <= '9';
    const char *params[] = {handle, is_user ? owner->owner : NULL};

    return db_query(db, &sql_trace_facts, params, &owner->facts, err);
}

static bool fill_owner(struct db *db, int64_t contract_id, const char *month, const char *handle,
                       struct trace_owner *owner, struct error *err)
{
    char id[DB_NUMBER_SIZE];
    const char *params[] = {db_number_text(contract_id, id), month, owner->owner};

    if (!db_query(db, &sql_trace_counted, params, &owner->counted, err) ||
        !db_query(db, &sql_trace_not_counted, params, &owner->not_counted, err))
        return false;
    if (db_rows_count(owner->counted) == 0)
        return find_facts(db, handle, owner, err);
    /* The handle that was used, where none was asked for: what makes it this user's is what an auditor asks. */
    const char *subject = db_text(owner->counted, 0, "subject");
    if (handle == NULL && subject[0] == '@')
        handle = subject;
    return find_facts(db, handle, owner, err) && find_first(db, contract_id, owner, err);
}

bool audit_trace_owners(struct db *db, int64_t contract_id, const char *month, const char *who_text,
                        struct trace_owners *owners, struct error *err)
{
    struct who who;
    struct db_rows *rows = NULL;
    char id[DB_NUMBER_SIZE];
    bool done = true;

    *owners = (struct trace_owners){0};
    if (!read_who(who_text, &who, err))
        return false;
    const char *handle = who.handle[0] == '@' ? who.handle : NULL;
    const char *params[] = {db_number_text(contract_id, id), month, handle, handle == NULL ? who.owner : NULL};
    if (!db_query(db, &sql_trace_owners, params, &rows, err))
        return false;
    owners->count = db_rows_count(rows);
    owners->items = mem_alloc((owners->count + 1) * sizeof(*owners->items));
    for (size_t i = 0; i < owners->count; i++)
        owners->items[i].owner = mem_text(db_text(rows, i, "owner"));
    for (size_t i = 0; done && i < owners->count; i++)
        done = fill_owner(db, contract_id, month, handle, &owners->items[i], err);
    db_rows_free(rows);
    return done;
}

void audit_trace_free(struct trace_owners *owners)
{
    for (size_t i = 0; i < owners->count; i++) {
        struct trace_owner *owner = &owners->items[i];
        free(owner->owner);
        db_rows_free(owner->counted);
        db_rows_free(owner->first);
        db_rows_free(owner->facts);
        db_rows_free(owner->not_counted);
    }
    free(owners->items);
    *owners = (struct trace_owners){0};
}
