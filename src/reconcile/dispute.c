/* SPDX-License-Identifier: MIT */
/* Writes the evidence of a month as one folder, for a reader who has no database. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "headroom/invoices.h"
#include "reconcile/dispute_folder.h"
#include "reconcile/dispute_texts.h"
#include "reconcile/fetch.h"
#include "statements.h"

struct dispute {
    const struct dispute_request *request;
    struct db *db;
    struct folder folder;
    struct db_rows *month; /* of dispute_month.sql */
    char id[FETCH_ID_SIZE];
    FILE *owners, *handles;
    struct digest *digest; /* of the list of owners */
    int64_t count;
    char owners_digest[DIGEST_HEX_SIZE];
    FILE *out; /* of the file that is being written */
};

/* ---- the owners ---- */

/* RFC 4180: in quotes where it has to be. */
static void write_cell(FILE *out, const char *text, const char *behind)
{
    bool quoted = text != NULL && strpbrk(text, "\",\r\n") != NULL;

    (void)fputs(quoted ? "\"" : "", out);
    for (const char *at = text; at != NULL && *at != '\0'; at++) {
        (void)fputs(*at == '"' ? "\"" : "", out);
        (void)fputc(*at, out);
    }
    (void)fprintf(out, "%s%s", quoted ? "\"" : "", behind);
}

static bool write_owner(const struct db_rows *rows, void *context, struct error *err)
{
    static const char *const cells[] = {"source", "id", "batch", "file", "line", "counted_requests"};
    struct dispute *dispute = context;
    char time[TIMESTAMP_SIZE];
    char *line = mem_format("%s\t%s\t%s\t%s\t%s\t%s\n", db_text(rows, 0, "owner"), db_text(rows, 0, "handle"),
                            db_text(rows, 0, "first_seen"), db_text(rows, 0, "last_seen"), db_text(rows, 0, "requests"),
                            db_text(rows, 0, "counted_requests"));

    (void)err;
    digest_add(dispute->digest, line, strlen(line));
    (void)fputs(line, dispute->owners);
    free(line);
    write_cell(dispute->handles, db_text(rows, 0, "owner"), ",");
    write_cell(dispute->handles, db_text(rows, 0, "handle"), ",");
    write_cell(dispute->handles, timestamp_format(db_int64(rows, 0, "first_seen"), time), ",");
    for (size_t i = 0; i < ARRAY_LENGTH(cells); i++)
        write_cell(dispute->handles, db_text(rows, 0, cells[i]), i + 1 < ARRAY_LENGTH(cells) ? "," : "\r\n");
    dispute->count++;
    return true;
}

static bool write_owners(struct dispute *dispute, struct error *err)
{
    unsigned char digest[DIGEST_SIZE];
    const char *const params[] = {dispute->id, dispute->request->item->month};

    dispute->owners = folder_open(&dispute->folder, "owners.tsv", err);
    dispute->handles = dispute->owners != NULL ? folder_open(&dispute->folder, "handles.csv", err) : NULL;
    if (dispute->handles == NULL)
        return false;
    (void)fputs("owner,handle,first_request,source,id,batch,file,line,counted_requests\r\n", dispute->handles);
    if (!db_each(dispute->db, &sql_dispute_owners, params, write_owner, dispute, err))
        return false;
    digest_peek(dispute->digest, digest);
    digest_hex(digest, dispute->owners_digest);
    FILE *owners = dispute->owners, *handles = dispute->handles;
    dispute->owners = NULL;
    bool done = folder_close(&dispute->folder, owners, "owners.tsv", err);
    if (!done)
        return false;
    dispute->handles = NULL;
    return folder_close(&dispute->folder, handles, "handles.csv", err);
}

/* ---- rows with tabs between ---- */

static bool write_row(const struct db_rows *rows, void *context, struct error *err)
{
    const struct dispute *dispute = context;

    (void)err;
    for (size_t i = 0; i < db_column_count(rows); i++) {
        const char *value = db_value(rows, 0, i);
        (void)fprintf(dispute->out, "%s%s", i > 0 ? "\t" : "", value != NULL ? value : "");
    }
    (void)fputc('\n', dispute->out);
    return true;
}

static bool write_rows(struct dispute *dispute, const char *name, const struct sql *sql, const char *const *params,
                       struct error *err)
{
    dispute->out = folder_open(&dispute->folder, name, err);
    if (dispute->out == NULL)
        return false;
    bool done = db_each(dispute->db, sql, params, write_row, dispute, err);
    FILE *file = dispute->out;
    dispute->out = NULL;
    if (done)
        return folder_close(&dispute->folder, file, name, err);
    (void)fclose(file);
    return false;
}

static bool write_chain(struct dispute *dispute, struct error *err)
{
    const char *const month[] = {dispute->id, dispute->request->item->month};
    const char *const lines[] = {dispute->id, dispute->request->item->month, db_text(dispute->month, 0, "overage")};

    return write_rows(dispute, "charge.tsv", &sql_reconcile_lines, lines, err) &&
           write_rows(dispute, "chain.tsv", &sql_dispute_chain, NULL, err) &&
           write_rows(dispute, "contents.tsv", &sql_dispute_contents, month, err);
}

/* ---- the texts ---- */

static bool is_closed(const struct dispute *dispute)
{
    return !db_is_null(dispute->month, 0, "statement");
}

