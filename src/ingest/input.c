/* SPDX-License-Identifier: MIT */
/* Bytes from a descriptor, through zlib when they begin with the magic of gzip. */
#include "ingest/input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "headroom/model.h"
#include "ingest/guard.h"

#define HELD_SIZE       ((size_t)128 << 10)
#define GZIP_MAGIC_SIZE 2
#define GZIP_WINDOW     (15 + 16) /* zlib: the largest window, and a gzip header is demanded */

enum kind {
    KIND_UNKNOWN, /* nothing read yet */
    KIND_PLAIN,
    KIND_GZIP,
    KIND_BROKEN, /* failed once: a second read must not go on in the middle */
};

#define STOP_LOOK_MS 100

struct input {
    const atomic_bool *stop; /* NULL: wait for ever */
    char *name;
    int fd;
    bool keep_open;
    bool is_piece;
    bool fd_ended;
    enum kind kind;
    size_t most;
    uint64_t done, total;
    uint64_t given;                /* decompressed bytes */
    unsigned char held[HELD_SIZE]; /* read from the descriptor, not yet given or inflated */
    size_t held_start, held_end;
    z_stream zlib;
    bool zlib_open;   /* zlib is to be ended */
    bool member_open; /* inside a gzip member: an end here is a truncation */
    struct guard guard;
    bool cut; /* the guard has told */
};

struct input *input_of(int fd, const char *name)
{
    struct input *input = mem_alloc(sizeof *input);

    input->name = mem_text(name);
    input->fd = fd;
    input->most = SIZE_MAX;

    struct stat status;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
        input->total = (uint64_t)status.st_size;
    guard_begin(&input->guard, fd);
    return input;
}

static bool open_path(struct input **input, const char *path, const char *name, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 && errno == ENOENT)
        return fail(err, EXIT_COMMAND, "%s: there is no such file; check the path ('-' is standard input)", name);
    if (fd < 0)
        return fail(err, EXIT_COMMAND, "%s: can't be opened: %s", name, strerror(errno));

    struct stat status;
    if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
        close(fd);
        return fail(err, EXIT_COMMAND, "%s: is a directory; name the files in it, for example %s/*.json", name, name);
    }
    *input = input_of(fd, name);
    return true;
}

bool input_open(struct input **input, const char *path, struct error *err)
{
    if (strcmp(path, "-") == 0) {
        *input = input_of(STDIN_FILENO, "standard input");
        (*input)->keep_open = true;
        return true;
    }
    char *name = given_file_name_copy(path);
    bool done = open_path(input, path, name, err);
    free(name);
    return done;
}

void input_close(struct input *input)
{
    if (input == NULL)
        return;
    if (input->zlib_open)
        inflateEnd(&input->zlib);
    if (!input->keep_open)
        close(input->fd);
    free(input->name);
    free(input);
}

void input_mark_piece(struct input *input)
{
    input->is_piece = true;
}

bool input_is_piece(const struct input *input)
{
    return input->is_piece;
}

void input_limit(struct input *input, size_t most)
{
    input->most = most;
}

const char *input_name(const struct input *input)
{
    return input->name;
}

bool input_was_cut(const struct input *input)
{
    return input->cut;
}

uint64_t input_bytes_done(const struct input *input)
{
    return input->done;
}

uint64_t input_bytes_total(const struct input *input)
{
    return input->total;
}

void input_stop_when(struct input *input, const atomic_bool *stop)
{
    input->stop = stop;
}

static bool input_is_stopped(const struct input *input)
{
    return input->stop != NULL && atomic_load(input->stop);
}

static size_t at_most(const struct input *input, size_t size)
{
    return size < input->most ? size : input->most;
}

/* Waits for something to read, looking now and then whether the waiting is to end: the signal that says so may
 * have gone to another thread. */
static bool await(const struct input *input, struct error *err)
{
    struct pollfd wait = {.fd = input->fd, .events = POLLIN};

    while (!input_is_stopped(input)) {
        if (poll(&wait, 1, STOP_LOOK_MS) > 0)
            return true;
    }
    return fail(err, EXIT_COMMAND, "%s: reading was ended after %" PRIu64 " bytes", input->name, input->done);
}

