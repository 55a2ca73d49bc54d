/* SPDX-License-Identifier: MIT */
/* Becomes psql. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/internal.h"

static bool become(const char *path, const struct db *db, const char *const *argv, struct error *err)
{
    struct client client;
    size_t count = 0;

    while (argv[count] != NULL)
        count++;

    const char **words = mem_alloc((count + 4) * sizeof(*words));
    db_client_init(&client, db);
    words[0] = "psql";
    words[1] = "--dbname";
    words[2] = client.conninfo;
    memcpy(words + 3, argv, count * sizeof(*words));

    /* The number that PROCESS_FOLDER_1 names; where it is the same one already, dup2 would leave it to be closed. */
    if (db->socket < 0 || (dup2(db->socket, 3) == 3 && fcntl(3, F_SETFD, 0) == 0))
        execve(path, (char *const *)(uintptr_t)words, client.environment);
    fail(err, EXIT_COMMAND, "cannot run %s: %s", path, strerror(errno));
    db_client_free(&client);
    free(words);
    return false;
}

bool db_psql(const struct db_target *target, const char *const *argv, struct error *err)
{
    struct db *db = NULL;
    char *path = NULL;

    if (db_connect(&db, target, err) && db_programs_client("psql", PQserverVersion(db->conn) / 10000, &path, err))
        (void)become(path, db, argv, err);
    free(path);
    db_close(db);
    return false;
}
