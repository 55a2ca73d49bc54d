/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_DB_INTERNAL_H
#define HEADROOM_DB_INTERNAL_H

/* What the files of this room share. Only they include libpq-fe.h. */

#include <libpq-fe.h>
#include <sys/types.h>

#include "headroom/db.h"

/* What is asked of one snapshot once is often asked again, for the next contract: from the second time on the server
 * need not plan it anew. So many statements are remembered; further ones are planned each time. */
#define DB_ASKED_MAX  64
#define DB_ASKED_NAME 32
struct db {
    PGconn *conn;
    char *place; /* for messages: which database this is */
    int socket;  /* folder of the private cluster's socket; -1: not the private cluster */
    bool in_snapshot;
    bool asks_often;
    struct db_asked {
        char *text;
        char name[DB_ASKED_NAME]; /* on the server; empty until it is prepared */
    } asked[DB_ASKED_MAX];        /* in snapshots, or of a session that asks often */
    size_t asked_count;
};

/* The user, the database and the port (part of the socket's name) of a private cluster. */
#define CLUSTER_USER     "headroom"
#define CLUSTER_DATABASE "headroom"
#define CLUSTER_PORT     "5432"

/* ---- error.c ---- */
/* Makes an error of what the server answered to a statement (result may be NULL: then of what libpq says). */
bool db_refused(struct db *db, const struct sql *sql, const PGresult *result, struct error *err);
/* message on one line, without the newline at its end; the caller frees it. */
char *db_one_line(const char *message);

/* ---- connection.c ---- */
/* Connects with the login's own rights; starts a private cluster that is stopped. */
MUST_CHECK bool db_connect(struct db **db, const struct db_target *target, struct error *err);
/* Connects to a database of the private cluster whose socket's folder is open as `socket`, which stays the caller's. */
MUST_CHECK bool db_connect_socket(struct db **db, int socket, const char *database, const char *place,
                                  struct error *err);
MUST_CHECK bool db_take_role(struct db *db, enum db_role role, struct error *err);

/* ---- statement.c ---- */
/* Sends a statement and takes its first result; NULL never. */
PGresult *db_execute(struct db *db, const struct sql *sql, const char *const *params);
void db_forget_asked(struct db *db); /* frees what is remembered of them */
/* Stops a statement that still sends rows. What is under way is the caller's to take, until the connection is free. */
void db_give_up(struct db *db);

/* ---- migrate.c ---- */
int db_schema_newest(void); /* the newest migration in this program */
struct db_schema {
    int installed;                  /* the newest migration applied; 0: no schema */
    char routines[DIGEST_HEX_SIZE]; /* of the set of routines that is there */
    char program[64];               /* that wrote them */
};
MUST_CHECK bool db_schema_read(struct db *db, struct db_schema *schema, struct error *err);
/* Refuses a schema that this program does not know, with what to do. */
MUST_CHECK bool db_schema_check(struct db *db, struct error *err);
MUST_CHECK bool db_migrate_on(struct db *db, struct db_schema_state *before, struct error *err);
/* Makes the roles that are missing, within the open transaction. */
MUST_CHECK bool db_ensure_roles(struct db *db, struct error *err);

/* ---- server_user.c ---- */
/* Whom the server's programs run as: PostgreSQL refuses to run as root. */
struct server_user {
    bool other; /* than the caller: rights are dropped before the program starts */
    uid_t uid;
    gid_t gid;
};
MUST_CHECK bool db_server_user_choose(struct server_user *user, struct error *err);       /* for a cluster to be made */
MUST_CHECK bool db_server_user_of(int data, struct server_user *user, struct error *err); /* whose folder this is */
bool db_server_user_become(const struct server_user *user);                               /* in a child, before exec */

/* ---- process.c ---- */
/* A program to run. Folders that it needs are handed over open, as descriptors 3 and 4, and named to it as
 * /proc/self/fd/3 and /4: so neither the length of their paths nor a folder above that it may not enter matters. */
struct process {
    const char *const *argv;        /* argv[0]: its path */
    const char *const *environment; /* "NAME=VALUE", NULL-ended; NULL: the caller's */
    const struct server_user *user; /* NULL: the caller's own rights */
    int folders[2];                 /* -1: none */
};
#define PROCESS_FOLDER_1 "/proc/self/fd/3"
#define PROCESS_FOLDER_2 "/proc/self/fd/4"
/* Runs it to its end; output takes what it wrote on either stream, up to its ceiling. *status as of waitpid. */
MUST_CHECK bool db_process_run(const struct process *process, struct buffer *output, int *status, struct error *err);
/* db_process_run, and an error with the last of its output unless it exits 0. */
MUST_CHECK bool db_process_must(const struct process *process, struct error *err);
/* Starts it apart from the caller's terminal and session, its output going to `log`. */
MUST_CHECK bool db_process_start(const struct process *process, int log, pid_t *pid, struct error *err);

