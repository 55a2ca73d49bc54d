/* SPDX-License-Identifier: MIT */
/* The door to PostgreSQL against a cluster of its own: values there and back, rows, transactions, COPY. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/internal.h"
#include "private_home.h"

#define SQL(words) (&(const struct sql){"test", words})
#define ONE(param) ((const char *const[]){param})

static struct db *open_with(enum db_role role)
{
    struct db_target target;
    struct db *db = NULL;
    struct error err = {0};

    cr_assert(db_find_target(NULL, &target, &err) && db_open(&db, &target, role, &err), "%s", err.text);
    return db;
}

static void must_run(struct db *db, const struct sql *sql)
{
    struct error err = {0};
    cr_assert(db_run(db, sql, NULL, &err), "%s", err.text);
}

/* The only value of a statement, which lives until the next call. */
static const char *value_of(struct db *db, const struct sql *sql)
{
    static struct db_rows *rows;
    struct error err = {0};

    db_rows_free(rows);
    cr_assert(db_query_one(db, sql, NULL, &rows, &err), "%s", err.text);
    return db_value(rows, 0, 0);
}

Test(db, parameters_are_counted_outside_of_texts_and_comments)
{
    cr_expect_eq(db_count_parameters("SELECT 1"), 0);
    cr_expect_eq(db_count_parameters("SELECT $1::text, $12::int, $2"), 12);
    cr_expect_eq(db_count_parameters("-- $9 is nothing\nSELECT '$8', $1, 'it''s $7'"), 1);
    cr_expect_eq(db_count_parameters("DO $$ BEGIN END $$"), 0);
    cr_expect_eq(db_count_parameters("SELECT 'open"), 0);
    cr_expect_eq(db_count_parameters("SELECT /* it's $9 */ \"$8'\", a$7, \xC3\xA4$6, $$ ' $5 $$, $x$ $$ $4 $x$, $1"),
                 1);
}

Test(db, values_travel_as_parameters)
{
    struct db *db = open_with(DB_READER);
    struct db_rows *rows = NULL;
    struct error err = {0};
    const char *const params[] = {"Robert'); DROP TABLE x; --", NULL, "9223372036854775807"};

    cr_assert(db_query_one(db, SQL("SELECT $1::text AS a, $2::text AS \"B\", $3::bigint AS c, true AS d"), params,
                           &rows, &err),
              "%s", err.text);
    cr_expect_str_eq(db_text(rows, 0, "a"), params[0]);
    cr_expect(db_is_null(rows, 0, "B"));
    cr_expect_eq(db_int64(rows, 0, "B"), 0);
    cr_expect_not(db_bool(rows, 0, "B"));
    cr_expect_eq(db_int64(rows, 0, "c"), INT64_MAX);
    cr_expect(db_bool(rows, 0, "d"));
    cr_expect_eq(db_column_count(rows), 4);
    cr_expect_str_eq(db_column_name(rows, 1), "B");
    db_rows_free(rows);
    db_close(db);
}

/* How many statements the session has prepared. */
static int64_t prepared(struct db *db)
{
    return strtoll(value_of(db, SQL("SELECT count(*) FROM pg_prepared_statements")), NULL, 10);
}

static int64_t twice(struct db *db, const char *number)
{
    struct db_rows *rows = NULL;
    struct error err = {0};

    cr_assert(db_query_one(db, SQL("SELECT 2 * $1::bigint AS n"), &number, &rows, &err), "%s", err.text);
    int64_t answer = db_int64(rows, 0, "n");
    db_rows_free(rows);
    return answer;
}

Test(db, what_is_asked_again_of_a_snapshot_is_planned_once)
{
    struct db *db = open_with(DB_READER);
    struct db_rows *rows = NULL;
    struct error err = {0};

    cr_expect_eq(twice(db, "1") + twice(db, "2"), 6);
    cr_expect_eq(prepared(db), 0, "not outside of a snapshot");
    cr_assert(db_begin_snapshot(db, &err), "%s", err.text);
    cr_expect_eq(twice(db, "3"), 6);
    cr_expect_eq(prepared(db), 0, "not the first time");
    for (int i = 0; i < 7; i++)
        cr_expect_eq(twice(db, "4"), 8);
    cr_expect_eq(prepared(db), 1);
    db_rollback(db);
    cr_assert(db_begin_snapshot(db, &err), "%s", err.text);
    cr_expect_eq(twice(db, "5"), 10, "in the next one it is still known");
    cr_expect_not(db_query(db, SQL("SELECT 1 / $1::int"), (const char *const[]){"0"}, &rows, &err));
    cr_expect_not(db_query(db, SQL("SELECT 1 / $1::int"), (const char *const[]){"0"}, &rows, &err));
    cr_expect_neq(strstr(err.text, "aborted"), NULL, "a refused preparation is told: %s", err.text);
    db_rollback(db);
    cr_expect_eq(twice(db, "6"), 12);
    db_close(db);
}

