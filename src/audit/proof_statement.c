/* SPDX-License-Identifier: MIT */
/* Proves that a folder of evidence shows the same figures everywhere: those of its statement, which is what was sealed.
 */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "headroom/model.h"
#include "audit/proof.h"

#define LABEL_WIDTH 17 /* of statement.txt, with the blanks behind */

/* Texts as they are, numbers in digits, null as "none". The caller frees it. */
static char *in_words(const json_t *value)
{
    if (json_is_integer(value))
        return mem_format("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return mem_text(json_is_string(value) ? json_string_value(value) : "none");
}

/* ---- other JSON ---- */

static void prove_same(struct proving *proving, const char *name, const json_t *object, const json_t *statement,
                       const char *const *keys)
{
    for (; *keys != NULL; keys++)
        if (!json_equal(json_object_get(object, *keys), json_object_get(statement, *keys)))
            proof_finding(proving, name, "its %s is not that of statement.json", *keys);
}

/* ---- the text ---- */

/* A line of statement.txt: a label, a value of the statement or two, and what stands behind each. */
struct figure {
    const char *label;
    const char *first, *between, *second, *behind; /* first, second: keys; NULL: there is no second */
};

static char *figure_text(const struct figure *figure, const json_t *statement)
{
    char *first = in_words(json_object_get(statement, figure->first));
    char *second = figure->second != NULL ? in_words(json_object_get(statement, figure->second)) : mem_text("");
    char *text = mem_format("%-*s%s%s%s%s", LABEL_WIDTH, figure->label, first, figure->between, second, figure->behind);

    free(second);
    free(first);
    return text;
}

/* Each figure stands there once, as the statement has it. The end of a line that goes on is not looked at. */
static void prove_figure(struct proving *proving, const struct figure *figure, char *wanted)
{
    size_t size = strlen(wanted), label = strlen(figure->label);
    bool goes_on = figure->behind[0] != '\0' && figure->second == NULL;
    int found = 0;
    struct proof_lines lines;
    struct str line;

    proof_lines_open(&lines, proving, "statement.txt");
    while (proof_next_line(&lines, &line)) {
        if (line.size < label || memcmp(line.data, figure->label, label) != 0)
            continue;
        bool same = line.size >= size && memcmp(line.data, wanted, size) == 0 && (goes_on || line.size == size);
        found += same ? 1 : 2;
    }
    proof_lines_close(&lines);
    if (found != 1)
        proof_finding(proving, "statement.txt", "it does not say '%s'", wanted);
}

static void prove_text(struct proving *proving, const json_t *statement)
{
    static const struct figure figures[] = {
        {"Contract:", "contract", "", NULL, ""}, {"Billing month:", "month", " (", "state", ")"},
        {"From:", "period_start", "", NULL, ""}, {"Until:", "period_end", "", NULL, " (exclusive), time zone "},
        {"Limit:", "limit", "", NULL, ""},       {"Unique handles:", "unique_handles", "", NULL, ""},
        {"Overage:", "overage", "", NULL, ""},   {"Charge:", "charge", " ", "currency", ""},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(figures); i++) {
        char *wanted = figure_text(&figures[i], statement);
        prove_figure(proving, &figures[i], wanted);
        free(wanted);
    }
}

/* ---- the lines of the charge ---- */

static bool is_line(struct str row, const json_t *line)
{
    static const char *const keys[PROOF_CHARGE_CELLS] = {"kind",   "description", "units",  "unit_price",
                                                         "amount", "from_unit",   "to_unit"};
    struct str cells[PROOF_CHARGE_CELLS];
    bool same = proof_cells(row, cells, PROOF_CHARGE_CELLS);

    for (size_t i = 0; same && i < PROOF_CHARGE_CELLS; i++) {
        const json_t *value = json_object_get(line, keys[i]);
        char *text = json_is_null(value) ? mem_text("") : in_words(value);
        same = str_equal(cells[i], str_of(text));
        free(text);
    }
    return same;
}

static void prove_lines(struct proving *proving, const json_t *lines)
{
    struct proof_lines file;
    bool same = json_is_array(lines);
    struct str row;

    proof_lines_open(&file, proving, "charge.tsv");
    for (size_t i = 0; proof_next_line(&file, &row); i++)
        same = same && is_line(row, json_array_get(lines, i));
    if (!file.failed && (!same || file.count != json_array_size(lines)))
        proof_finding(proving, "charge.tsv", "its lines are not those of statement.json");
    proof_lines_close(&file);
}

/* ---- the charge ---- */

/* An amount in the currency's smallest unit; all amounts have the same decimals. */
static bool read_amount(struct str text, int64_t *units, size_t *decimals)
{
    char digits[32];
    size_t size = 0;

    *decimals = 0;
    for (size_t i = 0; i < text.size && size + 1 < sizeof digits; i++) {
        if (text.data[i] == '.')
            *decimals = text.size - i - 1;
        else
            digits[size++] = text.data[i];
    }
    return str_to_int64((struct str){digits, size}, INT64_MIN / 4, INT64_MAX / 4, units);
}

static void prove_charge(struct proving *proving)
{
    const char *charge = proof_text(proving, "charge");
    int64_t sum = 0, units, wanted = 0;
    size_t decimals, wanted_decimals = 0;
    bool good = read_amount(str_of(charge), &wanted, &wanted_decimals);
    struct proof_lines lines;
    struct str row, cells[PROOF_CHARGE_CELLS];

    proof_lines_open(&lines, proving, "charge.tsv");
    while (good && proof_next_line(&lines, &row))
        good = proof_cells(row, cells, PROOF_CHARGE_CELLS) && read_amount(cells[4], &units, &decimals) &&
               decimals == wanted_decimals && !__builtin_add_overflow(sum, units, &sum);
    if (!good || sum != wanted)
        proof_finding(proving, "charge.tsv", "its lines do not make the charge of manifest.json, %s", charge);
    proof_lines_close(&lines);
}

/* The period in the manifest, by which events are told from others', is that of the statement. */
static void prove_period(struct proving *proving, const json_t *statement)
{
    static const char *const keys[][2] = {{"period_start", "period_start_us"}, {"period_end", "period_end_us"}};
    char text[TIMESTAMP_SIZE];

    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        const char *said = json_string_value(json_object_get(statement, keys[i][0]));
        if (said == NULL || strcmp(said, timestamp_format(proof_number(proving, keys[i][1]), text)) != 0)
            proof_finding(proving, "manifest.json", "its %s is not that of statement.json", keys[i][0]);
    }
}

