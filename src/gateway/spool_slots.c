/* SPDX-License-Identifier: MIT */
/* A file of two slots that is overwritten in place. Its text can be read by a person. */

#include "gateway/spool_slots.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "spool.state"
#define SLOT_SIZE 4096 /* a block of the disk: writing one slot leaves the other alone */
#define BOOT_FILE "/proc/sys/kernel/random/boot_id"

struct slots {
    char *path;
    int fd;
};

void slots_boot(char boot[SLOTS_BOOT_SIZE])
{
    FILE *file = fopen(BOOT_FILE, "re");

    if (file == NULL || fscanf(file, "%39s", boot) != 1)
        (void)snprintf(boot, SLOTS_BOOT_SIZE, "-");
    if (file != NULL)
        fclose(file);
}

/* ---- a slot: 64 hex digits of SHA-256, a line's end, the text that they are of, up to the NUL ---- */

#define GAP_WRITTEN "gap %" PRIu64 " %" PRId64 " %" PRId64 " %" PRIu64 " %s\n"
#define GAP_READ    "gap %" SCNu64 " %" SCNd64 " %" SCNd64 " %" SCNu64 " %199[^\n]\n"

static void seal(const char *text, char hex[DIGEST_HEX_SIZE])
{
    unsigned char digest[DIGEST_SIZE];

    digest_of(text, strlen(text), digest);
    digest_hex(digest, hex);
}

static void write_slot(const struct slots_state *state, char slot[SLOT_SIZE])
{
    const struct slots_gap *a = &state->gaps[0], *b = &state->gaps[1];
    char *text = slot + DIGEST_HEX_SIZE;
    char hex[DIGEST_HEX_SIZE];

    memset(slot, 0, SLOT_SIZE);
    (void)snprintf(text, SLOT_SIZE - DIGEST_HEX_SIZE,
                   "headroom spool state 1\nserial %" PRIu64 "\nclean %d lossy %d boot %s\nreserved %" PRIu64
                   "\nrefused %" PRIu64 " %" PRIu64 "\n" GAP_WRITTEN GAP_WRITTEN,
                   state->serial, state->clean, state->lossy, state->boot, state->reserved, state->refused_first,
                   state->refused_last, a->id, a->from, a->until, a->requests, a->reason[0] != '\0' ? a->reason : "-",
                   b->id, b->from, b->until, b->requests, b->reason[0] != '\0' ? b->reason : "-");
    seal(text, hex);
    memcpy(slot, hex, DIGEST_HEX_SIZE - 1);
    slot[DIGEST_HEX_SIZE - 1] = '\n';
}

static bool read_slot(const char slot[SLOT_SIZE], struct slots_state *state)
{
    const char *text = slot + DIGEST_HEX_SIZE;
    struct slots_gap *a = &state->gaps[0], *b = &state->gaps[1];
    char hex[DIGEST_HEX_SIZE];
    int clean = 0, lossy = 0;

    if (memchr(text, '\0', SLOT_SIZE - DIGEST_HEX_SIZE) == NULL)
        return false;
    seal(text, hex);
    if (memcmp(slot, hex, DIGEST_HEX_SIZE - 1) != 0)
        return false;
    *state = (struct slots_state){0};
    /* NOLINTNEXTLINE(cert-err34-c): the digest says that these are the numbers that were written */
    int found = sscanf(text,
                       "headroom spool state 1\nserial %" SCNu64 "\nclean %d lossy %d boot %39s\nreserved %" SCNu64
                       "\nrefused %" SCNu64 " %" SCNu64 "\n" GAP_READ GAP_READ,
                       &state->serial, &clean, &lossy, state->boot, &state->reserved, &state->refused_first,
                       &state->refused_last, &a->id, &a->from, &a->until, &a->requests, a->reason, &b->id, &b->from,
                       &b->until, &b->requests, b->reason);
    state->clean = clean != 0;
    state->lossy = lossy != 0;
    return found == 17;
}

/* ---- the file ---- */

static bool put(const struct slots *slots, const char slot[SLOT_SIZE], off_t at, struct error *err)
{
    ssize_t done = pwrite(slots->fd, slot, SLOT_SIZE, at);

    if (done == SLOT_SIZE)
        return true;
    return fail(err, EXIT_COMMAND, "cannot write %s: %s", slots->path, strerror(done < 0 ? errno : ENOSPC));
}

static bool wait_for_disk(const struct slots *slots, struct error *err)
{
    return fdatasync(slots->fd) == 0 || fail(err, EXIT_COMMAND, "cannot write %s: %s", slots->path, strerror(errno));
}

bool slots_write(struct slots *slots, struct slots_state *state, struct error *err)
{
    char slot[SLOT_SIZE];

    state->serial++;
    write_slot(state, slot);
    return put(slots, slot, (off_t)(state->serial % 2) * SLOT_SIZE, err) && wait_for_disk(slots, err);
}

/* Under another name until it is whole: a file that is there has a valid slot. */
static bool make(struct slots *slots, const char *folder, struct error *err)
{
    struct slots new = {mem_format("%s.new", slots->path), -1};
    struct slots_state state = {.boot = "-"};
    char slot[SLOT_SIZE];
    int held = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool made;

    write_slot(&state, slot);
    new.fd = open(new.path, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    made = new.fd >= 0 && held >= 0;
    if (!made)
        (void)fail(err, EXIT_COMMAND, "cannot make %s: %s", slots->path, strerror(errno));
    made = made && put(&new, slot, 0, err) && put(&new, slot, SLOT_SIZE, err) && wait_for_disk(&new, err);
    if (made && (rename(new.path, slots->path) != 0 || fsync(held) != 0))
        made = fail(err, EXIT_COMMAND, "cannot make %s: %s", slots->path, strerror(errno));
    if (held >= 0)
        close(held);
    slots->fd = new.fd;
    free(new.path);
    return made;
}

static bool load(struct slots *slots, struct slots_state *state, struct error *err)
{
    struct slots_state other;
    char slot[SLOT_SIZE];
    bool found = false;

    for (int i = 0; i < 2; i++) {
        if (pread(slots->fd, slot, SLOT_SIZE, (off_t)i * SLOT_SIZE) != SLOT_SIZE || !read_slot(slot, &other))
            continue;
        if (!found || other.serial > state->serial)
            *state = other;
        found = true;
    }
    return found ||
           fail(err, EXIT_COMMAND,
                "%s is damaged: it may tell of requests that were forwarded while the spool was full, and can't be "
                "read; keep a copy and remove it to go on without",
                slots->path);
}

bool slots_open(struct slots **slots, const char *folder, struct slots_state *state, struct error *err)
{
    struct slots *opened = mem_alloc(sizeof(*opened));
    bool done;

    *state = (struct slots_state){.boot = "-"};
    opened->path = mem_format("%s/" FILE_NAME, folder);
    opened->fd = open(opened->path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (opened->fd >= 0)
        done = load(opened, state, err);
    else if (errno == ENOENT)
        done = make(opened, folder, err);
    else
        done = fail(err, EXIT_COMMAND, "cannot open %s: %s", opened->path, strerror(errno));
    *slots = done ? opened : NULL;
    if (!done)
        slots_close(opened);
    return done;
}

void slots_close(struct slots *slots)
{
    if (slots == NULL)
        return;
    if (slots->fd >= 0)
        close(slots->fd);
    free(slots->path);
    free(slots);
}