static bool write_statement(struct dispute *dispute, struct error *err)
{
    const struct db_rows *month = dispute->month;
    const char *limit = db_text(month, 0, "unit_limit");
    char start[TIMESTAMP_SIZE], end[TIMESTAMP_SIZE];
    char *text = mem_format(
        "Contract:        %s\nBilling month:   %s (%s)\nFrom:            %s\nUntil:           %s (exclusive), time "
        "zone "
        "%s\nCounting rule:   %s\nLimit:           %s\nUnique handles:  %s\nOverage:         %s\nCharge:          %s "
        "%s\n\n%s",
        db_text(month, 0, "contract"), db_text(month, 0, "month"), db_text(month, 0, "state"),
        timestamp_format(db_int64(month, 0, "period_start"), start),
        timestamp_format(db_int64(month, 0, "period_end"), end), db_text(month, 0, "time_zone"),
        db_text(month, 0, "rule"), limit != NULL ? limit : "none", db_text(month, 0, "unique_handles"),
        db_text(month, 0, "overage"), db_text(month, 0, "charge"), db_text(month, 0, "currency"),
        is_closed(dispute) ? "The month is closed: these are the figures of its seal.\n" : dispute_provisional);
    char *json = mem_format("%s\n", is_closed(dispute) ? db_text(month, 0, "statement") : dispute->request->statement);
    char *seals = mem_format("%s\n", db_text(month, 0, "seals"));
    bool done = folder_write(&dispute->folder, "statement.txt", text, err) &&
                folder_write(&dispute->folder, "statement.json", json, err) &&
                folder_write(&dispute->folder, "check.json", dispute->request->check, err) &&
                folder_write(&dispute->folder, "seals.json", seals, err) &&
                folder_write(&dispute->folder, "method.md", dispute_method, err) &&
                folder_write(&dispute->folder, "README.txt", dispute_steps, err);

    free(seals);
    free(json);
    free(text);
    return done;
}

static json_t *or_null(const struct db_rows *rows, const char *column)
{
    return db_is_null(rows, 0, column) ? json_null() : json_integer(db_int64(rows, 0, column));
}

static bool write_manifest(struct dispute *dispute, struct error *err)
{
    static const char *const texts[] = {"contract", "month", "rule", "charge", "currency", "chain_head"};
    char now[TIMESTAMP_SIZE];
    json_t *object = json_object();

    (void)json_object_set_new(object, "format", json_string(DISPUTE_FORMAT));
    (void)json_object_set_new(object, "provisional", json_boolean(!is_closed(dispute)));
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        (void)json_object_set_new(object, texts[i], json_string(db_text(dispute->month, 0, texts[i])));
    (void)json_object_set_new(object, "unique_handles", or_null(dispute->month, "unique_handles"));
    (void)json_object_set_new(object, "limit", or_null(dispute->month, "unit_limit"));
    (void)json_object_set_new(object, "owners_digest", json_string(dispute->owners_digest));
    (void)json_object_set_new(object, "seal_link", or_null(dispute->month, "seal_link"));
    (void)json_object_set_new(object, "chain_length", or_null(dispute->month, "chain_length"));
    (void)json_object_set_new(object, "made_at", json_string(timestamp_format(timestamp_now(), now)));
    (void)json_object_set_new(object, "made_by", json_string(dispute->request->by));
    (void)json_object_set_new(object, "program", json_string("headroom " HEADROOM_VERSION));
    (void)json_object_set(object, "files", dispute->folder.files);
    char *text = json_dumps(object, JSON_INDENT(2));
    char *line = mem_format("%s\n", text);
    bool done = folder_write(&dispute->folder, "manifest.json", line, err);

    free(line);
    free(text);
    json_decref(object);
    return done;
}

/* What is sealed must be what is written: else the folder would not prove what it says. */
static bool check_owners(const struct dispute *dispute, struct error *err)
{
    const char *sealed = db_text(dispute->month, 0, "owners_digest");

    if (dispute->count != db_int64(dispute->month, 0, "unique_handles"))
        return fail(err, EXIT_CHECK,
                    "the list has %" PRId64 " owners, the month counts %s; nothing was written; `headroom "
                    "reconcile --recount` and `headroom verify` say where they part",
                    dispute->count, db_text(dispute->month, 0, "unique_handles"));
    return sealed == NULL || strcmp(sealed, dispute->owners_digest) == 0 ||
           fail(err, EXIT_CHECK,
                "the owners are not those that were sealed; nothing was written; `headroom verify` says "
                "what was changed");
}

static bool write_all(struct dispute *dispute, struct error *err)
{
    return folder_begin(&dispute->folder, dispute->request->folder, err) && write_owners(dispute, err) &&
           check_owners(dispute, err) && write_chain(dispute, err) && write_statement(dispute, err) &&
           write_manifest(dispute, err) && folder_finish(&dispute->folder, err);
}

bool dispute_write(struct db *db, const struct dispute_request *request, struct dispute_result *result,
                   struct error *err)
{
    struct dispute dispute = {.request = request, .db = db, .digest = digest_new()};
    const char *const params[] = {fetch_id(request->item->contract_id, dispute.id), request->item->month};
    bool done = db_query_one(db, &sql_dispute_month, params, &dispute.month, err) && write_all(&dispute, err);

    if (dispute.owners != NULL)
        (void)fclose(dispute.owners);
    if (dispute.handles != NULL)
        (void)fclose(dispute.handles);
    if (done)
        *result = (struct dispute_result){.provisional = !is_closed(&dispute), .unique_handles = dispute.count};
    folder_end(&dispute.folder);
    digest_free(dispute.digest);
    db_rows_free(dispute.month);
    return done;
}
