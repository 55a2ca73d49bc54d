/* SPDX-License-Identifier: MIT */
/* Writes the evidence of a month as one folder, for a reader who has no database. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "audit/evidence_events.h"
#include "audit/evidence_texts.h"
#include "audit/folder.h"
#include "headroom/evidence.h"
#include "statements.h"

struct evidence {
    const struct evidence_request *request;
    struct db *db;
    struct folder folder;
    struct db_rows *month; /* of evidence_month.sql */
    char id[DB_NUMBER_SIZE];
    struct evidence_events events;
    FILE *owners, *handles;
    struct digest *digest; /* of the list of owners */
    int64_t count;
    char owners_digest[DIGEST_HEX_SIZE];
    FILE *out; /* of the file that is being written */
};

static bool is_closed(const struct evidence *evidence)
{
    return !db_is_null(evidence->month, 0, "statement");
}

static bool is_dispute(const struct evidence *evidence)
{
    return evidence->request->check != NULL;
}

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
    struct evidence *evidence = context;
    char time[TIMESTAMP_SIZE];
    char *line = mem_format("%s\t%s\t%s\t%s\t%s\t%s\n", db_text(rows, 0, "owner"), db_text(rows, 0, "handle"),
                            db_text(rows, 0, "first_seen"), db_text(rows, 0, "last_seen"), db_text(rows, 0, "requests"),
                            db_text(rows, 0, "counted_requests"));

    (void)err;
    digest_add(evidence->digest, line, strlen(line));
    (void)fputs(line, evidence->owners);
    free(line);
    write_cell(evidence->handles, db_text(rows, 0, "owner"), ",");
    write_cell(evidence->handles, db_text(rows, 0, "handle"), ",");
    write_cell(evidence->handles, timestamp_format(db_int64(rows, 0, "first_seen"), time), ",");
    for (size_t i = 0; i < ARRAY_LENGTH(cells); i++)
        write_cell(evidence->handles, db_text(rows, 0, cells[i]), i + 1 < ARRAY_LENGTH(cells) ? "," : "\r\n");
    evidence->count++;
    return true;
}

static bool write_owners(struct evidence *evidence, struct error *err)
{
    unsigned char digest[DIGEST_SIZE];
    const char *const params[] = {evidence->id, evidence->request->month};

    evidence->owners = folder_open(&evidence->folder, "owners.tsv", err);
    evidence->handles = evidence->owners != NULL ? folder_open(&evidence->folder, "handles.csv", err) : NULL;
    if (evidence->handles == NULL)
        return false;
    (void)fputs("owner,handle,first_request,source,id,batch,file,line,counted_requests\r\n", evidence->handles);
    if (!db_each(evidence->db, &sql_evidence_owners, params, write_owner, evidence, err))
        return false;
    digest_peek(evidence->digest, digest);
    digest_hex(digest, evidence->owners_digest);
    FILE *owners = evidence->owners, *handles = evidence->handles;
    evidence->owners = NULL;
    bool done = folder_close(&evidence->folder, owners, "owners.tsv", err);
    if (!done)
        return false;
    evidence->handles = NULL;
    return folder_close(&evidence->folder, handles, "handles.csv", err);
}

/* ---- rows with tabs between ---- */

static bool write_row(const struct db_rows *rows, void *context, struct error *err)
{
    const struct evidence *evidence = context;

    (void)err;
    for (size_t i = 0; i < db_column_count(rows); i++) {
        const char *value = db_value(rows, 0, i);
        (void)fprintf(evidence->out, "%s%s", i > 0 ? "\t" : "", value != NULL ? value : "");
    }
    (void)fputc('\n', evidence->out);
    return true;
}

static bool write_rows(struct evidence *evidence, const char *name, const struct sql *sql, const char *const *params,
                       struct error *err)
{
    evidence->out = folder_open(&evidence->folder, name, err);
    if (evidence->out == NULL)
        return false;
    bool done = db_each(evidence->db, sql, params, write_row, evidence, err);
    FILE *file = evidence->out;
    evidence->out = NULL;
    if (done)
        return folder_close(&evidence->folder, file, name, err);
    (void)fclose(file);
    return false;
}

static bool write_tables(struct evidence *evidence, struct error *err)
{
    const char *const month[] = {evidence->id, evidence->request->month};
    const char *const contents[] = {evidence->id, evidence->request->month, is_dispute(evidence) ? "true" : "false"};
    const char *const lines[] = {evidence->id, evidence->request->month, db_text(evidence->month, 0, "overage")};

    return write_rows(evidence, "charge.tsv", &sql_reconcile_lines, lines, err) &&
           write_rows(evidence, "chain.tsv", &sql_evidence_chain, NULL, err) &&
           write_rows(evidence, "contents.tsv", &sql_evidence_contents, contents, err) &&
           write_rows(evidence, "facts.tsv", &sql_evidence_facts, month, err) &&
           write_rows(evidence, "days.tsv", &sql_evidence_days, month, err);
}

static bool write_events(struct evidence *evidence, struct error *err)
{
    static const char name[] = "events.jsonl.gz";
    FILE *file = folder_open(&evidence->folder, name, err);

    if (file == NULL)
        return false;
    if (evidence_write_events(evidence->db, evidence->id, evidence->request->month, file, &evidence->events, err))
        return folder_close(&evidence->folder, file, name, err);
    (void)fclose(file);
    return false;
}

