/* SPDX-License-Identifier: MIT */
/* What the server and libpq say, as an error for a person. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "db/internal.h"

#define WHERE_SIZE 64

char *db_one_line(const char *message)
{
    char *line = mem_text(message);
    size_t size = strlen(line);

    while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == ' '))
        line[--size] = '\0';
    for (char *at = line; *at != '\0'; at++)
        if (*at == '\n' || *at == '\t')
            *at = ' ';
    return line;
}

static const char *field(const PGresult *result, int code)
{
    const char *value = result == NULL ? NULL : PQresultErrorField(result, code);
    return value == NULL ? "" : value;
}

/* Class 08 is the connection, 57P01 to 57P03 a server that stops, crashed or starts. */
static bool is_lost(const struct db *db, const char *sqlstate)
{
    return PQstatus(db->conn) == CONNECTION_BAD || strncmp(sqlstate, "08", 2) == 0 || strncmp(sqlstate, "57P0", 4) == 0;
}

/* Where in the statement the server stopped, which counts characters: a line is what a person looks for in a .sql
 * file. */
static void place_of(const char *text, const char *position, char where[WHERE_SIZE])
{
    int line = 1;
    int column = 1;

    where[0] = '\0';
    if (*position == '\0')
        return;
    for (long left = strtol(position, NULL, 10); left > 1 && *text != '\0'; left--) {
        column = *text == '\n' ? 1 : column + 1;
        line += *text == '\n';
        for (text++; ((unsigned char)*text & 0xC0) == 0x80; text++)
            ;
    }
    snprintf(where, WHERE_SIZE, " at line %d, column %d", line, column);
}

/* A hint is a sentence of its own; here it goes on behind a semicolon, as the end of a message without a full stop. */
static char *as_clause(const char *hint)
{
    char *clause = mem_format("%s%s", *hint == '\0' ? "" : "; ", hint);
    size_t size = strlen(clause);

    if (size > 3 && islower((unsigned char)clause[3]))
        clause[2] = (char)tolower((unsigned char)clause[2]);
    if (size > 3 && clause[size - 1] == '.')
        clause[size - 1] = '\0';
    return clause;
}

static bool refuse(struct db *db, const struct sql *sql, const PGresult *result, struct error *err)
{
    const char *message = field(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = field(result, PG_DIAG_MESSAGE_DETAIL);
    char *hint = as_clause(field(result, PG_DIAG_MESSAGE_HINT));
    const char *position = field(result, PG_DIAG_STATEMENT_POSITION);
    const char *state = field(result, PG_DIAG_SQLSTATE);

    char where[WHERE_SIZE];
    place_of(sql->text, position, where);
    /* Raised by headroom's own routines: written for the person, so nothing is put before it. */
    if (strncmp(state, "HR", 2) == 0)
        fail(err, EXIT_COMMAND, "%s%s", message, hint);
    else
        fail(err, EXIT_COMMAND, "%s refused %s%s: %s (SQLSTATE %s)%s%s%s", db->place, sql->name, where, message, state,
             *detail ? "; " : "", detail, hint);
    free(hint);
    return false;
}

#define ADVICE "; run the command again"

int db_reason_size(const char *text)
{
    const char *advice = strstr(text, ADVICE);
    return advice != NULL ? (int)(advice - text) : (int)strlen(text);
}

bool db_refused(struct db *db, const struct sql *sql, const PGresult *result, struct error *err)
{
    const char *state = field(result, PG_DIAG_SQLSTATE);

    if (is_lost(db, state) || *state == '\0') {
        const char *reason = PQerrorMessage(db->conn); /* what follows its first line guesses at the cause */
        fail(err, EXIT_DATABASE, "the connection to %s was lost in %s: %.*s" ADVICE, db->place, sql->name,
             (int)strcspn(reason, "\n"), reason);
    } else {
        refuse(db, sql, result, err);
    }
    if (err != NULL)
        snprintf(err->sqlstate, sizeof(err->sqlstate), "%s", state);
    return false;
}
