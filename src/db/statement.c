/* SPDX-License-Identifier: MIT */
/* Statements: sent with their parameters, their rows taken whole or one by one. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "db/internal.h"

struct db_rows {
    PGresult *result;
    const struct sql *sql;
};

/* Past what begins with these and ends with those, to the end of the text where that is missing. */
static const char *skip_to(const char *at, size_t opening, const char *end)
{
    const char *found = strstr(at + opening, end);

    return found == NULL ? at + strlen(at) : found + strlen(end);
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/* Past a text in dollar quotes, "$$ … $$" or "$tag$ … $tag$"; past the sign alone where it begins none. */
static const char *skip_dollar(const char *at)
{
    char quote[66];
    size_t size = 1;

    while (is_word(at[size]) && at[size] != '$' && size < sizeof(quote) - 2)
        size++;
    if (at[size] != '$' || isdigit((unsigned char)at[1]))
        return at + 1;
    snprintf(quote, sizeof(quote), "%.*s", (int)size + 1, at);
    return skip_to(at, size + 1, quote);
}

/* Past a comment, a quoted text or a name, in which a $n is none. */
static const char *skip_text(const char *at)
{
    if (at[0] == '-' && at[1] == '-')
        return at + strcspn(at, "\n");
    if (at[0] == '/' && at[1] == '*')
        return skip_to(at, 2, "*/");
    if (*at == '\'')
        return skip_to(at, 1, "'");
    if (*at == '"')
        return skip_to(at, 1, "\"");
    if (*at == '$')
        return skip_dollar(at);
    if (!is_word(*at))
        return at + 1;
    while (is_word(*at))
        at++;
    return at;
}

/* The number of the next parameter; 0: there is none. */
static size_t next_parameter(const char **at)
{
    while (**at != '\0') {
        size_t number = **at == '$' ? strtoul(*at + 1, NULL, 10) : 0;
        *at = skip_text(*at);
        if (number > 0)
            return number;
    }
    return 0;
}

size_t db_count_parameters(const char *text)
{
    size_t highest = 0;

    for (size_t number; (number = next_parameter(&text)) > 0;)
        highest = number > highest ? number : highest;
    return highest;
}

/* Without one the server refuses a statement that does not name all parameters up to its highest. */
#define TYPE_TEXT 25
static Oid *types_of(const char *text, size_t count)
{
    Oid *types = mem_alloc((count + 1) * sizeof *types);

    for (size_t i = 0; i < count; i++)
        types[i] = TYPE_TEXT;
    for (size_t number; count > 0 && (number = next_parameter(&text)) > 0;)
        types[number - 1] = 0;
    return types;
}

PGresult *db_execute(struct db *db, const struct sql *sql, const char *const *params)
{
    int count = params == NULL ? 0 : (int)db_count_parameters(sql->text);
    return PQexecParams(db->conn, sql->text, count, NULL, params, NULL, NULL, 0);
}

static struct db_asked *asked_before(struct db *db, const char *text)
{
    for (size_t i = 0; i < db->asked_count; i++)
        if (strcmp(db->asked[i].text, text) == 0)
            return &db->asked[i];
    if (db->asked_count < DB_ASKED_MAX)
        db->asked[db->asked_count++] = (struct db_asked){.text = mem_text(text)};
    return NULL;
}

void db_forget_asked(struct db *db)
{
    for (size_t i = 0; i < db->asked_count; i++)
        free(db->asked[i].text);
    db->asked_count = 0;
}

static PGresult *prepare(struct db *db, struct db_asked *asked)
{
    char name[DB_ASKED_NAME];
    snprintf(name, sizeof name, "asked_%td", asked - db->asked);
    PGresult *result = PQprepare(db->conn, name, asked->text, 0, NULL);
    if (PQresultStatus(result) == PGRES_COMMAND_OK)
        memcpy(asked->name, name, sizeof name);
    return result;
}

/* As db_execute; what was asked before is prepared once. */
static PGresult *ask(struct db *db, const struct sql *sql, const char *const *params)
{
    bool often = db->in_snapshot || db->asks_often;
    struct db_asked *asked = often && params != NULL ? asked_before(db, sql->text) : NULL;
    if (asked == NULL)
        return db_execute(db, sql, params);
    if (asked->name[0] == '\0') {
        PGresult *result = prepare(db, asked);
        if (asked->name[0] == '\0')
            return result;
        PQclear(result);
    }
    return PQexecPrepared(db->conn, asked->name, (int)db_count_parameters(sql->text), params, NULL, NULL, 0);
}

void db_ask_often(struct db *db)
{
    db->asks_often = true;
}

bool db_run(struct db *db, const struct sql *sql, const char *const *params, struct error *err)
{
    PGresult *result = ask(db, sql, params);
    ExecStatusType status = PQresultStatus(result);
    bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

    if (!done)
        db_refused(db, sql, result, err);
    PQclear(result);
    return done;
}

bool db_query(struct db *db, const struct sql *sql, const char *const *params, struct db_rows **rows, struct error *err)
{
    PGresult *result = ask(db, sql, params);

    *rows = NULL;
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        db_refused(db, sql, result, err);
        PQclear(result);
        return false;
    }
    *rows = mem_alloc(sizeof(**rows));
    **rows = (struct db_rows){.result = result, .sql = sql};
    return true;
}

