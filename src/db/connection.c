/* SPDX-License-Identifier: MIT */
/* Connections: how they are made, what a session is set to, the role it works with. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/internal.h"
#include "statements.h"

/* Notices are the server's talk ("already exists, skipping"); a person who wants them asks with -v. */
static void on_notice(void *context, const char *message)
{
    (void)context;
    char *line = db_one_line(message);
    log_detail("%s", line);
    free(line);
}

/* libpq quotes parts of a conninfo that it can't read, and these may hold a password. */
static char *without_quotes(const char *message)
{
    char *line = db_one_line(message);
    char *text = mem_alloc(3 * strlen(line) + 1); /* an empty quotation grows */
    char *to = text;
    bool within = false;

    for (const char *from = line; *from != '\0'; from++) {
        bool quote = *from == '"';
        if (quote && within)
            to = stpcpy(to, "…");
        if (quote || !within)
            *to++ = *from;
        within ^= quote;
    }
    *to = '\0';
    free(line);
    return text;
}

/* An '@' or '/' in a password that is not percent-encoded moves a part of the password into the host, the port or the
 * database's name, and from there into every message. */
static bool is_shifted(const PQconninfoOption *options)
{
    static const char *const open[] = {"host", "hostaddr", "port", "dbname", NULL};

    for (; options->keyword != NULL; options++)
        for (const char *const *name = open; *name != NULL; name++)
            if (options->val != NULL && strcmp(options->keyword, *name) == 0 && strchr(options->val, '@') != NULL)
                return true;
    return false;
}

/* Looks at a conninfo before libpq does, so that no message can show a password. A bare word is a database's name. */
static bool check_conninfo(const struct db_target *target, struct error *err)
{
    char *message = NULL;

    if (strchr(target->conninfo, '=') == NULL && strstr(target->conninfo, "://") == NULL)
        return true;

    PQconninfoOption *options = PQconninfoParse(target->conninfo, &message);
    bool done = options != NULL && !is_shifted(options);
    if (options == NULL) {
        char *reason = without_quotes(message == NULL ? "out of memory" : message);
        fail(err, EXIT_DATABASE,
             "the database given by %s can't be read as a conninfo: %s; write it as \"host=… dbname=…\" or as "
             "postgresql://…",
             target->origin, reason);
        free(reason);
    } else if (!done) {
        fail(err, EXIT_DATABASE,
             "the database given by %s has an @ in its host or database; in a URI write @ within a user name or "
             "password as %%40 and / as %%2F",
             target->origin);
    }
    PQfreemem(message);
    PQconninfoFree(options);
    return done;
}

/* What every connection is set to; where it can matter more what a conninfo says, the conninfo comes after. */
static PGconn *connect_to(const char *conninfo)
{
    const char *const names[] = {"application_name", "connect_timeout", "keepalives_idle", "keepalives_interval",
                                 "keepalives_count", "dbname",          "client_encoding", NULL};
    const char *const values[] = {"headroom", "15", "60", "10", "6", conninfo, "UTF8", NULL};

    return PQconnectdbParams(names, values, 1);
}

/* What the environment may say about another database must not reach the private one. */
static void forget_environment(void)
{
    static const char *const names[] = {"PGSERVICE", "PGOPTIONS", "PGTARGETSESSIONATTRS", "PGCHANNELBINDING",
                                        "PGREQUIREAUTH"};

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        unsetenv(names[i]);
}

static PGconn *connect_to_socket(int socket, const char *database)
{
    const char *const names[] = {"host", "port", "user", "dbname", "application_name", "client_encoding", NULL};
    char host[32];
    const char *const values[] = {host, CLUSTER_PORT, CLUSTER_USER, database, "headroom", "UTF8", NULL};

    /* The folder is named by its descriptor: the path of a socket has room for 107 bytes. */
    snprintf(host, sizeof(host), "/proc/self/fd/%d", socket);
    forget_environment();
    return PQconnectdbParams(names, values, 0);
}

static bool check_server(const struct db *db, struct error *err)
{
    const char *encoding = PQparameterStatus(db->conn, "server_encoding");

    if (PQserverVersion(db->conn) < OLDEST_SERVER * 10000)
        return fail(err, EXIT_DATABASE, "%s is PostgreSQL %d; headroom needs %d or newer", db->place,
                    PQserverVersion(db->conn) / 10000, OLDEST_SERVER);
    if (encoding == NULL || strcmp(encoding, "UTF8") != 0)
        return fail(err, EXIT_DATABASE, "%s has the encoding %s; make a database with ENCODING 'UTF8'", db->place,
                    encoding == NULL ? "unknown" : encoding);
    return true;
}

