/* SPDX-License-Identifier: MIT */
/* Where blocks stand, and what references in formulas become. */

#include "report/place.h"
#include "report/template.h"
#include "report_memory.h"

/* Front: a title, a heading that keeps a line free, a form with a field that may be hidden. Back: the things. */
static const char sheets[] =
    "{\"name\": \"Front\", \"about\": \"a\", \"blocks\": ["
    "{\"text\": {\"text\": \"t\", \"style\": \"title\"}},"
    "{\"text\": {\"text\": \"only with a limit\", \"when\": \"month.limit\"}},"
    "{\"text\": {\"text\": \"h\", \"style\": \"heading\"}},"
    "{\"form\": {\"label_width\": 9, \"value_width\": 9, \"fields\": ["
    "{\"label\": \"l\", \"value\": \"month.limit\", \"name\": \"unit_limit\", \"when\": \"month.limit\"},"
    "{\"label\": \"u\", \"value\": \"month.used\", \"name\": \"used_units\", \"formula\": "
    "\"COUNTA({things.id})\"}]}}]},"
    "{\"name\": \"The back\", \"about\": \"a\", \"blocks\": ["
    "{\"text\": {\"text\": \"t\"}},"
    "{\"table\": {\"dataset\": \"things\", \"columns\": ["
    "{\"title\": \"Id\", \"key\": \"id\", \"width\": 9},"
    "{\"title\": \"Amount\", \"key\": \"amount\", \"width\": 9, \"formula\": \"SUM({upto.amount})\"}]}}]}";

struct setting {
    struct memory memory;
    struct report *report;
    struct arena *arena;
    struct place *place;
};

static void set_up(struct setting *setting, const char *rows)
{
    struct error err = {0};
    struct report_source source = memory_source(&setting->memory);
    struct data *data;

    setting->arena = arena_new();
    cr_assert(memory_report(memory_layout(rows, sheets), &setting->report, &err), "%s", err.text);
    cr_assert(data_load(setting->report, &source, setting->arena, &data, &err), "%s", err.text);
    setting->place = place_new(data, setting->arena);
}

static void tear_down(struct setting *setting)
{
    report_close(setting->report);
    arena_free(setting->arena);
}

/* The formula filled in on a sheet; the error's text where it can't be. Borrowed until the next call. */
static const char *filled(const struct setting *setting, const struct place_spot *given, const char *formula,
                          const char *over)
{
    static char text[TEMPLATE_CEILING];
    struct place_spot spot = *given;
    struct error err = {0};
    struct buffer out;

    spot.place = setting->place;
    buffer_init(&out, TEMPLATE_CEILING);
    bool good = place_formula(&spot, formula, over, &out, &err);
    snprintf(text, sizeof(text), "%s", good ? out.data : err.text);
    buffer_free(&out);
    return text;
}

static const char *(things[])[2] = {{"a", "1"}, {"b", "2"}, {"c", "3"}};

Test(report_formula, refers_to_cells_and_rows)
{
    struct setting setting = {.memory = memory_new()};
    const struct place_spot front = {.sheet = "Front"};
    const struct place_spot back = {.sheet = "The back"};

    setting.memory.things = things;
    setting.memory.count = 3;
    set_up(&setting, "few");
    cr_expect_str_eq(filled(&setting, &front, "{unit_limit}-{used_units}", NULL), "=$B$5-$B$6");
    cr_expect_str_eq(filled(&setting, &back, "{unit_limit}", NULL), "=Front!$B$5");
    cr_expect_str_eq(filled(&setting, &front, "COUNTA({things.id})", NULL), "=COUNTA('The back'!$A$3:$A$5)");
    cr_expect_str_eq(filled(&setting, &back, "SUM({things.amount})", NULL), "=SUM($B$3:$B$5)");
    cr_expect_str_eq(filled(&setting, &front, "{used_units", NULL), "a brace is not closed: {used_units");
    tear_down(&setting);
}

Test(report_formula, rows_refer_to_themselves)
{
    struct setting setting = {.memory = memory_new()};

    setting.memory.things = things;
    setting.memory.count = 3;
    set_up(&setting, "few");
    const struct place_spot row = {.sheet = "The back", .table = &setting.place->tables[0], .first_row = 2, .row = 3};
    cr_expect_str_eq(filled(&setting, &row, "SUM({upto.amount})*{row.amount}", NULL), "=SUM($B$3:$B4)*$B4");
    tear_down(&setting);
}

Test(report_formula, what_is_not_there_takes_no_row)
{
    struct setting setting = {.memory = memory_new()};
    const struct place_spot front = {.sheet = "Front"};

    setting.memory.month[2] = NULL;
    set_up(&setting, "few");
    cr_expect_str_eq(filled(&setting, &front, "{used_units}", NULL), "=$B$4");
    cr_expect_str_eq(filled(&setting, &front, "{unit_limit}", NULL), "{unit_limit}: there is no cell of this name");
    tear_down(&setting);
}

Test(report_formula, an_empty_table_keeps_a_valid_row)
{
    struct setting setting = {.memory = memory_new()};
    const struct place_spot front = {.sheet = "Front"};

    set_up(&setting, "few");
    cr_expect_str_eq(filled(&setting, &front, "COUNTA({things.id})", NULL), "=COUNTA('The back'!$A$3:$A$3)");
    tear_down(&setting);
}

Test(report_formula, a_streamed_table_is_known_once_it_is_written)
{
    struct setting setting = {.memory = memory_new()};
    const struct place_spot front = {.sheet = "Front"};

    set_up(&setting, "many");
    cr_expect_str_eq(filled(&setting, &front, "COUNTA({things.id})", NULL),
                     "{things.id}: its rows are not written yet");
    place_add_part(setting.place, &setting.place->tables[0], "The back", 2, 9);
    place_add_part(setting.place, &setting.place->tables[0], "The back 2", 2, 4);
    cr_expect_str_eq(filled(&setting, &front, "COUNTA({things.id})", NULL),
                     "=COUNTA('The back'!$A$3:$A$10,'The back 2'!$A$3:$A$5)");
    cr_expect_str_eq(filled(&setting, &front, "COUNTIF({things.id},\"x\")", "things"),
                     "=COUNTIF('The back'!$A$3:$A$10,\"x\")+COUNTIF('The back 2'!$A$3:$A$5,\"x\")");
    tear_down(&setting);
}

static const struct {
    unsigned column;
    const char *name;
} columns[] = {{0, "A"}, {25, "Z"}, {26, "AA"}, {51, "AZ"}, {52, "BA"}, {701, "ZZ"}, {702, "AAA"}, {16383, "XFD"}};

Test(report_formula, columns_have_letters)
{
    char name[PLACE_COLUMN_SIZE];

    for (size_t i = 0; i < ARRAY_LENGTH(columns); i++)
        cr_expect_str_eq(place_column_name(columns[i].column, name), columns[i].name);
}
