/* SPDX-License-Identifier: MIT */
/* Where PostgreSQL's programs are. A cluster is started by its own major version only. */

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/internal.h"

/* What a program prints, without the newline; "" when it can't be run. The caller frees it. */
static char *output_of(const char *program, const char *argument)
{
    const char *const argv[] = {program, argument, NULL};
    struct process process = {.argv = argv, .folders = {-1, -1}};
    struct buffer output;
    int status = -1;

    buffer_init(&output, 4096);
    bool done = db_process_run(&process, &output, &status, NULL) && status == 0;
    char *text = db_one_line(done && output.data != NULL ? output.data : "");
    buffer_free(&output);
    return text;
}

/* The major version that a program says it is of; 0: it is not there. */
static int major_of(const char *program)
{
    static const char before[] = "(PostgreSQL) ";

    if (access(program, X_OK) != 0)
        return 0;

    char *says = output_of(program, "--version");
    const char *number = strstr(says, before);
    long major = number == NULL ? 0 : strtol(number + strlen(before), NULL, 10);
    free(says);
    return major > 0 && major < 1000 ? (int)major : 0;
}

/* Calls `visit` with each folder that may hold the programs, until it returns false. */
typedef bool visit_fn(const char *folder, void *context);

static bool visit_installed(visit_fn *visit, void *context)
{
    glob_t found = {0};
    bool on = true;

    if (glob("/usr/lib/postgresql/*/bin", 0, NULL, &found) == 0)
        for (size_t i = 0; on && i < found.gl_pathc; i++)
            on = visit(found.gl_pathv[i], context);
    globfree(&found);
    return on;
}

static bool visit_path(visit_fn *visit, void *context)
{
    const char *path = getenv("PATH");
    char *folders = mem_text(path == NULL ? "" : path);
    char *rest = NULL;
    bool on = true;

    for (char *folder = strtok_r(folders, ":", &rest); on && folder != NULL; folder = strtok_r(NULL, ":", &rest)) {
        if (folder[0] != '/')
            continue; /* the server's programs start in another folder than the caller */

        char *config = mem_format("%s/pg_config", folder);
        char *named = access(config, X_OK) == 0 ? output_of(config, "--bindir") : mem_text("");
        on = visit(folder, context) && (*named == '\0' || visit(named, context));
        free(named);
        free(config);
    }
    free(folders);
    return on;
}

static void visit_folders(visit_fn *visit, void *context)
{
    if (visit_installed(visit, context))
        visit_path(visit, context);
}

struct search {
    int wanted; /* 0: the newest */
    struct server_programs *found;
};

static bool visit_server(const char *folder, void *context)
{
    struct search *search = context;
    char *program = mem_format("%s/postgres", folder);
    int major = major_of(program);

    free(program);

    if (major < OLDEST_SERVER || (search->wanted != 0 && major != search->wanted) || major <= search->found->major)
        return true;
    search->found->major = major;
    snprintf(search->found->folder, sizeof(search->found->folder), "%s", folder);
    return search->wanted == 0;
}

bool db_programs_find(int major, struct server_programs *found, struct error *err)
{
    struct search search = {.wanted = major, .found = found};

    *found = (struct server_programs){0};
    visit_folders(visit_server, &search);
    if (found->major != 0)
        return true;
    if (major == 0)
        return fail(err, EXIT_DATABASE,
                    "no PostgreSQL server of version %d or newer in /usr/lib/postgresql or PATH; install the package "
                    "postgresql, or name a database with --db",
                    OLDEST_SERVER);
    return fail(err, EXIT_DATABASE,
                "the private cluster is PostgreSQL %d, and its programs are not there any more; install the package "
                "postgresql-%d, or restore a backup (`headroom db restore`) into a new home, which takes the version "
                "that is installed",
                major, major);
}

struct client_search {
    const char *name;
    int major; /* at least */
    int found;
    char *path;
};

static bool visit_client(const char *folder, void *context)
{
    struct client_search *search = context;
    char *path = mem_format("%s/%s", folder, search->name);
    int major = major_of(path);

    if (major < search->major || (search->found != 0 && major >= search->found)) {
        free(path);
        return true;
    }
    free(search->path);
    search->path = path;
    search->found = major;
    return major != search->major;
}

bool db_programs_client(const char *name, int major, char **path, struct error *err)
{
    struct client_search search = {.name = name, .major = major};

    visit_folders(visit_client, &search);
    *path = search.path;
    return search.path != NULL ||
           fail(err, EXIT_COMMAND, "no %s for PostgreSQL %d; install the package postgresql-client-%d", name, major,
                major);
}
