/* SPDX-License-Identifier: MIT */
/* A line's values become an identity, or a reason why not. */

#include "ingest/identities_form.h"

#include <stdarg.h>
#include <string.h>

#include "ingest/reader_format.h"

#define SHOWN_MAX 60
#define DAY_US    INT64_C(86400000000)

static const char *const column_names[IDENTITY_COLUMNS] = {"user_id", "handle", "from", "to"};

static const struct {
    struct str name;
    enum identity_column column;
} known_names[] = {
    {STR("user_id"), IDENTITY_USER_ID},    {STR("handle"), IDENTITY_HANDLE}, {STR("username"), IDENTITY_HANDLE},
    {STR("screen_name"), IDENTITY_HANDLE}, {STR("from"), IDENTITY_FROM},     {STR("to"), IDENTITY_TO},
};

const char *identity_column_name(enum identity_column column)
{
    return column_names[column];
}

enum identity_column identity_column_find(struct str name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(known_names); i++) {
        if (str_equal(name, known_names[i].name))
            return known_names[i].column;
    }
    return IDENTITY_UNKNOWN;
}

const char *identity_column_near(const char *name)
{
    struct nearest nearest = {.word = name};

    for (size_t i = 0; i < ARRAY_LENGTH(known_names); i++)
        nearest_offer(&nearest, known_names[i].name.data);
    return nearest.best;
}

/* ---- values ---- */

struct form {
    struct identity *identity;
    const struct value *values;
    char *why;
};

PRINTF_LIKE(2, 3) static bool refuse(struct form *form, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(form->why, IDENTITY_WHY_SIZE, format, arguments);
    va_end(arguments);
    return false;
}

static bool refuse_value(struct form *form, enum identity_column column, const char *allowed)
{
    const struct value *value = &form->values[column];
    struct arena *arena = arena_new();

    if (value->kind == VALUE_INTEGER)
        refuse(form, "%s is %lld: must be %s", column_names[column], (long long)value->integer, allowed);
    else if (value->kind == VALUE_JSON)
        refuse(form, "%s is no text: must be %s", column_names[column], allowed);
    else
        refuse(form, "%s is \"%s\": must be %s", column_names[column], text_to_show(arena, value->text, SHOWN_MAX),
               allowed);
    arena_free(arena);
    return false;
}

static bool take_user_id(struct form *form)
{
    const struct value *value = &form->values[IDENTITY_USER_ID];
    struct str digits = value->text;

    if (value->kind == VALUE_ABSENT)
        return refuse(form, "user_id is missing: who owned the handle");
    if (value->kind == VALUE_INTEGER && value->integer > 0) {
        form->identity->user_id = value->integer;
        return true;
    }
    while (value->kind == VALUE_TEXT && digits.size > 1 && digits.data[0] == '0')
        digits = (struct str){digits.data + 1, digits.size - 1};
    if (value->kind == VALUE_TEXT && str_to_int64(digits, 1, INT64_MAX, &form->identity->user_id))
        return true;
    return refuse_value(form, IDENTITY_USER_ID, "a whole number from 1 to 9223372036854775807, in digits");
}

static bool take_handle(struct form *form)
{
    const struct value *value = &form->values[IDENTITY_HANDLE];

    if (value->kind == VALUE_ABSENT)
        return refuse(form, "handle is missing: which handle the user owned");
    form->identity->subject[0] = '@';
    if (value->kind == VALUE_TEXT && handle_normalise(value->text, form->identity->subject + 1))
        return true;
    return refuse_value(form, IDENTITY_HANDLE, "text: at most one leading @, then 1 to 20 of A-Z, a-z, 0-9 and _");
}

/* "2026-10-31" and nothing else: an instant would need a zone, and the zone is the contract's. */
static bool read_day(struct str text, int32_t *day)
{
    static const char form[] = "dddd-dd-dd";
    char instant[TIMESTAMP_SIZE];
    const char *why;
    int64_t us;

    if (text.size != sizeof form - 1)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        bool digit = text.data[i] >= '0' && text.data[i] <= '9';
        if (form[i] == 'd' ? !digit : text.data[i] != form[i])
            return false;
    }
    snprintf(instant, sizeof instant, "%.10sT00:00:00Z", text.data);
    if (!timestamp_parse(str_of(instant), &us, &why))
        return false;
    *day = (int32_t)(us / DAY_US);
    return true;
}

static bool take_day(struct form *form, enum identity_column column, int32_t *day)
{
    const struct value *value = &form->values[column];

    *day = IDENTITY_NO_DAY;
    if (value->kind == VALUE_ABSENT || (value->kind == VALUE_TEXT && read_day(value->text, day)))
        return true;
    return refuse_value(form, column, "a date such as 2026-10-31, not before 2006-01-01");
}

static bool check_days(struct form *form)
{
    const struct identity *identity = form->identity;

    if (identity->from == IDENTITY_NO_DAY || identity->until == IDENTITY_NO_DAY || identity->from < identity->until)
        return true;
    return refuse(form, "to (%.10s) is not after from (%.10s): it is the first day that is no longer meant",
                  form->values[IDENTITY_TO].text.data, form->values[IDENTITY_FROM].text.data);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): it is written to, by way of the form */
bool identity_form(struct identity *identity, const struct value values[IDENTITY_COLUMNS], char why[IDENTITY_WHY_SIZE])
{
    struct form form = {.identity = identity, .values = values, .why = why};

    return take_user_id(&form) && take_handle(&form) && take_day(&form, IDENTITY_FROM, &identity->from) &&
           take_day(&form, IDENTITY_TO, &identity->until) && check_days(&form);
}