static bool fail_cut(struct input *input, struct error *err)
{
    input->cut = true;
    return fail(err, EXIT_COMMAND,
                "%s: was cut off or rewritten while it was read (%" PRIu64
                " bytes of it were read before); do it again when the file stays or only grows",
                input->name, input->done);
}

/* One read of the descriptor. A signal is no reason to stop, and a descriptor that somebody made non-blocking (a
 * shell may leave standard input so) is waited for. */
static bool read_descriptor(struct input *input, void *into, size_t size, size_t *got, struct error *err)
{
    for (;;) {
        if (!await(input, err))
            return false;
        ssize_t count = read(input->fd, into, at_most(input, size));
        if (count >= 0 && !guard_holds(&input->guard, into, (size_t)count))
            return fail_cut(input, err);
        if (count >= 0) {
            *got = (size_t)count;
            input->done += *got;
            input->fd_ended = count == 0;
            return true;
        }
        if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)
            return fail(err, EXIT_COMMAND, "%s: reading broke off after %" PRIu64 " bytes: %s", input->name,
                        input->done, strerror(errno));
    }
}

/* Reads more behind what is held; makes room first. Nothing is added at the end of the file. */
static bool hold_more(struct input *input, struct error *err)
{
    size_t held = input->held_end - input->held_start;
    size_t got = 0;

    memmove(input->held, input->held + input->held_start, held);
    input->held_start = 0;
    input->held_end = held;
    if (!read_descriptor(input, input->held + held, sizeof input->held - held, &got, err))
        return false;
    input->held_end += got;
    return true;
}

static bool fail_gzip(struct input *input, const char *what, struct error *err)
{
    return fail(err, EXIT_COMMAND,
                "%s: the gzip data %s after %" PRIu64 " bytes (%" PRIu64
                " bytes decompressed); get the file again and take it in anew",
                input->name, what, input->done - (input->held_end - input->held_start), input->given);
}

/* Looks at the first bytes; a pipe may give them one by one. */
static bool recognise(struct input *input, struct error *err)
{
    while (!input->fd_ended && input->held_end < GZIP_MAGIC_SIZE) {
        if (!hold_more(input, err))
            return false;
    }
    if (input->held_end < GZIP_MAGIC_SIZE || input->held[0] != 0x1f || input->held[1] != 0x8b) {
        input->kind = KIND_PLAIN;
        return true;
    }
    input->kind = KIND_GZIP;
    if (inflateInit2(&input->zlib, GZIP_WINDOW) != Z_OK)
        return fail_gzip(input, "can't be decompressed (out of memory)", err);
    input->zlib_open = true;
    input->member_open = true;
    return true;
}

static bool read_plain(struct input *input, void *into, size_t size, size_t *got, struct error *err)
{
    size_t held = input->held_end - input->held_start;

    if (held == 0)
        return input->fd_ended ? true : read_descriptor(input, into, size, got, err);
    *got = at_most(input, held < size ? held : size);
    memcpy(into, input->held + input->held_start, *got);
    input->held_start += *got;
    return true;
}

/* Between two members: another one follows, or the end, or the zero bytes that tapes and block devices leave. */
static bool open_member(struct input *input, bool *ended, struct error *err)
{
    while (input->held_start < input->held_end && input->held[input->held_start] == 0)
        input->held_start++;
    *ended = input->fd_ended && input->held_start == input->held_end;
    if (*ended || input->held_start == input->held_end)
        return true;
    if (input->held[input->held_start] != 0x1f)
        return fail_gzip(input, "is followed by something that is no gzip", err);
    if (inflateReset(&input->zlib) != Z_OK)
        return fail_gzip(input, "can't be decompressed", err);
    input->member_open = true;
    return true;
}

static bool inflate_some(struct input *input, void *into, size_t size, size_t *got, struct error *err)
{
    z_stream *zlib = &input->zlib;

    zlib->next_in = input->held + input->held_start;
    zlib->avail_in = (uInt)(input->held_end - input->held_start);
    zlib->next_out = into;
    zlib->avail_out = (uInt)at_most(input, size < (1u << 30) ? size : (1u << 30));

    uInt room = zlib->avail_out;
    int result = inflate(zlib, Z_NO_FLUSH);

    *got = room - zlib->avail_out;
    input->given += *got;
    input->held_start = input->held_end - zlib->avail_in;
    if (result == Z_STREAM_END)
        input->member_open = false;
    else if (result != Z_OK && result != Z_BUF_ERROR)
        return fail_gzip(input, zlib->msg != NULL ? "is corrupt" : "can't be decompressed", err);
    return true;
}