/* The vendor's side, which is there where the manifest says so, and only then. */
static json_t *vendor_side(struct proving *proving)
{
    char *path = mem_format("%s/check.json", proving->folder);
    bool said = json_is_true(json_object_get(proving->manifest, "vendor")), there = access(path, F_OK) == 0;

    free(path);
    if (there && !said)
        proof_finding(proving, "check.json", "manifest.json says that the vendor's side is not in it");
    return said ? proof_json(proving, "check.json") : NULL;
}

void proof_statement(struct proving *proving)
{
    static const char *const of_manifest[] = {"contract", "month",    "unique_handles", "limit",
                                              "charge",   "currency", "requests",       NULL};
    static const char *const of_check[] = {"contract", "month", "state", "unique_handles", "charge", "currency", NULL};
    json_t *statement = proof_json(proving, "statement.json");
    json_t *check = vendor_side(proving);

    prove_charge(proving);
    if (statement != NULL) {
        prove_same(proving, "manifest.json", proving->manifest, statement, of_manifest);
        prove_period(proving, statement);
        if (check != NULL)
            prove_same(proving, "check.json", check, statement, of_check);
        prove_text(proving, statement);
        prove_lines(proving, json_object_get(statement, "lines"));
    }
    json_decref(check);
    json_decref(statement);
}
