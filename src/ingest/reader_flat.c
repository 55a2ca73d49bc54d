/* SPDX-License-Identifier: MIT */
/* Walks over the members of a plain JSON object; gives unusual values to jansson and leaves unusual lines to it. */
#include "ingest/reader_flat.h"

#include <string.h>

#include "ingest/reader_format.h"

#define DEPTH_MAX 100 /* far below jansson's own limit, which counts from the line's beginning */

/* What is left of the line. */
struct walk {
    const char *at, *end;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(struct walk *walk)
{
    while (walk->at < walk->end && is_blank(*walk->at))
        walk->at++;
}

/* Steps over c and the blanks behind it. */
static bool take(struct walk *walk, char c)
{
    if (walk->at == walk->end || *walk->at != c)
        return false;
    walk->at++;
    skip_blanks(walk);
    return true;
}

/* Whether c goes on with a text: not its quote, no escape, and no control character, which JSON has in no text. */
static bool is_plain(char c)
{
    return (unsigned char)c >= ' ' && c != '"' && c != '\\';
}

/* Finds the closing quote of the text that opens at `at`; NULL when there is none. */
static const char *closing_quote(const char *at, const char *end, bool *escaped)
{
    *escaped = false;
    for (at++; at < end; at += 2) {
        while (at < end && is_plain(*at))
            at++;
        if (at == end || *at != '\\')
            break;
        *escaped = true;
        if (at + 1 == end)
            return NULL;
    }
    return at < end && *at == '"' ? at : NULL;
}

/* Where the object or array that opens at `at` closes: behind its bracket. Which bracket closes which is jansson's. */
static const char *closing_bracket(const char *at, const char *end)
{
    int depth = 0;
    bool escaped;

    for (; at != NULL && at < end; at++) {
        if (*at == '"' && (at = closing_quote(at, end, &escaped)) == NULL)
            return NULL;
        if ((*at == '{' || *at == '[') && ++depth > DEPTH_MAX)
            return NULL;
        if ((*at == '}' || *at == ']') && --depth == 0)
            return at + 1;
    }
    return NULL;
}

/* Where the number or word at `at` ends. */
static const char *scalar_end(const char *at, const char *end)
{
    while (at < end && *at != ',' && *at != '}' && !is_blank(*at))
        at++;
    return at;
}

static bool read_by_jansson(struct flat_member *member, struct str text)
{
    member->json = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
    if (member->json == NULL)
        return false;
    member->value = value_of_json(member->json);
    return true;
}

static bool read_text(struct walk *walk, struct flat_member *member)
{
    bool escaped;
    const char *quote = closing_quote(walk->at, walk->end, &escaped);
    if (quote == NULL)
        return false;

    struct str whole = {walk->at, (size_t)(quote + 1 - walk->at)};
    walk->at = quote + 1;
    if (escaped)
        return read_by_jansson(member, whole);
    if (whole.size > 2)
        member->value = (struct value){.kind = VALUE_TEXT, .text = {whole.data + 1, whole.size - 2}};
    return true;
}

/* A whole number as JSON writes it: no leading zero, no "-0". */
static bool is_whole_number(struct str text, int64_t *number)
{
    size_t sign = text.data[0] == '-' ? 1 : 0;

    if (text.size > sign && text.data[sign] == '0' && text.size > 1)
        return false;
    return str_to_int64(text, INT64_MIN, INT64_MAX, number);
}

static bool read_scalar(struct walk *walk, struct flat_member *member)
{
    struct str text = {walk->at, (size_t)(scalar_end(walk->at, walk->end) - walk->at)};
    int64_t number;

    if (text.size == 0)
        return false;
    walk->at += text.size;
    if (str_equal(text, STR("null")))
        return true;
    if (is_whole_number(text, &number)) {
        member->value = (struct value){.kind = VALUE_INTEGER, .integer = number};
        return true;
    }
    return read_by_jansson(member, text);
}

static bool read_value(struct walk *walk, struct flat_member *member)
{
    if (walk->at == walk->end)
        return false;
    if (*walk->at == '"')
        return read_text(walk, member);
    if (*walk->at != '{' && *walk->at != '[')
        return read_scalar(walk, member);

    struct str nested = {walk->at, 0};
    walk->at = closing_bracket(walk->at, walk->end);
    if (walk->at == NULL)
        return false;
    nested.size = (size_t)(walk->at - nested.data);
    return read_by_jansson(member, nested);
}

static bool read_key(struct walk *walk, struct flat_member *member)
{
    bool escaped;

    if (walk->at == walk->end || *walk->at != '"')
        return false;
    const char *quote = closing_quote(walk->at, walk->end, &escaped);
    if (quote == NULL || escaped)
        return false;
    member->key = (struct str){walk->at + 1, (size_t)(quote - walk->at - 1)};
    walk->at = quote + 1;
    skip_blanks(walk);
    return take(walk, ':');
}

/* Whether a key came before. `seen` has a bit for each hash value met, so that most keys are compared with none. */
static bool is_repeated(const struct flat *flat, struct str key, uint64_t *seen)
{
    size_t hash = key.size;
    if (key.size > 0)
        hash += (unsigned char)key.data[0] * 7u + (unsigned char)key.data[key.size - 1] * 31u;

    uint64_t bit = UINT64_C(1) << (hash & 63);
    bool maybe = (*seen & bit) != 0;
    *seen |= bit;
    for (size_t i = 0; maybe && i < flat->count; i++) {
        if (str_equal(flat->members[i].key, key))
            return true;
    }
    return false;
}

static bool read_members(struct flat *flat, struct walk *walk)
{
    uint64_t seen = 0;

    do {
        if (flat->count == FLAT_MAX)
            return false;
        struct flat_member *member = &flat->members[flat->count];
        *member = (struct flat_member){.value.kind = VALUE_ABSENT};
        if (!read_key(walk, member) || is_repeated(flat, member->key, &seen) || !read_value(walk, member))
            return false;
        flat->count++;
        skip_blanks(walk);
    } while (take(walk, ','));
    return true;
}

bool flat_read(struct flat *flat, struct str line)
{
    struct walk walk = {line.data, line.data + line.size};

    flat->count = 0;
    skip_blanks(&walk);
    if (take(&walk, '{') && read_members(flat, &walk) && take(&walk, '}') && walk.at == walk.end)
        return true;
    flat_clear(flat);
    return false;
}

void flat_clear(struct flat *flat)
{
    for (size_t i = 0; i < flat->count; i++)
        json_decref(flat->members[i].json);
    flat->count = 0;
}