/* zlib is asked before more is read: it may hold output, or the member's end, when all its input is eaten. */
static bool read_gzip(struct input *input, void *into, size_t size, size_t *got, struct error *err)
{
    bool ended = false;

    for (;;) {
        if (input->member_open ? !inflate_some(input, into, size, got, err) : !open_member(input, &ended, err))
            return false;
        if (*got > 0 || ended)
            return true;
        if (input->held_start < input->held_end)
            continue;
        if (input->fd_ended && input->member_open)
            return fail_gzip(input, "is cut off", err);
        if (!input->fd_ended && !hold_more(input, err))
            return false;
    }
}

bool input_read(struct input *input, void *into, size_t size, size_t *got, struct error *err)
{
    bool done = false;

    *got = 0;
    if (input->kind == KIND_BROKEN)
        return fail(err, EXIT_COMMAND, "%s: reading has failed before", input->name);
    if (input->kind == KIND_UNKNOWN && !recognise(input, err))
        goto out;
    done = input->kind == KIND_GZIP ? read_gzip(input, into, size, got, err) : read_plain(input, into, size, got, err);
out:
    if (!done)
        input->kind = KIND_BROKEN;
    return done;
}

/* ---- going to a place ---- */

bool input_file(const struct input *input, struct input_file *file)
{
    struct stat status;

    if (input->keep_open || fstat(input->fd, &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    *file = (struct input_file){(uint64_t)status.st_dev, (uint64_t)status.st_ino};
    return true;
}

/* Begins again at an offset of the file as it is on disk. */
static bool begin_at(struct input *input, uint64_t offset, struct error *err)
{
    if (lseek(input->fd, (off_t)offset, SEEK_SET) < 0)
        return fail(err, EXIT_COMMAND, "%s: can't go to byte %" PRIu64 ": %s", input->name, offset, strerror(errno));
    input->held_start = input->held_end = 0;
    input->fd_ended = false;
    input->done = offset;
    guard_move(&input->guard, offset);
    return true;
}

static bool skip_gzip(struct input *input, uint64_t offset, struct error *err)
{
    unsigned char *dropped = mem_alloc(HELD_SIZE);
    bool done = true;
    bool ended = false;

    while (done && !ended && input->given < offset) {
        uint64_t left = offset - input->given;
        size_t got = 0;
        done = read_gzip(input, dropped, left < HELD_SIZE ? (size_t)left : HELD_SIZE, &got, err);
        ended = got == 0;
    }
    free(dropped);
    if (done && input->given < offset)
        return fail(err, EXIT_COMMAND, "%s: ends at byte %" PRIu64 ", before byte %" PRIu64 ", to where it was read",
                    input->name, input->given, offset);
    return done;
}

static bool seek_gzip(struct input *input, uint64_t offset, struct error *err)
{
    if (offset < input->given) {
        if (inflateReset(&input->zlib) != Z_OK)
            return fail_gzip(input, "can't be decompressed", err);
        if (!begin_at(input, 0, err))
            return false;
        input->given = 0;
        input->member_open = true;
    }
    return skip_gzip(input, offset, err);
}

void input_look_again(struct input *input)
{
    if (input->kind != KIND_GZIP)
        input->fd_ended = false;
}

bool input_seek(struct input *input, uint64_t offset, struct error *err)
{
    bool done = false;

    if (input->kind == KIND_BROKEN)
        return fail(err, EXIT_COMMAND, "%s: reading has failed before", input->name);
    if (input->kind == KIND_UNKNOWN && !recognise(input, err))
        goto out;
    done = input->kind == KIND_GZIP ? seek_gzip(input, offset, err) : begin_at(input, offset, err);
out:
    if (!done)
        input->kind = KIND_BROKEN;
    return done;
}
