/* SPDX-License-Identifier: MIT */
/* The user that a request was made for, from its Authorization header: RFC 5849 (OAuth 1.0a) and RFC 6750 (Bearer). */

#include <string.h>
#include <strings.h>

#include "headroom/engagement.h"

#define KEY_SIZE_MAX   255 /* bytes of a consumer key: what an event's `app` may have */
#define ID_DIGITS_MAX  19  /* of 2^63 - 1 */
#define TOKEN_MISSING  (-1)
#define TOKEN_NO_OWNER 0

/* The header's rest, which each step shortens. */
struct cursor {
    const char *at;
    const char *end;
};

/* What the parameters told. The token itself is not among it. */
struct parameters {
    const unsigned char *digest_key; /* NULL: no digest is wanted */
    int64_t owner;                   /* of the token; TOKEN_MISSING, TOKEN_NO_OWNER */
    unsigned char digest[DIGEST_SIZE];
    struct str consumer_key;
};

/* A parameter that the owner depends on, in the header's own bytes. */
struct parameter {
    struct str name;
    struct str value;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void skip_blanks(struct cursor *cursor)
{
    while (cursor->at < cursor->end && is_blank(*cursor->at))
        cursor->at++;
}

static bool take(struct cursor *cursor, char c)
{
    if (cursor->at == cursor->end || *cursor->at != c)
        return false;
    cursor->at++;
    return true;
}

/* ---- percent-encoding: RFC 5849 section 3.6 ---- */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Takes the next decoded byte; false where the encoding is broken, or where RFC 5849 would have encoded it. */
static bool next_byte(struct str *text, char *byte)
{
    *byte = text->data[0];
    size_t size = 1;

    if (*byte == '%') {
        int high = text->size > 2 ? hex_value(text->data[1]) : -1;
        int low = text->size > 2 ? hex_value(text->data[2]) : -1;
        if (high < 0 || low < 0)
            return false;
        *byte = (char)(high * 16 + low);
        size = 3;
    }
    text->data += size;
    text->size -= size;
    return *byte > ' ' && *byte < 0x7F && *byte != '\\';
}

/* Decodes up to size bytes into out; false when there are more, or when the encoding is broken. */
MUST_CHECK static bool decode(struct str text, char *out, size_t size, size_t *decoded)
{
    for (*decoded = 0; text.size > 0; (*decoded)++)
        if (*decoded == size || !next_byte(&text, &out[*decoded]))
            return false;
    return true;
}

static bool is_named(struct str name, const char *wanted)
{
    char decoded[sizeof("oauth_consumer_key")];
    size_t size = 0;

    if (name.size == 0 || memchr(name.data, '%', name.size) == NULL)
        return str_equal(name, str_of(wanted));
    return decode(name, decoded, sizeof(decoded), &size) && str_equal((struct str){decoded, size}, str_of(wanted));
}

/* ---- the two parameters ---- */

/* Of the decoded token, so that one token has one digest however it is encoded. */
static void digest_token(struct str value, const unsigned char *key, unsigned char digest[DIGEST_SIZE])
{
    struct hmac *hmac = hmac_new(key, DIGEST_SIZE);
    char piece[64];
    size_t size = 0;

    while (value.size > 0 && next_byte(&value, &piece[size])) {
        if (++size < sizeof(piece) && value.size > 0)
            continue;
        hmac_add(hmac, piece, size);
        size = 0;
    }
    hmac_end(hmac, digest);
    explicit_bzero(piece, sizeof(piece));
}

/* The user id before a token's first '-'. Not a byte of what is behind it is kept. */
MUST_CHECK static bool read_owner(struct str value, int64_t *owner)
{
    char digits[ID_DIGITS_MAX + 1];
    size_t count = 0, behind = 0;
    bool in_front = true, good = value.size > 0;
    char byte;

    while (good && value.size > 0) {
        good = next_byte(&value, &byte);
        behind += in_front ? 0 : 1;
        in_front = in_front && byte != '-';
        if (in_front && count < sizeof(digits))
            digits[count++] = byte;
    }
    if (behind == 0 || !str_to_int64((struct str){digits, count}, 1, INT64_MAX, owner))
        *owner = TOKEN_NO_OWNER;
    explicit_bzero(digits, sizeof(digits)); /* of a token that names nobody they are its first bytes */
    return good;
}

MUST_CHECK static bool read_token(struct str value, struct parameters *parameters)
{
    if (!read_owner(value, &parameters->owner))
        return false;
    if (parameters->owner == TOKEN_NO_OWNER && parameters->digest_key != NULL)
        digest_token(value, parameters->digest_key, parameters->digest);
    return true;
}

/* A key that is none (too long for an event, or a token in the wrong place) is left out: it decides nothing. */
MUST_CHECK static bool read_key(struct str value, struct arena *arena, struct str *key)
{
    char decoded[KEY_SIZE_MAX];
    size_t size = 0;
    struct str found = {decoded, 0};

    *key = STR("");
    bool whole = decode(value, decoded, sizeof(decoded), &size);
    found.size = size;
    if (whole && !mask_refuses(found))
        *key = arena_copy(arena, found);
    explicit_bzero(decoded, sizeof(decoded)); /* it may be a token in the wrong place */
    return whole || size == sizeof(decoded);
}

/* Parameters must not come more than once (RFC 5849 section 3.1): which one would count? */
MUST_CHECK static bool keep(const struct parameter *parameter, struct arena *arena, struct parameters *parameters)
{
    if (is_named(parameter->name, "oauth_token") && parameter->value.size > 0)
        return parameters->owner == TOKEN_MISSING && read_token(parameter->value, parameters);
    if (is_named(parameter->name, "oauth_consumer_key"))
        return parameters->consumer_key.data == NULL && read_key(parameter->value, arena, &parameters->consumer_key);
    return true;
}

/* ---- the header ---- */

/* A value in quotes; a realm may hold a quote behind a backslash (RFC 9110, section 5.6.4). */
MUST_CHECK static bool take_quoted(struct cursor *cursor, struct str *value)
{
    *value = (struct str){cursor->at, 0};
    for (; cursor->at < cursor->end && *cursor->at != '"'; cursor->at++)
        if (*cursor->at == '\\' && ++cursor->at == cursor->end)
            return false;
    value->size = (size_t)(cursor->at - value->data);
    return take(cursor, '"');
}

static bool is_one_of(char c, const char *chars)
{
    while (*chars != '\0' && *chars != c)
        chars++;
    return *chars == c; /* a NUL is one, as it is no text */
}

/* Bytes up to a blank or one of `ends`. */
static struct str take_bare(struct cursor *cursor, const char *ends)
{
    struct str bare = {cursor->at, 0};

