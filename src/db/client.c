/* SPDX-License-Identifier: MIT */
/* How PostgreSQL's own programs get to the database that a connection stands on. */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/internal.h"

/* What is not handed on: secrets go by the environment, and the program has a name and an encoding of its own. */
static bool is_left_out(const PQconninfoOption *option)
{
    static const char *const names[] = {"password",        "sslpassword",     "application_name",
                                        "client_encoding", "connect_timeout", "fallback_application_name"};

    if (option->val == NULL || *option->val == '\0')
        return true;
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (strcmp(option->keyword, names[i]) == 0)
            return true;
    return false;
}

/* keyword='value', with what libpq wants escaped. */
static char *with_option(char *conninfo, const PQconninfoOption *option)
{
    char *value = mem_alloc(2 * strlen(option->val) + 1);
    char *to = value;

    for (const char *from = option->val; *from != '\0'; from++) {
        if (*from == '\'' || *from == '\\')
            *to++ = '\\';
        *to++ = *from;
    }

    char *longer = mem_format("%s%s%s='%s'", conninfo, *conninfo == '\0' ? "" : " ", option->keyword, value);
    free(value);
    free(conninfo);
    return longer;
}

static char *conninfo_of(const struct db *db)
{
    if (db->socket >= 0)
        return mem_text("host=" PROCESS_FOLDER_1 " port=" CLUSTER_PORT " user=" CLUSTER_USER
                        " dbname=" CLUSTER_DATABASE);

    PQconninfoOption *options = PQconninfo(db->conn);
    char *conninfo = mem_text("");

    for (const PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++)
        if (!is_left_out(option))
            conninfo = with_option(conninfo, option);
    PQconninfoFree(options);
    return conninfo;
}

void db_client_init(struct client *client, const struct db *db)
{
    const char *password = PQpass(db->conn);
    size_t count = 0;
    size_t kept = 0;

    while (environ[count] != NULL)
        count++;
    client->conninfo = conninfo_of(db);
    client->environment = mem_alloc((count + 2) * sizeof(char *));
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], "PGPASSWORD=", strlen("PGPASSWORD=")) != 0)
            client->environment[kept++] = mem_text(environ[i]);
    if (password != NULL && *password != '\0')
        client->environment[kept] = mem_format("PGPASSWORD=%s", password);
}

void db_client_free(struct client *client)
{
    for (char **variable = client->environment; variable != NULL && *variable != NULL; variable++)
        free(*variable);
    free(client->environment);
    free(client->conninfo);
    *client = (struct client){0};
}