Test(db, the_server_s_reason_is_in_the_error)
{
    struct db *db = open_with(DB_READER);
    struct db_rows *rows = NULL;
    struct error err = {0};

    cr_expect_not(db_run(db, SQL("SELECT 1,\n    1 / 0"), NULL, &err));
    cr_expect_str_eq(err.sqlstate, "22012");
    cr_expect_eq(err.code, EXIT_COMMAND);
    cr_expect_not(db_query(db, SQL("SELECT 1,\n    wrong"), NULL, &rows, &err));
    cr_expect_null(rows);
    cr_expect(strstr(err.text, "test at line 2, column 5: ") != NULL, "%s", err.text);
    cr_expect_not(db_query_one(db, SQL("SELECT generate_series(1, 2)"), NULL, &rows, &err));
    cr_expect(strstr(err.text, "2 rows") != NULL, "%s", err.text);
    cr_expect_not(
        db_run(db, SQL("DO $$ BEGIN RAISE 'no' USING ERRCODE = 'HR001', HINT = 'do this'; END $$"), NULL, &err));
    cr_expect_str_eq(err.text, "no; do this");
    cr_expect_str_eq(err.sqlstate, "HR001");
    db_close(db);
}

Test(db, a_lost_connection_is_told_as_one)
{
    struct db *db = open_with(DB_ADMIN);
    struct error err = {0};

    cr_expect_not(db_run(db, SQL("SELECT pg_terminate_backend(pg_backend_pid())"), NULL, &err));
    cr_expect_eq(err.code, EXIT_DATABASE);
    cr_expect_not(db_run(db, SQL("SELECT 1"), NULL, &err));
    cr_expect_eq(err.code, EXIT_DATABASE);
    db_rollback(db);
    db_close(db);
}

Test(db, a_role_may_only_what_it_needs)
{
    struct db *db = open_with(DB_READER);
    struct error err = {0};

    cr_expect_str_eq(value_of(db, SQL("SELECT current_user")), "headroom_reader");
    cr_expect_not(db_run(db, SQL("DELETE FROM headroom.currency"), NULL, &err));
    cr_expect_str_eq(err.sqlstate, "42501");
    cr_expect_str_eq(value_of(db, SQL("SHOW search_path")), "pg_catalog, pg_temp");
    cr_expect_str_eq(value_of(db, SQL("SHOW timezone")), "UTC");
    cr_expect_str_eq(value_of(db, SQL("SHOW application_name")), "headroom");
    db_close(db);
}

/* ---- rows one by one ---- */

struct sum {
    int64_t rows, total, stop_at;
};

static bool add_up(const struct db_rows *rows, void *context, struct error *err)
{
    struct sum *sum = context;

    if (sum->rows == sum->stop_at)
        return fail(err, EXIT_CHECK, "enough");
    sum->rows++;
    sum->total += db_int64(rows, 0, "n");
    return db_rows_count(rows) == 1;
}

Test(db, each_row_as_it_arrives)
{
    struct db *db = open_with(DB_READER);
    struct error err = {0};
    struct sum all = {.stop_at = -1};
    struct sum some = {.stop_at = 3};
    struct sum bad = {.stop_at = -1};
    struct sum third = {.stop_at = -1};

    cr_expect(db_each(db, SQL("SELECT generate_series(1, $1::int) AS n"), ONE("1000"), add_up, &all, &err));
    cr_expect_eq(all.rows, 1000);
    cr_expect_eq(all.total, 500500);
    cr_expect(db_each(db, SQL("SELECT $3::int AS n"), ((const char *const[]){"x", NULL, "7"}), add_up, &third, &err),
              "a statement need not name all: %s", err.text);
    cr_expect_eq(third.total, 7);
    cr_expect_not(db_each(db, SQL("COPY (SELECT generate_series(1, 1000)) TO STDOUT"), NULL, add_up, &bad, &err));
    cr_expect_str_eq(err.text, "test gives no rows: it is no query");
    cr_expect_not(db_each(db, SQL("SET work_mem = '1MB'"), NULL, add_up, &bad, &err));
    cr_expect_str_eq(err.text, "test gives no rows: it is no query");
    cr_expect_not(db_each(db, SQL("-- nothing"), NULL, add_up, &bad, &err));
    cr_expect_str_eq(err.text, "test gives no rows: it is no query");
    cr_expect_not(db_each(db, SQL("SELECT generate_series(1, 10000000) AS n"), NULL, add_up, &some, &err));
    cr_expect_str_eq(err.text, "enough");
    cr_expect_eq(some.rows, 3);
    cr_expect_not(
        db_each(db, SQL("SELECT 1 / (3 - n) AS n FROM generate_series(1, 5) AS n"), NULL, add_up, &bad, &err));
    cr_expect_str_eq(err.sqlstate, "22012");
    cr_expect_str_eq(value_of(db, SQL("SELECT 'still of use'")), "still of use");
    db_close(db);
}