/* ---- the texts ---- */

static bool write_statement(struct evidence *evidence, struct error *err)
{
    const struct db_rows *month = evidence->month;
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
        is_closed(evidence) ? "The month is closed: these are the figures of its seal.\n" : evidence_provisional);
    char *json =
        mem_format("%s\n", is_closed(evidence) ? db_text(month, 0, "statement") : evidence->request->statement);
    char *seals = mem_format("%s\n", db_text(month, 0, "seals"));
    bool done =
        folder_write(&evidence->folder, "statement.txt", text, err) &&
        folder_write(&evidence->folder, "statement.json", json, err) &&
        (!is_dispute(evidence) || folder_write(&evidence->folder, "check.json", evidence->request->check, err)) &&
        folder_write(&evidence->folder, "seals.json", seals, err) &&
        folder_write(&evidence->folder, "METHOD.txt", evidence_method, err);

    free(seals);
    free(json);
    free(text);
    return done;
}

/* Null and numbers by what the statement says of the column. */
static void add_columns(json_t *object, const struct db_rows *month)
{
    static const char *const texts[] = {"contract", "month", "rule", "time_zone", "charge", "currency", "chain_head"};
    static const struct {
        const char *key, *column;
    } numbers[] = {
        {"period_start_us", "period_start"},  {"period_end_us", "period_end"},  {"requests", "requests"},
        {"unique_handles", "unique_handles"}, {"limit", "unit_limit"},          {"seal_link", "seal_link"},
        {"until_link", "until_link"},         {"chain_length", "chain_length"},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        (void)json_object_set_new(object, texts[i], json_string(db_text(month, 0, texts[i])));
    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++)
        (void)json_object_set_new(object, numbers[i].key,
                                  db_is_null(month, 0, numbers[i].column)
                                      ? json_null()
                                      : json_integer(db_int64(month, 0, numbers[i].column)));
}

static bool write_manifest(struct evidence *evidence, struct error *err)
{
    char now[TIMESTAMP_SIZE];
    json_t *object = json_object();

    (void)json_object_set_new(object, "format", json_string(EVIDENCE_FORMAT));
    (void)json_object_set_new(object, "vendor", json_boolean(is_dispute(evidence)));
    (void)json_object_set_new(object, "provisional", json_boolean(!is_closed(evidence)));
    (void)json_object_set_new(object, "contract_id", json_integer(evidence->request->contract_id));
    add_columns(object, evidence->month);
    (void)json_object_set_new(object, "events", json_integer((json_int_t)evidence->events.own));
    (void)json_object_set_new(object, "other_events", json_integer((json_int_t)evidence->events.others));
    (void)json_object_set_new(object, "owners_digest", json_string(evidence->owners_digest));
    (void)json_object_set_new(object, "made_at", json_string(timestamp_format(evidence->request->made_us, now)));
    (void)json_object_set_new(object, "made_by", json_string(evidence->request->by));
    (void)json_object_set_new(object, "program", json_string("headroom " HEADROOM_VERSION));
    (void)json_object_set(object, "files", evidence->folder.files);
    char *text = json_dumps(object, JSON_INDENT(2));
    char *line = mem_format("%s\n", text);
    bool done = folder_write(&evidence->folder, "manifest.json", line, err);

    free(line);
    free(text);
    json_decref(object);
    return done;
}

/* What is sealed must be what is written: else the folder would not prove what it says. */
static bool check_owners(const struct evidence *evidence, struct error *err)
{
    const char *sealed = db_text(evidence->month, 0, "owners_digest");

    if (evidence->count != db_int64(evidence->month, 0, "unique_handles"))
        return fail(err, EXIT_CHECK,
                    "the list has %" PRId64 " owners, the month counts %s; nothing was written; `headroom "
                    "reconcile --recount` and `headroom verify` say where they part",
                    evidence->count, db_text(evidence->month, 0, "unique_handles"));
    return sealed == NULL || strcmp(sealed, evidence->owners_digest) == 0 ||
           fail(err, EXIT_CHECK,
                "the owners are not those that were sealed; nothing was written; `headroom verify` says "
                "what was changed");
}

static bool write_all(struct evidence *evidence, struct error *err)
{
    return folder_begin(&evidence->folder, evidence->request->folder, err) && write_owners(evidence, err) &&
           check_owners(evidence, err) && write_tables(evidence, err) && write_events(evidence, err) &&
           write_statement(evidence, err) && write_manifest(evidence, err) && folder_finish(&evidence->folder, err);
}

bool evidence_write(struct db *db, const struct evidence_request *request, struct evidence_result *result,
                    struct error *err)
{
    struct evidence evidence = {.request = request, .db = db, .digest = digest_new()};
    const char *const params[] = {db_number_text(request->contract_id, evidence.id), request->month};
    bool done = db_query_one(db, &sql_evidence_month, params, &evidence.month, err) && write_all(&evidence, err);

    if (evidence.owners != NULL)
        (void)fclose(evidence.owners);
    if (evidence.handles != NULL)
        (void)fclose(evidence.handles);
    if (done)
        *result = (struct evidence_result){
            .provisional = !is_closed(&evidence), .unique_handles = evidence.count, .events = evidence.events.own};
    folder_end(&evidence.folder);
    digest_free(evidence.digest);
    db_rows_free(evidence.month);
    return done;
}
