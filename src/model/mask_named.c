/* SPDX-License-Identifier: MIT */
/* Finds secrets by the word before them: headers, oauth_ parameters, tokens, in text, JSON, CSV and URL encoding. */

#include <string.h>

#include "model/mask.h"

/* How a word announces its value. */
enum kind {
    KIND_NONE,
    KIND_PARAMETER, /* oauth_token=…: one value behind a separator */
    KIND_HEADER,    /* Cookie: …: all of its line or its quotes */
    KIND_SCHEME,    /* Bearer …: one value behind a blank */
    KIND_OAUTH,     /* OAuth …: the same, but the word stands in prose too */
};

static const struct {
    struct str ending;
    enum kind kind;
} endings[] = {
    {{"authorization", 13}, KIND_HEADER}, {{"authorisation", 13}, KIND_HEADER}, {{"cookie", 6}, KIND_HEADER},
    {{"cookies", 7}, KIND_HEADER},        {{"bearer", 6}, KIND_SCHEME},         {{"token", 5}, KIND_PARAMETER},
    {{"secret", 6}, KIND_PARAMETER},      {{"password", 8}, KIND_PARAMETER},    {{"signature", 9}, KIND_PARAMETER},
};

/* One character of the text, whatever it is written as: itself, %3D (or %253D), or JSON's escape \u003d. */
struct character {
    unsigned char code;
    size_t size;
    bool plain; /* itself */
};

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that two hex digits at `at` give, or -1. */
static int hex_pair(struct str text, size_t at)
{
    if (at + 2 > text.size || hex_value(text.data[at]) < 0 || hex_value(text.data[at + 1]) < 0)
        return -1;
    return hex_value(text.data[at]) * 16 + hex_value(text.data[at + 1]);
}

static struct character character_at(struct str text, size_t at)
{
    struct character c = {(unsigned char)text.data[at], 1, true};
    size_t digits = at + 1;

    if (c.code == '%') {
        while (hex_pair(text, digits) == '%') /* encoded more than once: %253D, %25253D */
            digits += 2;
    } else if (c.code == '\\' && at + 6 <= text.size && memcmp(text.data + at, "\\u00", 4) == 0) {
        digits = at + 4;
    } else {
        return c;
    }

    int code = hex_pair(text, digits);
    if (code < 0)
        return c;
    return (struct character){(unsigned char)code, digits + 2 - at, false};
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_quote(unsigned char c)
{
    return c == '"' || c == '\'' || c == '`';
}

/* Blanks, and the control characters that a broken line is full of. */
static bool is_blank(unsigned char c)
{
    return c <= ' ' || c == 0x7F;
}

/* Compares without regard to case; word is in lower case. */
static bool same_word(const char *data, struct str word)
{
    for (size_t i = 0; i < word.size; i++)
        if ((data[i] | 0x20) != (word.data[i] | 0x20))
            return false;
    return true;
}

/* What was masked before is no secret: masking twice changes nothing. */
static bool is_masked(struct str text, size_t at)
{
    static const struct str masked = {"[masked]", 8};

    return text.size - at >= masked.size && memcmp(text.data + at, masked.data, masked.size) == 0;
}

static enum kind kind_of(struct str name)
{
    static const struct str prefix = {"oauth_", 6};

    /* Anywhere in the name, since an encoded quote can stand right before: %2522oauth_token. */
    for (size_t i = 0; i + prefix.size < name.size; i++)
        if (name.data[i + 5] == '_' && same_word(name.data + i, prefix))
            return KIND_PARAMETER;
    for (size_t i = 0; i < ARRAY_LENGTH(endings); i++) {
        struct str ending = endings[i].ending;
        if (name.size >= ending.size && same_word(name.data + name.size - ending.size, ending))
            return endings[i].kind;
    }
    return name.size == 5 && same_word(name.data, (struct str){"oauth", 5}) ? KIND_OAUTH : KIND_NONE;
}

/* What stands between a name and its value. */
struct opening {
    size_t at;      /* where the value begins */
    bool separated; /* by = or : or > */
    bool blank;     /* by a blank */
    bool key_quote; /* a quote ends the name */
    bool bracket;   /* the value is a list */
    bool escaped;   /* the value's quote is written \" */
    bool doubled;   /* the value's quote is written "" */
    char quote;     /* the value's plain quote, or 0 */
};

static void open_quote(struct opening *opening, struct str text, char quote)
{
    bool behind_separator = opening->separated || opening->blank;

    if (!behind_separator) {
        opening->key_quote = true;
        return;
    }
    opening->doubled = opening->quote == quote && text.data[opening->at - 1] == quote;
    opening->escaped = text.data[opening->at - 1] == '\\';
    opening->quote = quote;
}

/* Takes in one character between name and value; false when the value begins with it. */
static bool take_opening(struct opening *opening, struct str text, struct character c)
{
    if (is_quote(c.code)) {
        if (c.plain)
            open_quote(opening, text, (char)c.code);
    } else if (c.code == '=' || c.code == ':' || c.code == '>') {
        opening->separated = true;
    } else if (is_blank(c.code) || (c.code == '+' && !opening->separated)) {
        opening->blank = true;
    } else if (c.code == '[') {
        if (is_masked(text, opening->at))
            return false;
        opening->bracket = true;
    } else if (c.code != '\\') {
        return false;
    }
    return true;
}

static struct opening open_value(struct str text, size_t at)
{
    struct opening opening = {.at = at};