bool db_query_one(struct db *db, const struct sql *sql, const char *const *params, struct db_rows **rows,
                  struct error *err)
{
    if (!db_query(db, sql, params, rows, err))
        return false;

    size_t count = db_rows_count(*rows);
    if (count == 1)
        return true;
    db_rows_free(*rows);
    *rows = NULL;
    return fail(err, EXIT_COMMAND, "%s gave %zu rows where one was wanted", sql->name, count);
}

void db_give_up(struct db *db)
{
    char message[256];
    PGcancel *cancel = PQgetCancel(db->conn);

    if (cancel != NULL && !PQcancel(cancel, message, sizeof(message)))
        log_detail("the statement could not be stopped: %s", message);
    PQfreeCancel(cancel);
}

/* What is no query has nothing to hand on; what it sends instead is taken off the line. */
static bool refuse_answer(struct db *db, const struct sql *sql, ExecStatusType status, struct error *err)
{
    char *rest = NULL;

    while (status == PGRES_COPY_OUT && PQgetCopyData(db->conn, &rest, 0) > 0)
        PQfreemem(rest);
    return fail(err, EXIT_COMMAND, "%s gives no rows: it is no query", sql->name);
}

static bool is_answer(ExecStatusType status)
{
    return status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY || status == PGRES_COPY_OUT;
}

static bool each_result(struct db *db, const struct sql *sql, db_row_fn *row, void *context, struct error *err)
{
    bool done = true;
    PGresult *result;

    while ((result = PQgetResult(db->conn)) != NULL) {
        ExecStatusType status = PQresultStatus(result);
        struct db_rows one = {.result = result, .sql = sql};
        if (done && status == PGRES_SINGLE_TUPLE) {
            done = row(&one, context, err);
            if (!done)
                db_give_up(db);
        } else if (is_answer(status)) {
            done = refuse_answer(db, sql, status, done ? err : NULL);
        } else if (done && status != PGRES_TUPLES_OK) {
            done = db_refused(db, sql, result, err);
        }
        PQclear(result);
    }
    return done;
}

bool db_each(struct db *db, const struct sql *sql, const char *const *params, db_row_fn *row, void *context,
             struct error *err)
{
    size_t count = params == NULL ? 0 : db_count_parameters(sql->text);
    Oid *types = types_of(sql->text, count);
    bool sent = PQsendQueryParams(db->conn, sql->text, (int)count, types, params, NULL, NULL, 0) &&
                PQsetSingleRowMode(db->conn);

    free(types);
    if (!sent)
        return db_refused(db, sql, NULL, err);
    return each_result(db, sql, row, context, err);
}

void db_rows_free(struct db_rows *rows)
{
    if (rows == NULL)
        return;
    PQclear(rows->result);
    free(rows);
}

size_t db_rows_count(const struct db_rows *rows)
{
    return (size_t)PQntuples(rows->result);
}

size_t db_column_count(const struct db_rows *rows)
{
    return (size_t)PQnfields(rows->result);
}

const char *db_column_name(const struct db_rows *rows, size_t column)
{
    return PQfname(rows->result, (int)column);
}

const char *db_value(const struct db_rows *rows, size_t row, size_t column)
{
    return PQgetisnull(rows->result, (int)row, (int)column) ? NULL : PQgetvalue(rows->result, (int)row, (int)column);
}

/* Compares names byte for byte: PQfnumber would fold them to lower case. */
static size_t find_column(const struct db_rows *rows, const char *name)
{
    for (size_t column = 0; column < db_column_count(rows); column++)
        if (strcmp(db_column_name(rows, column), name) == 0)
            return column;
    log_error("the program is wrong: %s gives no column %s", rows->sql->name, name);
    abort();
}

const char *db_text(const struct db_rows *rows, size_t row, const char *column)
{
    return db_value(rows, row, find_column(rows, column));
}

int64_t db_int64(const struct db_rows *rows, size_t row, const char *column)
{
    const char *text = db_text(rows, row, column);
    int64_t value = 0;

    if (text == NULL)
        return 0;
    if (!str_to_int64(str_of(text), INT64_MIN, INT64_MAX, &value)) {
        log_error("the program is wrong: column %s of %s is no whole number", column, rows->sql->name);
        abort();
    }
    return value;
}

bool db_bool(const struct db_rows *rows, size_t row, const char *column)
{
    const char *text = db_text(rows, row, column);
    return text != NULL && strcmp(text, "t") == 0;
}

bool db_is_null(const struct db_rows *rows, size_t row, const char *column)
{
    return db_text(rows, row, column) == NULL;
}
