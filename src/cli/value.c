/* SPDX-License-Identifier: MIT */
/* Checks values from the command line as texts, so that no decimal ever passes through a float. */

#include "cli/value.h"

#include <stdlib.h>
#include <string.h>

#define DIGITS        "0123456789"
#define PRICE_DIGITS  12
#define NAME_SIZE_MAX 100
#define REASON_MAX    1000 /* bytes */

size_t value_decimals(const char *price)
{
    const char *point = strchr(price, '.');
    return point != NULL ? strlen(point + 1) : 0;
}

bool value_price(const char *option, const char *text, struct error *err)
{
    size_t whole, decimals;
    if (text[0] == '-' && given_decimal(text + 1, &whole, &decimals))
        return fail(err, EXIT_USAGE, "--%s %s: a price cannot be negative", option, text);
    if (strchr(text, ',') != NULL)
        return fail(err, EXIT_USAGE,
                    "--%s '%s' is no price: write it with a decimal point and without separators, as "
                    "2.50",
                    option, text);
    if (!given_decimal(text, &whole, &decimals))
        return fail(err, EXIT_USAGE, "--%s '%s' is no price: write it as decimal digits, as 2.50", option, text);
    whole -= strspn(text, "0") < whole ? strspn(text, "0") : whole;
    if (whole > PRICE_DIGITS)
        return fail(err, EXIT_USAGE, "--%s %s is too big: a price has at most %d digits before the point", option, text,
                    PRICE_DIGITS);
    if (decimals > PRICE_DIGITS)
        return fail(err, EXIT_USAGE, "--%s %s has %zu decimals: a price has at most %d, which are kept exactly", option,
                    text, decimals, PRICE_DIGITS);
    return true;
}

bool value_date(const char *option, const char *text, struct error *err)
{
    const char *fault = given_date_fault(text);
    return fault == NULL || fail(err, EXIT_USAGE, "--%s '%s' %s", option, text, fault);
}

bool value_time(const char *option, const char *text, struct value_time *time, struct error *err)
{
    const char *why = NULL;
    int64_t us;
    time->at = time->date = NULL;
    if (text == NULL)
        return true;
    if (strlen(text) == strlen("2026-10-31")) {
        time->date = text;
        return value_date(option, text, err);
    }
    if (!timestamp_parse(str_of(text), &us, &why))
        return fail(err, EXIT_USAGE, "--%s '%s': %s; write it as 2026-10-31T12:00:00Z or 2026-10-31", option, text,
                    why);
    time->at = timestamp_format(us, time->text);
    return true;
}

bool value_time_is_given(const struct value_time *time)
{
    return time->at != NULL || time->date != NULL;
}

bool value_count(const char *option, const char *text, int64_t min, int64_t max, struct error *err)
{
    int64_t value;
    if (str_to_int64(str_of(text), min, max, &value))
        return true;
    bool negative = text[0] == '-' && text[1] != '\0' && text[1 + strspn(text + 1, DIGITS)] == '\0';
    bool digits = text[0] != '\0' && text[strspn(text, DIGITS)] == '\0';
    if (negative)
        return fail(err, EXIT_USAGE, "--%s %s: it cannot be negative", option, text);
    if (digits)
        return fail(err, EXIT_USAGE, "--%s %s is out of range: %lld to %lld", option, text, (long long)min,
                    (long long)max);
    return fail(err, EXIT_USAGE, "--%s '%s' is no whole number; write it in digits only", option, text);
}

/* ---- numbers with a unit ---- */

struct unit {
    const char *name;
    uint64_t factor;
};

/* The largest unit of which it is a whole number, for a person. */
static const char *with_unit(uint64_t value, const struct unit *units, size_t count, char shown[32])
{
    size_t best = 0;
    for (size_t i = 0; i < count; i++)
        if (value % units[i].factor == 0 && units[i].factor > units[best].factor)
            best = i;
    snprintf(shown, 32, "%llu%s", (unsigned long long)(value / units[best].factor), units[best].name);
    return shown;
}

static bool read_unit(const char *text, const struct unit *units, size_t count, uint64_t *value)
{
    struct str digits = {text, strspn(text, DIGITS)};
    int64_t number;
    if (!str_to_int64(digits, 0, INT64_MAX, &number))
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(text + digits.size, units[i].name) == 0)
            return !__builtin_mul_overflow((uint64_t)number, units[i].factor, value);
    return false;
}

static bool in_range(const char *option, const char *text, const uint64_t range[2], uint64_t value,
                     const struct unit *units, size_t count, struct error *err)
{
    char from[32], to[32];
    return (value >= range[0] && value <= range[1]) ||
           fail(err, EXIT_USAGE, "--%s %s is out of range: %s to %s", option, text,
                with_unit(range[0], units, count, from), with_unit(range[1], units, count, to));
}