/* ---- transactions ---- */

Test(db, transactions_and_their_marks)
{
    struct db *db = open_with(DB_WRITER);
    struct error err = {0};

    must_run(db, SQL("CREATE TEMPORARY TABLE t (n int)"));
    cr_expect(db_begin(db, &err));
    must_run(db, SQL("INSERT INTO t VALUES (1)"));
    cr_expect(db_savepoint(db, &err));
    must_run(db, SQL("INSERT INTO t VALUES (2)"));
    cr_expect_not(db_run(db, SQL("INSERT INTO t VALUES (1 / 0)"), NULL, &err));
    cr_expect(db_savepoint_rollback(db, &err));
    cr_expect(db_savepoint(db, &err));
    must_run(db, SQL("INSERT INTO t VALUES (3)"));
    cr_expect(db_savepoint_release(db, &err));
    cr_expect_not(db_savepoint_release(db, &err), "no mark is left");
    db_rollback(db);
    cr_expect_str_eq(value_of(db, SQL("SELECT count(*) FROM t")), "0");
    db_rollback(db);
    cr_expect(db_begin_snapshot(db, &err));
    cr_expect_not(db_run(db, SQL("CREATE TABLE headroom.no ()"), NULL, &err));
    cr_expect_str_eq(err.sqlstate, "25006");
    db_rollback(db);
    db_close(db);
}

Test(db, a_commit_that_kept_nothing_is_a_failure)
{
    struct db *db = open_with(DB_WRITER);
    struct error err = {0};

    cr_expect(db_begin(db, &err));
    cr_expect_not(db_run(db, SQL("SELECT 1 / 0"), NULL, &err));
    cr_expect_not(db_commit(db, &err));
    cr_expect(db_begin(db, &err) && db_commit(db, &err));
    db_close(db);
}

/* ---- COPY ---- */

#define COPIED                                                                                                         \
    "CREATE TEMPORARY TABLE copied (a smallint, b integer, c bigint, d boolean, e timestamptz, f date, g text, h "     \
    "json, "                                                                                                           \
    "i headroom.class, j bytea)"

/* A COPY keeps its statement until it ends. */
static const struct sql copied = {"copied", "COPY copied FROM STDIN (FORMAT binary)"};
static const struct sql one = {"one", "COPY one FROM STDIN (FORMAT binary)"};
static const struct sql two = {"two", "COPY two FROM STDIN (FORMAT binary)"};
static const struct sql lost = {"lost", "COPY lost FROM STDIN (FORMAT binary)"};

static void copy_row(struct db_copy *copy, struct str text)
{
    db_copy_row(copy);
    db_copy_int16(copy, INT16_MIN);
    db_copy_int32(copy, INT32_MIN);
    db_copy_int64(copy, INT64_MIN);
    db_copy_bool(copy, true);
    db_copy_time(copy, INT64_C(1793577599123456));
    db_copy_date(copy, 20757);
    db_copy_text(copy, text);
    db_copy_text(copy, STR("{\"b\":1, \"a\":2}"));
    db_copy_text(copy, STR("answered"));
    db_copy_bytes(copy, "\0\xff", 2);
}

static void copy_nulls(struct db_copy *copy)
{
    db_copy_row(copy);
    for (int i = 0; i < 9; i++)
        db_copy_null(copy);
    db_copy_text(copy, str_of(NULL));
}

