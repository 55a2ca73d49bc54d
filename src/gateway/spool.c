/* SPDX-License-Identifier: MIT */
/* A spool as its callers see it: opening and closing, what is queued, what is told. */

#include "gateway/spool_parts.h"
#include "headroom/encode.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_FILE "lock"
#define WITHDRAWN "{\"outcome\":\"not_sent\"}" /* no outcome of an event */

/* ---- the folder ---- */

static bool make_folder(const char *folder, struct error *err)
{
    struct stat found;

    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return fail(err, EXIT_COMMAND, "cannot make the spool's folder %s: %s", folder, strerror(errno));
    if (stat(folder, &found) != 0)
        return fail(err, EXIT_COMMAND, "cannot look at the spool's folder %s: %s", folder, strerror(errno));
    if (!S_ISDIR(found.st_mode))
        return fail(err, EXIT_COMMAND, "cannot use %s for the spool: it is no folder; name another", folder);
    if (found.st_uid != geteuid())
        return fail(err, EXIT_COMMAND, "the spool's folder %s belongs to another user (%u); name another", folder,
                    (unsigned)found.st_uid);
    if ((found.st_mode & 077) != 0)
        return fail(err, EXIT_COMMAND,
                    "the spool's folder %s is open to other users (mode %04o): who asked for whom is nobody else's; "
                    "`chmod 700` it, or name a folder that is not there yet",
                    folder, (unsigned)(found.st_mode & 07777));
    return true;
}

static bool fail_locked(int fd, const char *folder, struct error *err)
{
    char pid[32];
    ssize_t size = pread(fd, pid, sizeof(pid) - 1, 0);

    pid[size > 0 ? size : 0] = '\0';
    pid[strcspn(pid, "\n")] = '\0';
    return fail(err, EXIT_COMMAND,
                "the spool %s is in use by the process %s: a spool belongs to one gateway; end that one, or name "
                "another folder",
                folder, pid[0] != '\0' ? pid : "(unknown)");
}

/* The lock ends with the process, however that ends. */
static bool lock_folder(struct spool *spool, struct error *err)
{
    char *path = mem_format("%s/" LOCK_FILE, spool->folder);
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool locked = true;

    spool->lock_fd = fd;
    if (fd < 0)
        locked = fail(err, EXIT_COMMAND, "cannot open %s: %s", path, strerror(errno));
    else if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        locked = errno == EWOULDBLOCK ? fail_locked(fd, spool->folder, err)
                                      : fail(err, EXIT_COMMAND, "cannot lock %s: %s", path, strerror(errno));
    /* The number is for a person; on a full disk there may be none. */
    else if (ftruncate(fd, 0) == 0)
        (void)!dprintf(fd, "%d\n", (int)getpid());
    free(path);
    return locked;
}

/* ---- opening and closing ---- */

static bool make_id(char id[33], struct error *err)
{
    unsigned char chance[16];

    if (getrandom(chance, sizeof(chance), 0) != (ssize_t)sizeof(chance))
        return fail(err, EXIT_COMMAND, "no random numbers from the system: %s", strerror(errno));
    bytes_to_hex(chance, sizeof(chance), id);
    return true;
}

static bool open_files(struct spool *spool, struct error *err)
{
    bool lossy = spool->options.durability == SPOOL_WRITE, made;
    struct slots_state found;
    struct slots *slots;
    char id[33];

    if (!make_folder(spool->folder, err) || !lock_folder(spool, err) || !make_id(id, err) ||
        !slots_open(&slots, spool->folder, &found, err))
        return false;
    if (!reserve_open(&spool->reserve, spool->folder, err) ||
        !store_open(&spool->store, spool->folder, lossy ? STORE_WRITE : STORE_FSYNC, id, &made, err)) {
        slots_close(slots);
        return false;
    }
    if (made)
        found.refused_first = found.refused_last = found.reserved = 0;
    else if (found.serial == 0)
        log_warning("the spool %s has no spool.state: what that told of requests that were missed is lost",
                    spool->folder);
    if (!spool_recover(spool, &found, err)) {
        slots_close(slots);
        return false;
    }
    return gaps_start(&spool->gaps, slots, &found, lossy, spool->next_number, err);
}

static bool start_writer(struct spool *spool, struct error *err)
{
    int code = pthread_create(&spool->writer, NULL, spool_write, spool);

    spool->has_writer = code == 0;
    return code == 0 || fail(err, EXIT_COMMAND, "cannot start the spool's thread: %s", strerror(code));
}

/* So that the reserve is enough to move it. */
static uint64_t log_most(const struct spool *spool)
{
    return reserve_size(spool->reserve) / STORE_PAGE_SIZE * 3 / 4;
}

bool spool_open(struct spool **spool, const struct spool_options *options, struct error *err)
{
    struct spool *opened = mem_alloc(sizeof(*opened));
    pthread_condattr_t monotonic;

    opened->options = *options;
    opened->folder = mem_text(options->folder);
    opened->options.folder = opened->folder;
    opened->lock_fd = -1;
    opened->reason = "not known";
    pthread_mutex_init(&opened->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&opened->work, &monotonic);
    pthread_cond_init(&opened->settled, NULL);
    pthread_condattr_destroy(&monotonic);
    if (open_files(opened, err) && checkpoint_start(&opened->checkpoint, opened->folder, log_most(opened), err) &&
        start_writer(opened, err)) {
        *spool = opened;
        return true;
    }
    spool_close(opened);
    *spool = NULL;
    return false;
}

