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

/* Reads a line: the value of "db = …", or absent for a blank line or a comment. False for anything else: a slip in the
 * name must not lead to another ledger. */
static bool db_of_line(struct str line, struct str *value)
{
    struct str name = str_trim(line);

    *value = str_of(NULL);
    if (name.size == 0 || name.data[0] == '#')
        return true;

    const char *equals = memchr(name.data, '=', name.size);
    if (equals == NULL)
        return false;
    *value = str_trim((struct str){equals + 1, name.size - (size_t)(equals + 1 - name.data)});
    name.size = (size_t)(equals - name.data);
    return str_equal(str_trim(name), STR("db")) && value->size > 0;
}

static bool read_lines(FILE *file, const char *path, char **conninfo, struct error *err)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;
    bool good = true;

    for (int number = 1; good && (size = getline(&line, &capacity, file)) >= 0; number++) {
        struct str value;
        while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == '\r'))
            size--;
        if (!db_of_line((struct str){line, (size_t)size}, &value)) {
            good = fail(err, EXIT_DATABASE, "%s, line %d: it is neither `db = CONNINFO` nor a comment (#); mend it",
                        path, number);
            continue;
        }
        if (value.size == 0)
            continue;
        free(*conninfo);
        *conninfo = mem_format("%.*s", (int)value.size, value.data);
    }
    free(line);
    return good;
}

/* The last "db = …" of the file; NULL without one. The usual file need not be there; one that was named must. */
static bool read_configuration(const char *path, bool named, char **conninfo, struct error *err)
{
    FILE *file = fopen(path, "re");

    *conninfo = NULL;
    if (file == NULL && !named && (errno == ENOENT || errno == ENOTDIR))
        return true;
    if (file == NULL)
        return fail(err, EXIT_DATABASE, "cannot read %s, which may name the database: %s; give --db or HEADROOM_DB",
                    path, strerror(errno));
    bool good = read_lines(file, path, conninfo, err);
    if (good && ferror(file))
        good = fail(err, EXIT_DATABASE, "cannot read %s, which may name the database: %s", path, strerror(errno));
    fclose(file);
    return good;
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
    bool named = configuration != NULL && *configuration != '\0';
    if (configuration == NULL)
        configuration = CONFIGURATION;
    if (*configuration != '\0' && !read_configuration(configuration, named, &configured, err))
        return false;
    target->conninfo = keep(configured);
    target->origin = configured == NULL ? "HEADROOM_HOME" : configuration;
    return true;
}