    while (opening.at < text.size) {
        struct character c = character_at(text, opening.at);
        if (!take_opening(&opening, text, c))
            break;
        opening.at += c.size;
    }
    return opening;
}

/* The end of a value whose quotes are themselves written inside quotes, as \" or "". */
static size_t end_of_nested(struct str text, size_t at, char quote)
{
    size_t start = at;

    while (at < text.size && text.data[at] != quote)
        at++;
    while (at > start && at < text.size && text.data[at - 1] == '\\')
        at--;
    return at;
}

/* The end of a value in quotes: the text's end when the line is broken before it. A quote behind a backslash, and a
 * doubled one as CSV has it, are in the value. */
static size_t end_of_quoted(struct str text, size_t at, char quote)
{
    for (; at < text.size; at++) {
        if (text.data[at] == '\\')
            at++;
        else if (text.data[at] == quote && at + 1 < text.size && text.data[at + 1] == quote)
            at++;
        else if (text.data[at] == quote)
            return at;
    }
    return text.size;
}

/* The end of a list's last value: before a quote and a bracket, else the line's end. */
static size_t end_of_list(struct str text, size_t at)
{
    size_t start = at;

    for (; at < text.size && text.data[at] != '\n'; at++)
        if (text.data[at] == ']' && at > start && is_quote((unsigned char)text.data[at - 1]))
            return at - 1;
    return at;
}

/* The end of a header's line; a line that begins with a blank continues it (RFC 9112, section 5.2). */
static size_t end_of_line(struct str text, size_t at)
{
    while (at < text.size) {
        if (text.data[at] == '\n' && (at + 1 == text.size || (text.data[at + 1] != ' ' && text.data[at + 1] != '\t')))
            return at > 0 && text.data[at - 1] == '\r' ? at - 1 : at;
        at++;
    }
    return at;
}

/* The end of a bare value. Bytes that are no text belong to it: a secret may be in there. */
static size_t end_of_bare(struct str text, size_t at)
{
    while (at < text.size && strchr(" \t\r\n\"'`,;&<>()]}\\|", text.data[at] != '\0' ? text.data[at] : 'x') == NULL)
        at++;
    return at;
}

/* The quote in which a whole header stands, name and all: -H 'Cookie: a=b'. */
static char quote_around(struct str text, size_t name)
{
    while (name > 0 && (is_name_byte(text.data[name - 1]) || text.data[name - 1] == '-'))
        name--;
    return name > 0 && is_quote((unsigned char)text.data[name - 1]) ? text.data[name - 1] : 0;
}

static size_t end_of_value(struct str text, size_t name, enum kind kind, const struct opening *opening)
{
    if (opening->bracket)
        return end_of_list(text, opening->at);
    if (opening->doubled && strchr(",}]\r\n", text.data[opening->at]) != NULL)
        return opening->at; /* "" and then the next thing: an empty value */
    if (opening->escaped || opening->doubled)
        return end_of_nested(text, opening->at, opening->quote);
    if (opening->quote != 0)
        return end_of_quoted(text, opening->at, opening->quote);
    if (kind != KIND_HEADER)
        return end_of_bare(text, opening->at);

    char quote = opening->key_quote ? 0 : quote_around(text, name);
    return quote != 0 ? end_of_quoted(text, opening->at, quote) : end_of_line(text, opening->at);
}

/* "OAuth" alone is also a word of prose: only what could be a token behind it counts. */
static bool looks_random(struct str value)
{
    bool digit = false;

    for (size_t i = 0; i < value.size; i++)
        digit = digit || (value.data[i] >= '0' && value.data[i] <= '9');
    return digit && value.size >= 8;
}

/* The value behind the name at [name.start, name.end), if it is one to mask. */
static bool find_value(struct str text, struct span name, struct span *found)
{
    enum kind kind = kind_of((struct str){text.data + name.start, name.end - name.start});
    if (kind == KIND_NONE)
        return false;

    struct opening opening = open_value(text, name.end);
    bool announced = opening.separated || (opening.blank && (kind == KIND_SCHEME || kind == KIND_OAUTH));
    if (!announced || opening.at == text.size || is_masked(text, opening.at))
        return false;

    struct str value = {text.data + opening.at, end_of_value(text, name.start, kind, &opening) - opening.at};
    if (value.size == 0 || (kind == KIND_OAUTH && !looks_random(value)))
        return false;
    *found = (struct span){opening.at, opening.at + value.size};
    return true;
}

bool mask_find_named(struct str text, size_t from, struct span *found)
{
    size_t at = from;

    while (at < text.size) {
        if (!is_name_byte(text.data[at])) {
            at += character_at(text, at).size;
            continue;
        }
        struct span name = {at, at};
        while (name.end < text.size && is_name_byte(text.data[name.end]))
            name.end++;
        if (find_value(text, name, found))
            return true;
        at = name.end;
    }
    return false;
}
