/* SPDX-License-Identifier: MIT */
/* Where the database is: the option, the environment, the configuration file, else the private cluster. */

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/internal.h"

#define CONFIGURATION "/etc/headroom/headroom.conf"

/* A target's texts live until the process ends; held on to, they are no leak. */
static const char *keep(const char *text)
{
    struct kept {
        struct kept *before;
        const char *text;
    };
    static struct kept *last;
    struct kept *kept = mem_alloc(sizeof(*kept));

    *kept = (struct kept){.before = last, .text = text};
    last = kept;
    return text;
}

/* The value of "db = …" in a line; absent when it says something else. */
static struct str db_of_line(struct str line)
{
    struct str name = str_trim(line);
    const char *equals = name.size == 0 ? NULL : memchr(name.data, '=', name.size);

    if (equals == NULL || name.data[0] == '#')
        return str_of(NULL);

    struct str value = {equals + 1, name.size - (size_t)(equals + 1 - name.data)};
    name.size = (size_t)(equals - name.data);
    return str_equal(str_trim(name), STR("db")) ? str_trim(value) : str_of(NULL);
}

/* The last "db = …" of the file; NULL without one. A file that is not there says nothing. */
static bool read_configuration(const char *path, char **conninfo, struct error *err)
{
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;

    *conninfo = NULL;
    if (file == NULL && (errno == ENOENT || errno == ENOTDIR))
        return true;
    if (file == NULL)
        return fail(err, EXIT_DATABASE, "cannot read %s, which may name the database: %s; give --db or HEADROOM_DB",
                    path, strerror(errno));
    while ((size = getline(&line, &capacity, file)) >= 0) {
        while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == '\r'))
            size--;
        struct str value = db_of_line((struct str){line, (size_t)size});
        if (value.size == 0)
            continue;
        free(*conninfo);
        *conninfo = mem_format("%.*s", (int)value.size, value.data);
    }

    bool done = !ferror(file);
    free(line);
    fclose(file);
    return done || fail(err, EXIT_DATABASE, "cannot read %s, which may name the database: %s", path, strerror(errno));
}

static char *absolute(const char *path)
{
    if (path[0] == '/')
        return mem_text(path);

    char *here = getcwd(NULL, 0);
    char *whole = mem_format("%s/%s", here == NULL ? "" : here, path);
    free(here);
    return whole;
}

static char *default_home(void)
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");

    if (geteuid() == 0)
        return mem_text("/var/lib/headroom");
    if (data != NULL && data[0] == '/')
        return mem_format("%s/headroom", data);
    if (home == NULL || home[0] != '/') {
        const struct passwd *user = getpwuid(geteuid());
        home = user == NULL ? "/" : user->pw_dir;
    }
    return mem_format("%s/.local/share/headroom", home);
}

static char *find_home(void)
{
    const char *given = getenv("HEADROOM_HOME");
    char *home = given == NULL || *given == '\0' ? default_home() : absolute(given);

    for (size_t size = strlen(home); size > 1 && home[size - 1] == '/'; size--)
        home[size - 1] = '\0';
    return home;
}

bool db_find_target(const char *option, struct db_target *target, struct error *err)
{
    const char *environment = getenv("HEADROOM_DB");
    const char *configuration = getenv("HEADROOM_CONFIG");
    char *configured = NULL;

    *target = (struct db_target){.home = keep(find_home())};
    if (option != NULL) {
        target->conninfo = option;
        target->origin = "--db";
        return true;
    }
    if (environment != NULL && *environment != '\0') {
        target->conninfo = environment;
        target->origin = "HEADROOM_DB";
        return true;
    }
    if (configuration == NULL)
        configuration = CONFIGURATION;
    if (!read_configuration(configuration, &configured, err))
        return false;
    target->conninfo = keep(configured);
    target->origin = configured == NULL ? "HEADROOM_HOME" : configuration;
    return true;
}