bool value_size(const char *option, const char *text, uint64_t min, uint64_t max, uint64_t *bytes, struct error *err)
{
    static const struct unit units[] = {
        {"", 1}, {"K", UINT64_C(1) << 10}, {"M", UINT64_C(1) << 20}, {"G", UINT64_C(1) << 30}};
    if (!read_unit(text, units, ARRAY_LENGTH(units), bytes))
        return fail(err, EXIT_USAGE, "--%s '%s' is no size: write it as 64K, 1M or 2G, or in bytes", option, text);
    return in_range(option, text, (const uint64_t[]){min, max}, *bytes, units, ARRAY_LENGTH(units), err);
}

bool value_span(const char *option, const char *text, int64_t min_us, int64_t max_us, int64_t *us, struct error *err)
{
    static const struct unit units[] = {{"ms", 1000},
                                        {"s", 1000000},
                                        {"m", UINT64_C(60000000)},
                                        {"h", UINT64_C(3600000000)},
                                        {"d", UINT64_C(86400000000)}};
    uint64_t value;
    if (!read_unit(text, units, ARRAY_LENGTH(units), &value))
        return fail(err, EXIT_USAGE, "--%s '%s' is no span: write it as 500ms, 10s, 5m, 2h or 7d", option, text);
    *us = (int64_t)value;
    return in_range(option, text, (const uint64_t[]){(uint64_t)min_us, (uint64_t)max_us}, value, units,
                    ARRAY_LENGTH(units), err);
}

#define HUNDREDTH_DIGITS 2
#define PER_CENT_DIGITS  9 /* before the point: so that they always fit */

/* "82.5" is 8250 hundredths. */
static int64_t hundredths_of(const char *text, size_t decimals)
{
    char *behind;
    int64_t value = strtoll(text, &behind, 10) * 100;
    if (decimals > 0)
        value += strtoll(behind + 1, NULL, 10) * (decimals == 1 ? 10 : 1);
    return value;
}

bool value_per_cent(const char *option, const char *text, int64_t min, int64_t max, int64_t *hundredths,
                    struct error *err)
{
    size_t whole, decimals;
    if (given_decimal(text, &whole, &decimals) && whole <= PER_CENT_DIGITS && decimals <= HUNDREDTH_DIGITS) {
        *hundredths = hundredths_of(text, decimals);
        if (*hundredths >= min && *hundredths <= max)
            return true;
    }
    return fail(err, EXIT_USAGE,
                "--%s '%s' is no per cent %s %lld: write it in digits, with at most two decimals, as 80 or 82.5",
                option, text, min > 0 ? "above 0 and up to" : "from 0 to", (long long)max / 100);
}

bool value_choice(const char *option, const char *text, const char *const *choices, struct error *err)
{
    struct nearest nearest = {.word = text};
    struct buffer list;
    buffer_init(&list, 400);
    bool known = false;
    for (const char *const *choice = choices; *choice != NULL && !known; choice++) {
        known = strcmp(*choice, text) == 0;
        nearest_offer(&nearest, *choice);
        if (!buffer_format(&list, "%s%s", choice > choices ? ", " : "", *choice))
            break;
    }
    if (!known && nearest.best != NULL)
        (void)fail(err, EXIT_USAGE, "--%s '%s' is not known; did you mean %s? There are: %s", option, text,
                   nearest.best, list.data);
    else if (!known)
        (void)fail(err, EXIT_USAGE, "--%s '%s' is not known; there are: %s", option, text, list.data);
    buffer_free(&list);
    return known;
}

bool value_handle(const char *what, const char *text, char subject[HANDLE_MAX + 2], struct error *err)
{
    subject[0] = '@';
    return handle_normalise(str_of(text), subject + 1) ||
           fail(err, EXIT_USAGE, "%s '%s' is no handle: at most one leading @, then 1 to 20 of A-Z, a-z, 0-9 and _",
                what, text);
}

/* C0, DEL, and C1 as UTF-8 writes it. */
static bool has_control_character(const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at != 0; at++)
        if (*at < 0x20 || *at == 0x7F || (at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0))
            return true;
    return false;
}

bool value_name(const char *whose, const char *text, struct error *err)
{
    struct str name = str_of(text);
    if (name.size == 0)
        return fail(err, EXIT_USAGE, "the %s's name is empty", whose);
    if (!str_is_utf8(name) || has_control_character(text))
        return fail(err, EXIT_USAGE,
                    "the %s's name holds control characters or is not UTF-8; choose one that can be read and typed",
                    whose);
    if (str_trim(name).size != name.size)
        return fail(err, EXIT_USAGE, "the %s's name '%s' has blanks at its ends; leave them out", whose, text);
    if (name.size > NAME_SIZE_MAX)
        return fail(err, EXIT_USAGE, "the %s's name is too long: %zu bytes, at most %d", whose, name.size,
                    NAME_SIZE_MAX);
    return true;
}

bool value_reason(const char *reason, struct error *err)
{
    const char *fault;

    if (reason == NULL)
        return fail(err, EXIT_USAGE, "--reason is missing: the record says why");
    fault = str_trim(str_of(reason)).size == 0 ? "is empty" : given_text_fault(str_of(reason), REASON_MAX);
    return fault == NULL || fail(err, EXIT_USAGE, "--reason %s; give 1 to %d bytes of plain text", fault, REASON_MAX);
}
