/* SPDX-License-Identifier: MIT */
/* The private cluster's home: its folder, the lock that one process at a time holds, the socket's folder, the log. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/internal.h"

#define LOCK_FILE    "lock"
#define LOCK_WAIT_US INT64_C(120000000)
#define LOG_OLD      "server.log.1"
#define LOG_LARGEST  ((off_t)16 * 1024 * 1024)

bool db_no_cluster(const char *home, struct error *err)
{
    return fail(err, EXIT_DATABASE,
                "no database: there is no private cluster in %s; `headroom init` or `headroom contract add` makes one, "
                "HEADROOM_HOME names another place, --db or HEADROOM_DB another database",
                home);
}

/* mkdir -p, the last one for the caller only. */
static bool make_folders(const char *path, struct error *err)
{
    char *part = mem_text(path);
    bool done = true;

    for (char *slash = strchr(part + 1, '/'); done && slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        done = mkdir(part, 0755) == 0 || errno == EEXIST;
        *slash = '/';
    }
    done = done && (mkdir(path, 0700) == 0 || errno == EEXIST);
    free(part);
    return done ||
           fail(err, EXIT_DATABASE, "cannot make the folder %s for the private cluster: %s", path, strerror(errno));
}

bool db_home_open(struct home *home, const char *path, bool make, struct error *err)
{
    *home = (struct home){.path = path, .folder = -1, .lock = -1};
    if (make && !make_folders(path, err))
        return false;
    home->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (home->folder >= 0)
        return true;
    if (errno == ENOENT)
        return db_no_cluster(path, err);
    return fail(err, EXIT_DATABASE, "cannot open the private cluster's home %s: %s", path, strerror(errno));
}

void db_home_close(struct home *home)
{
    if (home->lock >= 0)
        close(home->lock);
    if (home->folder >= 0)
        close(home->folder);
    home->lock = home->folder = -1;
}

/* What root makes here is for the home's owner, who comes back without root's rights. Nothing that was there before
 * changes hands. */
static int open_own(const struct home *home, const char *name, int flags)
{
    struct stat owner;
    int file = openat(home->folder, name, flags | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (file < 0 && errno == EEXIST)
        return openat(home->folder, name, flags | O_NOFOLLOW | O_CLOEXEC);
    if (file >= 0 && geteuid() == 0 &&
        (fstat(home->folder, &owner) != 0 || fchown(file, owner.st_uid, owner.st_gid) != 0)) {
        int reason = errno;
        close(file);
        errno = reason;
        return -1;
    }
    return file;
}

bool db_home_lock(struct home *home, struct error *err)
{
    int64_t end = timestamp_monotonic() + LOCK_WAIT_US;
    bool told = false;

    if (home->lock < 0)
        home->lock = open_own(home, LOCK_FILE, O_RDWR);
    if (home->lock < 0)
        return fail(err, EXIT_DATABASE, "cannot open %s/" LOCK_FILE ": %s", home->path, strerror(errno));
    while (flock(home->lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return fail(err, EXIT_DATABASE, "cannot lock %s/" LOCK_FILE ": %s", home->path, strerror(errno));
        if (timestamp_monotonic() > end)
            return fail(err, EXIT_DATABASE,
                        "another headroom makes, starts or stops the private cluster in %s; try again when it is done",
                        home->path);
        if (!told)
            log_detail("waiting for another headroom that works on %s", home->path);
        told = true;
        usleep(50000);
    }
    return true;
}

/* The folder may be there already: then it must be nobody else's, and no link. */
bool db_home_socket(const struct home *home, const struct server_user *user, int *folder, struct error *err)
{
    struct stat found;

    (void)mkdirat(home->folder, SOCKET_FOLDER, 0700);
    *folder = openat(home->folder, SOCKET_FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (*folder < 0 || fstat(*folder, &found) != 0)
        return fail(err, EXIT_DATABASE, "cannot open %s/" SOCKET_FOLDER ": %s", home->path, strerror(errno));

    bool own = found.st_uid == user->uid || (user->other && found.st_uid == geteuid());
    if (!own || (found.st_mode & 07777) != 0700)
        return fail(err, EXIT_DATABASE,
                    "%s/" SOCKET_FOLDER " is not the server's own (mode 0700, user %u); move it away and try again",
                    home->path, (unsigned)user->uid);
    if (found.st_uid != user->uid && fchown(*folder, user->uid, user->gid) != 0)
        return fail(err, EXIT_DATABASE, "cannot give %s/" SOCKET_FOLDER " to the server's user: %s", home->path,
                    strerror(errno));
    return true;
}

off_t db_home_log_size(const struct home *home)
{
    struct stat found;
    return fstatat(home->folder, LOG_FILE, &found, AT_SYMLINK_NOFOLLOW) == 0 ? found.st_size : 0;
}

/* Kept small by one older file: what matters in it is recent. */
bool db_home_log(const struct home *home, int *log, struct error *err)
{
    if (db_home_log_size(home) > LOG_LARGEST)
        (void)renameat(home->folder, LOG_FILE, home->folder, LOG_OLD);
    *log = open_own(home, LOG_FILE, O_WRONLY | O_APPEND);
    return *log >= 0 ||
           fail(err, EXIT_DATABASE, "cannot write the server's log %s/" LOG_FILE ": %s", home->path, strerror(errno));
}

char *db_home_log_tail(const struct home *home, off_t from)
{
    char text[701] = "";
    struct stat found;
    int log = openat(home->folder, LOG_FILE, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    if (log >= 0 && fstat(log, &found) == 0) {
        off_t last = found.st_size - (off_t)(sizeof(text) - 1);
        if (from > found.st_size)
            from = 0; /* a new log was begun since */
        ssize_t size = pread(log, text, sizeof(text) - 1, last > from ? last : from);
        text[size > 0 ? size : 0] = '\0';
    }
    if (log >= 0)
        close(log);
    return db_one_line(text);
}