Test(db, copy_brings_every_type_unchanged)
{
    struct db *db = open_with(DB_WRITER);
    struct db_copy *copy = NULL;
    struct error err = {0};

    must_run(db, SQL(COPIED));
    cr_assert(db_copy_start(db, &copied, 10, &copy, &err), "%s", err.text);
    copy_row(copy, STR("ünï\t\\N\n"));
    copy_nulls(copy);
    cr_assert(db_copy_finish(copy, &err), "%s", err.text);
    cr_expect_str_eq(value_of(db, SQL("SELECT copied::text FROM copied WHERE a IS NOT NULL")),
                     "(-32768,-2147483648,-9223372036854775808,t,\"2026-11-01 23:59:59.123456+00\",2026-10-31,"
                     "\"ünï\t\\\\N\n\",\"{\"\"b\"\":1, \"\"a\"\":2}\",answered,\"\\\\x00ff\")");
    cr_expect_str_eq(value_of(db, SQL("SELECT count(*) FROM copied WHERE copied IS NULL")), "1");
    db_close(db);
}

/* Rows that do not end where a chunk does, and a value larger than one. */
Test(db, copy_of_many_and_of_large_rows)
{
    struct db *db = open_with(DB_WRITER);
    struct db_copy *copy = NULL;
    struct error err = {0};
    size_t size = 200001;
    char *large = mem_alloc(size);

    memset(large, 'x', size);
    must_run(db, SQL(COPIED));
    cr_assert(db_copy_start(db, &copied, 10, &copy, &err), "%s", err.text);
    for (size_t i = 0; i < 3000; i++)
        copy_row(copy, (struct str){large, i});
    copy_row(copy, (struct str){large, size});
    copy_row(copy, STR(""));
    cr_assert(db_copy_finish(copy, &err), "%s", err.text);
    cr_expect_str_eq(
        value_of(db, SQL("SELECT count(*) || ' ' || sum(length(g)) || ' ' || count(DISTINCT g) FROM copied")),
        "3002 4698501 3001");
    free(large);
    db_close(db);
}

Test(db, copy_tells_what_was_refused)
{
    struct db *db = open_with(DB_WRITER);
    struct db_copy *copy = NULL;
    struct error err = {0};

    cr_expect_not(db_copy_start(db, SQL("COPY missing FROM STDIN"), 1, &copy, &err));
    cr_expect_null(copy);
    must_run(db, SQL("CREATE TEMPORARY TABLE one (n integer PRIMARY KEY)"));
    cr_assert(db_copy_start(db, &one, 1, &copy, &err));
    for (int i = 0; i < 100000; i++) {
        db_copy_row(copy);
        db_copy_int32(copy, i % 50000);
    }
    cr_expect_not(db_copy_finish(copy, &err));
    cr_expect_str_eq(err.sqlstate, "23505");
    cr_expect(strstr(err.text, "(n)=(0)") != NULL, "%s", err.text);
    db_close(db);
}

Test(db, copy_can_be_given_up_in_a_row)
{
    struct db *db = open_with(DB_WRITER);
    struct db_copy *copy = NULL;
    struct error err = {0};

    must_run(db, SQL("CREATE TEMPORARY TABLE two (n integer, m integer)"));
    cr_assert(db_begin(db, &err) && db_copy_start(db, &two, 2, &copy, &err));
    db_copy_row(copy);
    db_copy_int32(copy, 1);
    db_copy_abandon(copy);
    db_copy_abandon(NULL);
    cr_expect_not(db_commit(db, &err));
    cr_expect_str_eq(value_of(db, SQL("SELECT count(*) FROM two")), "0");
    db_close(db);
}

Test(db, copy_on_a_lost_connection)
{
    struct db *db = open_with(DB_WRITER);
    struct db *other = open_with(DB_ADMIN);
    struct db_copy *copy = NULL;
    struct db_rows *rows = NULL;
    struct error err = {0};
    char *pid;

    must_run(db, SQL("CREATE TEMPORARY TABLE lost (n bigint)"));
    pid = mem_text(value_of(db, SQL("SELECT pg_backend_pid()")));
    cr_assert(db_copy_start(db, &lost, 1, &copy, &err));
    cr_assert(db_query_one(other, SQL("SELECT pg_terminate_backend($1::int, 5000)"), ONE(pid), &rows, &err));
    for (int64_t i = 0; i < 100000; i++) {
        db_copy_row(copy);
        db_copy_int64(copy, i);
    }
    cr_expect_not(db_copy_finish(copy, &err));
    cr_expect_eq(err.code, EXIT_DATABASE, "%s", err.text);
    db_rows_free(rows);
    free(pid);
    db_close(other);
    db_close(db);
}

/* ---- COPY out, and two connections that see one state ---- */

struct lines {
    size_t count, size, most; /* most: give up after so many */
    char last[32];
};