static void end_writer(struct spool *spool)
{
    if (!spool->has_writer)
        return;
    pthread_mutex_lock(&spool->lock);
    spool->stopping = true;
    pthread_cond_signal(&spool->work);
    pthread_mutex_unlock(&spool->lock);
    pthread_join(spool->writer, NULL);
}

void spool_close(struct spool *spool)
{
    if (spool == NULL)
        return;
    end_writer(spool);
    checkpoint_stop(spool->checkpoint);
    store_close(spool->store);
    reserve_close(spool->reserve);
    gaps_stop(spool->gaps);
    if (spool->lock_fd >= 0)
        close(spool->lock_fd);
    spool_queue_free(&spool->queue);
    spool_queue_free(&spool->batch);
    spool_queue_free(&spool->held);
    ranges_free(&spool->drained);
    ranges_free(&spool->drained_next);
    times_free(&spool->times);
    pthread_cond_destroy(&spool->work);
    pthread_cond_destroy(&spool->settled);
    pthread_mutex_destroy(&spool->lock);
    free(spool->folder);
    free(spool);
}

const char *spool_id(const struct spool *spool)
{
    return spool->id;
}

const char *spool_folder(const struct spool *spool)
{
    return spool->folder;
}

/* ---- what is queued ---- */

static void enqueue(struct spool *spool, struct spool_item item, struct str text)
{
    pthread_mutex_lock(&spool->lock);
    spool_queue_add(&spool->queue, item, text);
    pthread_mutex_unlock(&spool->lock);
}

void spool_intend(struct spool *spool, struct spool_ticket *ticket, struct str intent, int64_t time_us)
{
    enqueue(spool, (struct spool_item){.kind = SPOOL_INTENT, .ticket = ticket, .time_us = time_us}, intent);
}

/* Without the lock, which the writer would have to wait for at once. */
void spool_wake(struct spool *spool)
{
    pthread_cond_signal(&spool->work);
}

struct spool_ticket *spool_take_done(struct spool *spool, struct spool_caller *caller)
{
    pthread_mutex_lock(&spool->lock);
    struct spool_ticket *done = caller->done;
    caller->done = caller->done_last = NULL;
    pthread_mutex_unlock(&spool->lock);
    return done;
}

void spool_finish(struct spool *spool, uint64_t number, struct str outcome)
{
    enqueue(spool, (struct spool_item){.kind = SPOOL_OUTCOME, .number = number}, outcome);
}

void spool_withdraw(struct spool *spool, uint64_t number)
{
    spool_finish(spool, number, STR(WITHDRAWN));
}

bool spool_entry_is_withdrawn(const struct spool_entry *entry)
{
    return str_equal(entry->outcome, STR(WITHDRAWN));
}

void spool_note(struct spool *spool, const char *kind, struct str json)
{
    enqueue(spool, (struct spool_item){.kind = SPOOL_NOTE, .note = kind}, json);
    spool_wake(spool);
}

bool spool_missed(struct spool *spool, int64_t time_us)
{
    pthread_mutex_lock(&spool->lock);
    const char *reason = spool->reason;
    pthread_mutex_unlock(&spool->lock);

    if (!gaps_missed(spool->gaps, time_us, reason))
        return false;
    pthread_mutex_lock(&spool->lock);
    spool->state.missed++;
    pthread_mutex_unlock(&spool->lock);
    return true;
}

static bool wait_for(struct spool *spool, enum spool_kind kind, struct spool_waiting *waiting, struct error *err)
{
    pthread_mutex_lock(&spool->lock);
    spool_queue_add(&spool->queue, (struct spool_item){.kind = kind, .waiting = waiting}, STR(""));
    spool_wake(spool);
    while (!waiting->done)
        pthread_cond_wait(&spool->settled, &spool->lock);
    pthread_mutex_unlock(&spool->lock);
    if (!waiting->worked && err != NULL)
        *err = waiting->err;
    return waiting->worked;
}

bool spool_drained(struct spool *spool, const struct spool_entry *entries, size_t count, struct error *err)
{
    struct spool_waiting waiting = {.entries = entries, .count = count};

    return count == 0 || wait_for(spool, SPOOL_DRAINED, &waiting, err);
}

bool spool_notes_drained(struct spool *spool, const struct spool_kept_note *notes, size_t count, struct error *err)
{
    struct spool_waiting waiting = {.notes = notes, .count = count};

    return count == 0 || wait_for(spool, SPOOL_NOTES_DRAINED, &waiting, err);
}

/* ---- what is told ---- */

void spool_look(struct spool *spool, struct spool_state *state)
{
    uint64_t gaps = gaps_count(spool->gaps);

    pthread_mutex_lock(&spool->lock);
    *state = spool->state;
    state->gaps_waiting += gaps;
    state->oldest_us = state->entries > 0 ? times_oldest(&spool->times) : 0;
    pthread_mutex_unlock(&spool->lock);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* What is queued or being written counts too: it will be an entry. */
static int64_t until_written(const struct spool *spool)
{
    int64_t until = timestamp_now();

    if (spool->queue.counts[SPOOL_INTENT] > 0)
        until = earlier(until, spool->queue.oldest_us);
    if (spool->writing)
        until = earlier(until, spool->writing_us);
    return until;
}

int64_t spool_until_written(struct spool *spool)
{
    pthread_mutex_lock(&spool->lock);
    int64_t until = until_written(spool);
    pthread_mutex_unlock(&spool->lock);
    return until;
}

int64_t spool_until(struct spool *spool)
{
    pthread_mutex_lock(&spool->lock);
    int64_t until = until_written(spool);
    if (spool->state.entries > 0 && times_oldest(&spool->times) != 0)
        until = earlier(until, times_oldest(&spool->times));
    pthread_mutex_unlock(&spool->lock);
    return until;
}
