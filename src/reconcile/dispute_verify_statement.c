/* SPDX-License-Identifier: MIT */
/* Proves that a folder of evidence shows the same figures everywhere: those of its statement, which is what was sealed.
 */

#include <stdlib.h>
#include <string.h>

#include "headroom/model.h"
#include "reconcile/dispute_verify.h"

#define LABEL_WIDTH 17 /* of statement.txt, with the blanks behind */

static json_t *load(struct proving *proving, const char *name)
{
    struct invoice_file file = {0};
    json_t *root = NULL;

    if (proving_read(proving, name, &file)) {
        root = json_loadb(file.content.data, file.content.size, 0, NULL);
        if (!json_is_object(root))
            proving_finding(proving, name, "it is no JSON object");
    }
    invoice_file_free(&file);
    return root;
}

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
            proving_finding(proving, name, "its %s is not that of statement.json", *keys);
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
static void prove_figure(struct proving *proving, struct str text, const struct figure *figure, char *wanted)
{
    size_t size = strlen(wanted), label = strlen(figure->label);
    bool goes_on = figure->behind[0] != '\0' && figure->second == NULL;
    int found = 0;
    struct str line;

    while (proving_line(&text, &line)) {
        if (line.size < label || memcmp(line.data, figure->label, label) != 0)
            continue;
        bool same = line.size >= size && memcmp(line.data, wanted, size) == 0 && (goes_on || line.size == size);
        found += same ? 1 : 2;
    }
    if (found != 1)
        proving_finding(proving, "statement.txt", "it does not say '%s'", wanted);
}

static void prove_text(struct proving *proving, const json_t *statement)
{
    static const struct figure figures[] = {
        {"Contract:", "contract", "", NULL, ""}, {"Billing month:", "month", " (", "state", ")"},
        {"From:", "period_start", "", NULL, ""}, {"Until:", "period_end", "", NULL, " (exclusive), time zone "},
        {"Limit:", "limit", "", NULL, ""},       {"Unique handles:", "unique_handles", "", NULL, ""},
        {"Overage:", "overage", "", NULL, ""},   {"Charge:", "charge", " ", "currency", ""},
    };
    struct invoice_file file = {0};
    bool read = proving_read(proving, "statement.txt", &file);

    for (size_t i = 0; read && i < ARRAY_LENGTH(figures); i++) {
        char *wanted = figure_text(&figures[i], statement);
        prove_figure(proving, (struct str){file.content.data, file.content.size}, &figures[i], wanted);
        free(wanted);
    }
    invoice_file_free(&file);
}

/* ---- the lines of the charge ---- */

static bool is_line(struct str row, const json_t *line)
{
    static const char *const keys[PROVING_CHARGE_CELLS] = {"kind",   "description", "units",  "unit_price",
                                                           "amount", "from_unit",   "to_unit"};
    struct str cells[PROVING_CHARGE_CELLS];
    bool same = proving_cells(row, cells, PROVING_CHARGE_CELLS);

    for (size_t i = 0; same && i < PROVING_CHARGE_CELLS; i++) {
        const json_t *value = json_object_get(line, keys[i]);
        char *text = json_is_null(value) ? mem_text("") : in_words(value);
        same = str_equal(cells[i], str_of(text));
        free(text);
    }
    return same;
}

static void prove_lines(struct proving *proving, const json_t *lines)
{
    struct invoice_file file = {0};
    bool read = proving_read(proving, "charge.tsv", &file), same = json_is_array(lines);
    struct str rest = {file.content.data, file.content.size}, row;
    size_t count = 0;

    for (; read && proving_line(&rest, &row); count++)
        same = same && is_line(row, json_array_get(lines, count));
    if (read && (!same || count != json_array_size(lines)))
        proving_finding(proving, "charge.tsv", "its lines are not those of statement.json");
    invoice_file_free(&file);
}

void proving_statement(struct proving *proving)
{
    static const char *const of_manifest[] = {"contract", "month", "unique_handles", "limit", "charge",
                                              "currency", NULL};
    static const char *const of_check[] = {"contract", "month", "state", "unique_handles", "charge", "currency", NULL};
    json_t *statement = load(proving, "statement.json");
    json_t *check = load(proving, "check.json");

    if (json_is_object(statement)) {
        prove_same(proving, "manifest.json", proving->manifest, statement, of_manifest);
        prove_same(proving, "check.json", check, statement, of_check);
        prove_text(proving, statement);
        prove_lines(proving, json_object_get(statement, "lines"));
    }
    json_decref(check);
    json_decref(statement);
}
