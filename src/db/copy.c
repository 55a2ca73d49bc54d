/* SPDX-License-Identifier: MIT */
/* COPY FROM STDIN in the binary format: rows are put together here and sent in chunks. */

#include <stdlib.h>
#include <string.h>

#include "db/internal.h"

#define CHUNK_SIZE ((size_t)64 * 1024)

/* PostgreSQL counts time and days from 2000-01-01. */
#define EPOCH_US   INT64_C(946684800000000)
#define EPOCH_DAYS 10957

struct db_copy {
    struct db *db;
    const struct sql *sql;
    size_t columns;
    size_t missing; /* fields that the row begun still lacks */
    bool failed;    /* nothing more is sent; finish says why */
    size_t used;
    char chunk[CHUNK_SIZE];
};

static const char signature[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* with flags and header extension, both 0 */

bool db_copy_start(struct db *db, const struct sql *sql, size_t columns, struct db_copy **copy, struct error *err)
{
    PGresult *result = db_execute(db, sql, NULL);
    bool started = PQresultStatus(result) == PGRES_COPY_IN;

    *copy = NULL;
    if (!started)
        db_refused(db, sql, result, err);
    PQclear(result);
    if (!started)
        return false;
    *copy = mem_alloc(sizeof(**copy));
    (*copy)->db = db;
    (*copy)->sql = sql;
    (*copy)->columns = columns;
    memcpy((*copy)->chunk, signature, sizeof(signature));
    (*copy)->used = sizeof(signature);
    return true;
}

static void send(struct db_copy *copy, const char *bytes, size_t size)
{
    if (!copy->failed && size > 0 && PQputCopyData(copy->db->conn, bytes, (int)size) != 1)
        copy->failed = true;
}

static void flush(struct db_copy *copy)
{
    send(copy, copy->chunk, copy->used);
    copy->used = 0;
}

/* Place for `size` bytes (a few) in the chunk. */
static char *place(struct db_copy *copy, size_t size)
{
    if (CHUNK_SIZE - copy->used < size)
        flush(copy);
    copy->used += size;
    return copy->chunk + copy->used - size;
}

static void put16(struct db_copy *copy, uint16_t value)
{
    char *at = place(copy, 2);
    at[0] = (char)(value >> 8);
    at[1] = (char)value;
}

static void put32(struct db_copy *copy, uint32_t value)
{
    char *at = place(copy, 4);
    for (int i = 0; i < 4; i++)
        at[i] = (char)(value >> (24 - 8 * i));
}

static void put64(struct db_copy *copy, uint64_t value)
{
    char *at = place(copy, 8);
    for (int i = 0; i < 8; i++)
        at[i] = (char)(value >> (56 - 8 * i));
}

static void wrong_row(const struct db_copy *copy)
{
    log_error("the program is wrong: a row of %s has not %zu columns", copy->sql->name, copy->columns);
    abort();
}

/* Begins a field of so many bytes. */
static void field(struct db_copy *copy, uint32_t size)
{
    if (copy->missing == 0)
        wrong_row(copy);
    copy->missing--;
    put32(copy, size);
}

void db_copy_row(struct db_copy *copy)
{
    if (copy->missing != 0)
        wrong_row(copy);
    copy->missing = copy->columns;
    put16(copy, (uint16_t)copy->columns);
}

void db_copy_int16(struct db_copy *copy, int16_t value)
{
    field(copy, 2);
    put16(copy, (uint16_t)value);
}

void db_copy_int32(struct db_copy *copy, int32_t value)
{
    field(copy, 4);
    put32(copy, (uint32_t)value);
}

void db_copy_int64(struct db_copy *copy, int64_t value)
{
    field(copy, 8);
    put64(copy, (uint64_t)value);
}

void db_copy_bool(struct db_copy *copy, bool value)
{
    field(copy, 1);
    *place(copy, 1) = value;
}

void db_copy_time(struct db_copy *copy, int64_t us)
{
    db_copy_int64(copy, us - EPOCH_US);
}

void db_copy_date(struct db_copy *copy, int32_t days)
{
    db_copy_int32(copy, days - EPOCH_DAYS);
}

void db_copy_bytes(struct db_copy *copy, const void *bytes, size_t size)
{
    field(copy, (uint32_t)size);
    if (size == 0)
        return;
    if (size <= CHUNK_SIZE) {
        memcpy(place(copy, size), bytes, size);
        return;
    }
    flush(copy);
    send(copy, bytes, size);
}

void db_copy_text(struct db_copy *copy, struct str text)
{
    if (text.data == NULL)
        db_copy_null(copy);
    else
        db_copy_bytes(copy, text.data, text.size);
}

void db_copy_null(struct db_copy *copy)
{
    field(copy, UINT32_MAX);
}

/* Ends the COPY one way or the other and takes its results; the first failure is the one that tells. */
static bool end(struct db_copy *copy, const char *given_up, struct error *err)
{
    struct db *db = copy->db;
    bool done = PQputCopyEnd(db->conn, given_up) == 1 && !copy->failed;
    bool told = false;
    PGresult *result;

    while ((result = PQgetResult(db->conn)) != NULL) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK && !told) {
            told = true;
            done = db_refused(db, copy->sql, result, err);
        }
        PQclear(result);
        if (PQstatus(db->conn) == CONNECTION_BAD)
            break;
    }
    if (!done && !told)
        db_refused(db, copy->sql, NULL, err);
    return done;
}

bool db_copy_finish(struct db_copy *copy, struct error *err)
{
    if (copy->missing != 0)
        wrong_row(copy);
    put16(copy, UINT16_MAX);
    flush(copy);

    bool done = end(copy, NULL, err);
    free(copy);
    return done;
}

void db_copy_abandon(struct db_copy *copy)
{
    struct error ignored;

    if (copy == NULL)
        return;
    if (!end(copy, "given up", &ignored))
        log_detail("%s", ignored.text);
    free(copy);
}
