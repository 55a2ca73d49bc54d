/* SPDX-License-Identifier: MIT */
/* Keeps secrets out of what is stored and printed: masks them in raw lines, finds them in fields. */

#include <string.h>

#include "model/mask.h"

#define ROUNDS     8  /* at most, of masking what masking uncovered */
#define TOKEN_TAIL 20 /* an access token is a user id, '-' and at least so many letters and digits */

/* What makes a run of token characters a secret. */
struct random_rule {
    size_t size;    /* at least so many bytes, with an upper-case letter, a lower-case one and a digit among them */
    unsigned turns; /* at least so many upper-case letters right behind a lower-case one, or beside a digit */
};
static const struct random_rule in_raw_lines = {20, 0};
static const struct random_rule in_fields = {32, 3};

enum {
    UPPER = 1,
    LOWER = 2,
    DIGIT = 4,
    OTHER = 8
};

static unsigned kind_of(char c)
{
    if (c >= 'a' && c <= 'z')
        return LOWER;
    if (c >= 'A' && c <= 'Z')
        return UPPER;
    if (c >= '0' && c <= '9')
        return DIGIT;
    return c != '\0' && strchr("%_~+/=-", c) != NULL ? OTHER : 0;
}

static bool is_turn(unsigned before, unsigned after)
{
    return (after == UPPER && (before & (LOWER | DIGIT)) != 0) || (after == DIGIT && before == UPPER);
}

static bool is_random(struct str run, const struct random_rule *rule)
{
    unsigned seen = 0, before = 0, turns = 0;

    if (run.size < rule->size)
        return false;
    for (size_t i = 0; i < run.size; i++) {
        unsigned kind = kind_of(run.data[i]);
        turns += is_turn(before, kind);
        seen |= kind;
        before = kind;
    }
    return (seen & (UPPER | LOWER | DIGIT)) == (UPPER | LOWER | DIGIT) && turns >= rule->turns;
}

/* Whether a word can begin here: not behind a letter, except one that belongs to %3D or the like. */
static bool is_word_start(struct str run, size_t at)
{
    if (at == 0 || (kind_of(run.data[at - 1]) & (LOWER | UPPER)) == 0)
        return true;
    return (at >= 3 && run.data[at - 3] == '%') || (at >= 2 && run.data[at - 2] == '%');
}

/* The access token in a run, if there is one: digits, '-' and the tail. */
static bool find_access_token(struct str run, struct span *found)
{
    for (size_t dash = 1; dash + TOKEN_TAIL < run.size; dash++) {
        if (run.data[dash] != '-' || kind_of(run.data[dash - 1]) != DIGIT)
            continue;
        size_t start = dash, end = dash + 1;
        while (start > 0 && kind_of(run.data[start - 1]) == DIGIT)
            start--;
        while (end < run.size && (kind_of(run.data[end]) & (LOWER | UPPER | DIGIT)) != 0)
            end++;
        if (end - dash - 1 >= TOKEN_TAIL && is_word_start(run, start)) {
            *found = (struct span){start, end};
            return true;
        }
    }
    return false;
}

/* The end of the run of token characters at `at`. JSON may write a slash as \/. */
static size_t end_of_run(struct str text, size_t at)
{
    while (at < text.size) {
        if (kind_of(text.data[at]) != 0)
            at++;
        else if (text.data[at] == '\\' && at + 1 < text.size && text.data[at + 1] == '/')
            at += 2;
        else
            break;
    }
    return at;
}

/* The first secret at or after `from` that shows by its own shape. */
static bool find_shaped(struct str text, size_t from, const struct random_rule *rule, struct span *found)
{
    for (size_t at = from; at < text.size; at++) {
        size_t end = end_of_run(text, at);
        struct str run = {text.data + at, end - at};
        if (is_random(run, rule)) {
            *found = (struct span){at, end};
            return true;
        }
        if (find_access_token(run, found)) {
            found->start += at;
            found->end += at;
            return true;
        }
        at = end;
    }
    return false;
}

/* A name announces nothing without one of these behind it, and most fields have none: that saves the longer look. */
static bool may_announce(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c <= ' ' || c == ':' || c == '=' || c == '%' || c == '+' || c == '>' || c == '\\' || c == 0x7F)
            return true;
    }
    return false;
}

static bool holds_secret(struct str text, const struct random_rule *rule)
{
    struct span found;

    return find_shaped(text, 0, rule, &found) || (may_announce(text) && mask_find_named(text, 0, &found));
}

bool mask_needed(struct str text)
{
    return holds_secret(text, &in_raw_lines);
}

bool mask_refuses(struct str text)
{
    return holds_secret(text, &in_fields);
}

static bool find_in_raw_line(struct str text, size_t from, struct span *found)
{
    return find_shaped(text, from, &in_raw_lines, found);
}

typedef bool find_fn(struct str text, size_t from, struct span *found);

/* A copy of text with each secret that `find` finds replaced; text itself when it finds none. */
static struct str replace(struct arena *arena, struct str text, find_fn *find)
{
    static const struct str masked = {"[masked]", 8};
    struct span found;
    size_t count = 0, done = 0, size = 0;

    for (size_t at = 0; find(text, at, &found); at = found.end)
        count++;
    if (count == 0)
        return text;

    char *copy = arena_alloc(arena, text.size + count * masked.size + 1);
    while (find(text, done, &found)) {
        memcpy(copy + size, text.data + done, found.start - done);
        size += found.start - done;
        memcpy(copy + size, masked.data, masked.size);
        size += masked.size;
        done = found.end;
    }
    memcpy(copy + size, text.data + done, text.size - done);
    size += text.size - done;
    copy[size] = '\0';
    return (struct str){copy, size};
}

/* text itself where there is nothing to mask. */
static struct str mask_once(struct arena *arena, struct str text)
{
    /* By name first: a run of token characters can hold a name, and would hide it. */
    return replace(arena, replace(arena, text, mask_find_named), find_in_raw_line);
}

struct str mask_secrets(struct arena *arena, struct str text)
{
    struct str masked = mask_once(arena, text);

    if (masked.data == text.data)
        return arena_copy(arena, text);
    /* In a broken line the mask itself can end what stood before a name, which then announces something. */
    for (int round = 1; round < ROUNDS && mask_needed(masked); round++)
        masked = mask_once(arena, masked);
    return masked;
}