/* Takes conn, looks whether it stands, and sets its session; frees it otherwise. */
static bool take_connection(struct db **taken, PGconn *conn, const char *place, struct error *err)
{
    struct db *db = mem_alloc(sizeof(*db));

    *db = (struct db){.conn = conn, .place = mem_text(place), .socket = -1};
    if (PQstatus(conn) != CONNECTION_OK) {
        char *reason = db_one_line(PQerrorMessage(conn));
        fail(err, EXIT_DATABASE, "cannot reach %s: %s", place, reason);
        free(reason);
        db_close(db);
        return false;
    }
    PQsetNoticeProcessor(conn, on_notice, NULL);
    if (!db_run(db, &sql_db_session, NULL, err) || !check_server(db, err)) {
        db_close(db);
        return false;
    }
    *taken = db;
    return true;
}

/* Keeps a descriptor of its own, because a request to cancel goes by the same name later. */
bool db_connect_socket(struct db **db, int socket, const char *database, const char *place, struct error *err)
{
    int own = fcntl(socket, F_DUPFD_CLOEXEC, 3);

    *db = NULL;
    if (own < 0) {
        fail(err, EXIT_DATABASE, "cannot reach %s: %s", place, strerror(errno));
        return false;
    }
    if (!take_connection(db, connect_to_socket(own, database), place, err)) {
        close(own);
        return false;
    }
    (*db)->socket = own;
    return true;
}

/* Tries the socket first: that a server runs is the usual case, and costs no lock. */
static bool connect_private(struct db **db, const char *home, struct error *err)
{
    struct cluster cluster;
    char *place = mem_format("the private cluster in %s", home);
    bool done = db_cluster_open(&cluster, home, err);

    if (done && db_cluster_pid(cluster.data) > 0 &&
        db_connect_socket(db, cluster.socket, CLUSTER_DATABASE, place, NULL))
        goto out;
    done = done && db_home_lock(&cluster.home, err) && db_cluster_run(&cluster, err) &&
           db_connect_socket(db, cluster.socket, CLUSTER_DATABASE, place, err);
out:
    db_cluster_close(&cluster);
    free(place);
    return done;
}

bool db_connect(struct db **db, const struct db_target *target, struct error *err)
{
    char place[256];

    *db = NULL;
    if (target->conninfo == NULL)
        return connect_private(db, target->home, err);
    if (!check_conninfo(target, err))
        return false;
    snprintf(place, sizeof(place), "the database given by %s", target->origin);
    return take_connection(db, connect_to(target->conninfo), place, err);
}

/* Tells which GRANT is missing, with the login's name as SQL wants it. */
static bool explain_role(struct db *db, const char *role, struct error *err)
{
    char state[sizeof(err->sqlstate)];
    char *login;

    memcpy(state, err->sqlstate, sizeof(state));
    if (strcmp(state, "22023") == 0)
        return fail(err, EXIT_DATABASE, "%s has no schema of headroom (the role %s is missing); run `headroom init`",
                    db->place, role);
    if (strcmp(state, "42501") != 0)
        return false;

    login = PQescapeIdentifier(db->conn, PQuser(db->conn), strlen(PQuser(db->conn)));
    fail(err, EXIT_COMMAND,
         "the login %s may not work as %s in %s; let one who may (the login that ran `headroom init`, or a superuser) "
         "run: GRANT %s TO %s;",
         PQuser(db->conn), role, db->place, role, login == NULL ? "…" : login);
    PQfreemem(login);
    memcpy(err->sqlstate, state, sizeof(state));
    return false;
}

bool db_take_role(struct db *db, enum db_role role, struct error *err)
{
    static const char *const roles[] = {
        [DB_READER] = "headroom_reader", [DB_WRITER] = "headroom_writer", [DB_OWNER] = "headroom_owner"};
    struct error refused;

    if (role == DB_ADMIN)
        return true;
    if (db_run(db, &sql_db_set_role, (const char *const[]){roles[role]}, &refused))
        return true;
    explain_role(db, roles[role], &refused);
    if (err != NULL)
        *err = refused;
    return false;
}

bool db_open(struct db **db, const struct db_target *target, enum db_role role, struct error *err)
{
    if (!db_connect(db, target, err))
        return false;
    if (role == DB_ADMIN || (db_take_role(*db, role, err) && db_schema_check(*db, err)))
        return true;
    db_close(*db);
    *db = NULL;
    return false;
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    PQfinish(db->conn);
    if (db->socket >= 0)
        close(db->socket);
    db_forget_asked(db);
    free(db->place);
    free(db);
}