static bool take_line(struct str line, void *context, struct error *err)
{
    struct lines *lines = context;

    if (lines->count == lines->most)
        return fail(err, EXIT_QUARANTINED, "enough");
    lines->count++;
    lines->size += line.size;
    snprintf(lines->last, sizeof(lines->last), "%.*s", (int)line.size, line.data);
    return true;
}

Test(db, copy_out_hands_out_each_line)
{
    struct db *db = open_with(DB_READER);
    struct lines lines = {.most = SIZE_MAX};
    struct error err = {0};

    cr_assert(db_copy_out(db, SQL("COPY (SELECT n, NULL, E'a\\tb' FROM generate_series(1, 20000) AS n) TO STDOUT"),
                          take_line, &lines, &err));
    cr_expect_eq(lines.count, 20000);
    cr_expect_str_eq(lines.last, "20000\t\\N\ta\\tb", "without the newline");
    lines = (struct lines){.most = SIZE_MAX};
    cr_expect(db_copy_out(db, SQL("COPY (SELECT 1 WHERE false) TO STDOUT"), take_line, &lines, &err));
    cr_expect_eq(lines.count, 0);
    cr_expect_str_eq(value_of(db, SQL("SELECT 7")), "7", "the connection can be used again");
    db_close(db);
}

Test(db, copy_out_ends_early_and_tells_failures)
{
    struct db *db = open_with(DB_READER);
    struct lines lines = {.most = 10};
    struct error err = {0};

    cr_expect_not(
        db_copy_out(db, SQL("COPY (SELECT generate_series(1, 100000000)) TO STDOUT"), take_line, &lines, &err));
    cr_expect_eq(lines.count, 10);
    cr_expect_eq(err.code, EXIT_QUARANTINED, "the callback's own error stands: %s", err.text);
    cr_expect_str_eq(value_of(db, SQL("SELECT 7")), "7", "the connection can be used again");
    lines = (struct lines){.most = SIZE_MAX};
    cr_expect_not(db_copy_out(db, SQL("COPY (SELECT 1 / (5 - n) FROM generate_series(1, 9) AS n) TO STDOUT"), take_line,
                              &lines, &err));
    cr_expect_str_eq(err.sqlstate, "22012", "one that fails under way");
    cr_expect_not(db_copy_out(db, SQL("COPY nothing_there TO STDOUT"), take_line, &lines, &err));
    cr_expect_str_eq(err.sqlstate, "42P01", "one that does not start");
    cr_expect_not(db_copy_out(db, SQL("SELECT 1"), take_line, &lines, &err), "one that is no COPY");
    db_close(db);
}

Test(db, two_connections_see_one_state)
{
    struct db *first = open_with(DB_OWNER);
    struct db *second = open_with(DB_READER);
    struct db *writer = open_with(DB_OWNER);
    struct error err = {0};

    must_run(writer, SQL("CREATE TABLE headroom.seen AS SELECT 1 AS a"));
    must_run(writer, SQL("GRANT SELECT ON headroom.seen TO headroom_reader"));
    cr_assert(db_begin_snapshot(first, &err));
    cr_expect_str_eq(value_of(first, SQL("SELECT count(*) FROM headroom.seen")), "1");
    must_run(writer, SQL("INSERT INTO headroom.seen VALUES (2)"));
    cr_assert(db_join_snapshot(second, first, &err), "%s", err.text);
    cr_expect_str_eq(value_of(second, SQL("SELECT count(*) FROM headroom.seen")), "1", "not what came since");
    db_rollback(second);
    db_rollback(first); /* it holds the table */
    cr_expect_str_eq(value_of(second, SQL("SELECT count(*) FROM headroom.seen")), "2");
    db_rollback(second);
    must_run(writer, SQL("DROP TABLE headroom.seen"));
    db_close(second);
    db_close(first);
    db_close(writer);
}

Test(db, a_lost_connection_is_told_in_one_line)
{
    struct error err;
    struct db *db = open_with(DB_ADMIN);

    cr_assert_not(db_run(db, SQL("SELECT pg_terminate_backend(pg_backend_pid())"), NULL, &err));
    cr_expect_eq(err.code, EXIT_DATABASE);
    cr_expect_not_null(strstr(err.text, "administrator command; run the command again"), "%s", err.text);
    cr_expect_null(strstr(err.text, "probably"), "%s", err.text);
    cr_expect_str_eq(err.text + db_reason_size(err.text), "; run the command again");
    cr_expect_eq(db_reason_size("there is no contract"), (int)strlen("there is no contract"));
    db_close(db);
}
