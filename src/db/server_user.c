/* SPDX-License-Identifier: MIT */
/* Whom the server's programs run as. PostgreSQL refuses to run as root; only these programs drop their rights. */

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/internal.h"

static void set_user(struct server_user *user, const struct passwd *entry)
{
    *user = (struct server_user){.other = true, .uid = entry->pw_uid, .gid = entry->pw_gid};
}

bool db_server_user_choose(struct server_user *user, struct error *err)
{
    static const char *const names[] = {"headroom", "postgres"};

    *user = (struct server_user){.uid = geteuid(), .gid = getegid()};
    if (geteuid() != 0)
        return true;
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        const struct passwd *entry = getpwnam(names[i]);
        if (entry != NULL && entry->pw_uid != 0) {
            set_user(user, entry);
            return true;
        }
    }
    return fail(err, EXIT_DATABASE,
                "PostgreSQL does not run as root, and there is neither a user headroom nor postgres to run it as; "
                "install the package postgresql, or run: useradd --system headroom");
}

bool db_server_user_of(int data, struct server_user *user, struct error *err)
{
    struct stat folder;

    if (fstat(data, &folder) != 0)
        return fail(err, EXIT_DATABASE, "cannot look at the cluster's folder: %s", strerror(errno));

    const struct passwd *entry = getpwuid(folder.st_uid);
    *user = (struct server_user){.uid = folder.st_uid, .gid = entry == NULL ? folder.st_gid : entry->pw_gid};
    if (folder.st_uid == geteuid() && geteuid() != 0)
        return true;
    if (geteuid() != 0)
        return fail(err, EXIT_DATABASE,
                    "the private cluster belongs to the user %s; run headroom as that user or as root",
                    entry == NULL ? "of another system" : entry->pw_name);
    if (folder.st_uid == 0)
        return fail(err, EXIT_DATABASE,
                    "the private cluster's folder belongs to root, as whom PostgreSQL does not run");
    user->other = true;
    return true;
}

bool db_server_user_become(const struct server_user *user)
{
    if (!user->other)
        return true;
    return setgroups(0, NULL) == 0 && setgid(user->gid) == 0 && setuid(user->uid) == 0;
}