    while (cursor->at < cursor->end && !is_blank(*cursor->at) && !is_one_of(*cursor->at, ends))
        cursor->at++;
    bare.size = (size_t)(cursor->at - bare.data);
    return bare;
}

/* name="value": the quotes may be missing, as the vendor's own parser takes it. */
MUST_CHECK static bool take_parameter(struct cursor *cursor, struct parameter *parameter)
{
    parameter->name = take_bare(cursor, "=,\"");
    skip_blanks(cursor);
    if (parameter->name.size == 0 || !take(cursor, '='))
        return false;
    skip_blanks(cursor);
    if (!take(cursor, '"'))
        parameter->value = take_bare(cursor, ",\"");
    else if (!take_quoted(cursor, &parameter->value))
        return false;
    skip_blanks(cursor);
    return cursor->at == cursor->end || *cursor->at == ',';
}

MUST_CHECK static bool read_parameters(struct cursor *cursor, struct arena *arena, struct parameters *parameters)
{
    struct parameter parameter;

    for (;;) {
        skip_blanks(cursor);
        if (take(cursor, ','))
            continue;
        if (cursor->at == cursor->end)
            return parameters->owner != TOKEN_MISSING || parameters->consumer_key.size > 0;
        if (!take_parameter(cursor, &parameter) || !keep(&parameter, arena, parameters))
            return false;
    }
}

static void read_oauth(struct cursor *cursor, const unsigned char *digest_key, struct arena *arena,
                       struct authorization *authorization)
{
    struct parameters parameters = {.digest_key = digest_key, .owner = TOKEN_MISSING};

    if (!read_parameters(cursor, arena, &parameters))
        return;
    authorization->kind = parameters.owner > 0                 ? AUTHORIZATION_USER
                          : parameters.owner == TOKEN_NO_OWNER ? AUTHORIZATION_PROVISIONAL
                                                               : AUTHORIZATION_APP;
    authorization->user_id = parameters.owner > 0 ? parameters.owner : 0;
    memcpy(authorization->token_digest, parameters.digest, DIGEST_SIZE);
    if (parameters.consumer_key.size > 0)
        authorization->consumer_key = parameters.consumer_key;
}

/* A header is one line of text (RFC 9110, section 5.5). */
static bool has_control(struct str header)
{
    for (size_t i = 0; i < header.size; i++) {
        unsigned char c = (unsigned char)header.data[i];
        if ((c < ' ' && c != '\t') || c == 0x7F)
            return true;
    }
    return false;
}

static bool is_scheme(struct str word, const char *name)
{
    return word.size == strlen(name) && strncasecmp(word.data, name, word.size) == 0;
}

void authorization_read_keyed(struct str header, const unsigned char key[DIGEST_SIZE], struct arena *arena,
                              struct authorization *authorization)
{
    struct str text = str_trim(header);

    *authorization = (struct authorization){.kind = AUTHORIZATION_NONE};
    if (text.size == 0)
        return;
    authorization->kind = AUTHORIZATION_OTHER;
    if (has_control(text))
        return;

    struct cursor cursor = {text.data, text.data + text.size};
    struct str scheme = take_bare(&cursor, ",");
    skip_blanks(&cursor);
    if (is_scheme(scheme, "oauth"))
        read_oauth(&cursor, key, arena, authorization);
    else if (is_scheme(scheme, "bearer") && cursor.at < cursor.end)
        authorization->kind = AUTHORIZATION_APP;
}

void authorization_read(struct str header, struct arena *arena, struct authorization *authorization)
{
    authorization_read_keyed(header, NULL, arena, authorization);
}
