/* SPDX-License-Identifier: MIT */
/* Unpacks a body by zlib, piece by piece: a bomb meets the ceiling after a bounded time, in bounded memory. */

#include "gateway/unpack.h"

#include <stdlib.h>
#include <strings.h>
#include <zlib.h>

#define GZIP_ONLY  (15 + 16) /* zlib's window bits: a gzip member and nothing else */
#define PIECE_SIZE 16384

struct unpack {
    size_t ceiling, packed, unpacked;
    unpacked_fn *hand_on;
    void *context;
    bool coded; /* a coding was told */
    bool gzip;  /* and it is this one */
    bool given_up;
    bool open; /* a gzip member has begun and not ended */
    z_stream *zlib;
};

struct unpack *unpack_new(size_t ceiling, unpacked_fn *unpacked, void *context)
{
    struct unpack *unpack = mem_alloc(sizeof(*unpack));

    unpack->ceiling = ceiling;
    unpack->hand_on = unpacked;
    unpack->context = context;
    return unpack;
}

void unpack_free(struct unpack *unpack)
{
    if (unpack == NULL)
        return;
    if (unpack->zlib != NULL)
        inflateEnd(unpack->zlib);
    free(unpack->zlib);
    free(unpack);
}

static bool is_word(struct str text, struct str word)
{
    return text.size == word.size && strncasecmp(text.data, word.data, word.size) == 0;
}

void unpack_coding(struct unpack *unpack, struct str coding)
{
    struct str name = str_trim(coding);

    unpack->given_up = unpack->given_up || unpack->coded;
    unpack->coded = true;
    unpack->gzip = is_word(name, STR("gzip")) || is_word(name, STR("x-gzip"));
    if (!unpack->gzip && name.size > 0 && !is_word(name, STR("identity")))
        unpack->given_up = true;
}

static bool is_within(struct unpack *unpack, size_t *used, size_t more)
{
    if (more > unpack->ceiling - *used)
        return false;
    *used += more;
    return true;
}

static bool hand_on(struct unpack *unpack, struct str bytes)
{
    if (!is_within(unpack, &unpack->unpacked, bytes.size))
        return false;
    if (bytes.size > 0)
        unpack->hand_on(unpack->context, bytes);
    return true;
}

static bool start(struct unpack *unpack)
{
    if (unpack->zlib != NULL)
        return true;
    unpack->zlib = mem_alloc(sizeof(*unpack->zlib));
    return inflateInit2(unpack->zlib, GZIP_ONLY) == Z_OK;
}

/* Members may follow each other (RFC 1952, section 2.2). */
static bool inflate_all(struct unpack *unpack, struct str bytes)
{
    unsigned char piece[PIECE_SIZE];
    z_stream *zlib = unpack->zlib;
    int result = Z_OK;

    zlib->next_in = (Bytef *)(uintptr_t)bytes.data;
    zlib->avail_in = (uInt)bytes.size;
    while (zlib->avail_in > 0 || zlib->avail_out == 0) {
        zlib->next_out = piece;
        zlib->avail_out = sizeof(piece);
        unpack->open = true;
        result = inflate(zlib, Z_NO_FLUSH);
        if (result == Z_BUF_ERROR) /* it needs more than there is */
            return true;
        if ((result != Z_OK && result != Z_STREAM_END) ||
            !hand_on(unpack, (struct str){(const char *)piece, sizeof(piece) - zlib->avail_out}))
            return false;
        if (result == Z_STREAM_END) {
            unpack->open = false;
            if (inflateReset(zlib) != Z_OK)
                return false;
            zlib->avail_out = 1; /* nothing of this member waits */
        }
    }
    return true;
}

void unpack_add(struct unpack *unpack, struct str bytes)
{
    bool good = !unpack->given_up && is_within(unpack, &unpack->packed, bytes.size);

    if (good && unpack->gzip)
        good = start(unpack) && inflate_all(unpack, bytes);
    else if (good)
        good = hand_on(unpack, bytes);
    unpack->given_up = !good;
}

bool unpack_is_whole(const struct unpack *unpack)
{
    return !unpack->given_up && !unpack->open;
}