/* ---- programs.c ---- */
#define OLDEST_SERVER 15
struct server_programs {
    int major;
    char folder[4096];
};
/* The programs of one major version, or of the newest there is (major 0). */
MUST_CHECK bool db_programs_find(int major, struct server_programs *found, struct error *err);
/* Path of a client program (psql, pg_dump, pg_restore) that serves a server of this major version: the same or a newer
 * one; the caller frees it. */
MUST_CHECK bool db_programs_client(const char *name, int major, char **path, struct error *err);

/* ---- home.c ---- */
#define SOCKET_FOLDER "run"
#define LOG_FILE      "server.log"
struct home {
    const char *path;
    int folder; /* -1: not open */
    int lock;   /* -1: not held */
};
/* Opens the home; make: makes it where it is missing. EXIT_DATABASE where there is none. */
MUST_CHECK bool db_home_open(struct home *home, const char *path, bool make, struct error *err);
MUST_CHECK bool db_home_lock(struct home *home, struct error *err); /* waits for others; ends with the process too */
void db_home_close(struct home *home);
/* Opens the socket's folder, 0700 and the server user's own. */
MUST_CHECK bool db_home_socket(const struct home *home, const struct server_user *user, int *folder, struct error *err);
MUST_CHECK bool db_home_log(const struct home *home, int *log, struct error *err); /* opens it to append */
off_t db_home_log_size(const struct home *home);
char *db_home_log_tail(const struct home *home, off_t from); /* the last lines; the caller frees it */
bool db_no_cluster(const char *home, struct error *err);     /* the error of a home without one */

/* ---- tree.c ---- */
MUST_CHECK bool db_remove_tree(int parent, const char *name, struct error *err); /* missing is fine */

/* ---- cluster.c ---- */
#define CLUSTER_FOLDER "cluster"
#define CLUSTER_MAKING "cluster.new"
struct cluster {
    struct home home;
    int data;   /* its data folder */
    int socket; /* folder of its socket */
    struct server_user user;
    int major;
};
/* Opens the private cluster's folders; *cluster is db_cluster_close's in every case. EXIT_DATABASE where none is. */
MUST_CHECK bool db_cluster_open(struct cluster *cluster, const char *home, struct error *err);
void db_cluster_close(struct cluster *cluster);
pid_t db_cluster_pid(int data); /* of the server that runs in this data folder; 0: none */
/* Sends the server of this data folder a signal to end by, and waits until it did. */
MUST_CHECK bool db_cluster_halt(int data, int signal_number, struct error *err);
/* Waits until the server answers, and starts it where none runs. The home's lock is the caller's. */
MUST_CHECK bool db_cluster_run(struct cluster *cluster, struct error *err);

/* ---- cluster_make.c ---- */
/* Fills a new cluster's empty database; when it returns false, nothing is left of the cluster. */
typedef bool db_fill_fn(struct db *db, void *context, struct error *err);
/* Makes a cluster under a temporary name, has it filled, and gives it its name. *made: false when one was there. */
MUST_CHECK bool db_cluster_make(const char *home, db_fill_fn *fill, void *context, bool *made, struct error *err);

/* ---- client.c ---- */
/* How another program (psql, pg_dump) gets to the same database. No password is among its arguments, which all users of
 * the machine can see. The private cluster's socket is handed over as the process's first folder. */
struct client {
    char *conninfo;
    char **environment; /* the caller's, with the password */
};
void db_client_init(struct client *client, const struct db *db);
void db_client_free(struct client *client);

/* ---- manifest.c ---- */
#define BACKUP_DUMP     "dump"
#define BACKUP_MANIFEST "manifest.json"
struct manifest {
    struct db_backup_summary summary;
    int schema;           /* its newest migration */
    int server;           /* the major version it was taken from */
    struct json_t *files; /* name in the dump's folder: SHA-256, hex; owned */
};
/* The digests of all files of the dump in `folder`. */
MUST_CHECK bool db_manifest_digest(const char *folder, struct json_t **files, struct error *err);
MUST_CHECK bool db_manifest_write(const char *folder, const struct manifest *manifest, struct error *err);
MUST_CHECK bool db_manifest_read(const char *folder, struct manifest *manifest, struct error *err);
void db_manifest_free(struct manifest *manifest);

/* ---- backup.c ---- */
/* Counts what the database holds. schema may be NULL. */
MUST_CHECK bool db_summary(struct db *db, struct db_backup_summary *summary, int *schema, struct error *err);

#endif
