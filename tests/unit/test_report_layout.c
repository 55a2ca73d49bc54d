/* SPDX-License-Identifier: MIT */
/* Definitions of reports: what is wrong is refused, with a message that points at the place. */

#include "report_memory.h"

#define SHEET(blocks) "{\"name\": \"One\", \"about\": \"a\", \"blocks\": [" blocks "]}"
#define TEXT(rest)    "{\"text\": {\"text\": \"t\"" rest "}}"
#define FIELD(rest)                                                                                                    \
    "{\"form\": {\"label_width\": 9, \"value_width\": 9, \"fields\": [{\"label\": \"l\", \"value\": " rest "}]}}"
#define TABLE(columns) "{\"table\": {\"dataset\": \"things\", \"columns\": [" columns "]}}"
#define ID             "{\"title\": \"t\", \"key\": \"id\", \"width\": 9}"
#define AMOUNT(rest)   "{\"title\": \"t\", \"key\": \"amount\", \"width\": 9" rest "}"
#define SIXTEEN        "0123456789abcdef"
#define LONG           SIXTEEN SIXTEEN SIXTEEN SIXTEEN SIXTEEN SIXTEEN SIXTEEN SIXTEEN
#define TAKES(rest)    ", \"open\": true, \"takes\": {\"about\": \"a\", \"refusal\": \"r\"" rest "}"
#define CHART(rest)    "{\"chart\": {\"title\": \"c\", \"width\": 9, \"height\": 9, \"series\": [], " rest "}}"

Test(report_layout, takes_what_is_right)
{
    struct error err = {0};
    struct report *report;

    cr_assert(memory_report(memory_layout("few", SHEET(TEXT("") "," TABLE(ID ", " AMOUNT("")))), &report, &err), "%s",
              err.text);
    cr_expect_str_eq(report->name, "test");
    cr_expect_str_eq(report->layout->sheets[0].blocks[1].table->columns[1].key, "amount");
    cr_expect(report_takes(report, REPORT_CONTRACT));
    cr_expect_not(report_takes(report, REPORT_MONTH));
    report_close(report);
}

static const struct {
    const char *rows;
    const char *sheets;
    const char *message; /* a part of it */
} wrong[] = {
    {"few", "", "sheets: a report needs at least one"},
    {"lots", SHEET(TEXT("")), "datasets: [1]: rows: \"lots\" is none of: one, few, many"},
    {"few", SHEET(TEXT(", \"bold\": true")),
     "sheets: [0]: blocks: [0]: text: unknown key \"bold\"; known here: text, when"},
    {"few", SHEET(TEXT(", \"style\": \"loud\"")), "text: style: \"loud\" is none of: note, title"},
    {"few", SHEET(TEXT(", \"when\": \"month.nothing\"")),
     "when: the dataset \"month\" has no column \"nothing\"; it has: contract"},
    {"few", SHEET(TEXT(", \"when\": \"things.id\"")), "when: the dataset \"things\" has more than one row"},
    {"few", SHEET(TEXT(", \"formula\": \"{nowhere}\"")), "formula: {nowhere}: there is no cell of this name"},
    {"few", SHEET(TEXT(", \"marks\": [{\"text\": \"a\\\"b\", \"look\": \"bad\"}]")),
     "blocks: [0]: marks: [0]: text: 1 to 200 bytes without quotation marks"},
    {"few", SHEET("{}"), "blocks: [0]: a block is exactly one of text, form, table, chart"},
    {"few", SHEET("{\"text\": {\"text\": \"{month.contract\"}}"), "text: a brace is not closed"},
    {"few", SHEET("{\"text\": {\"text\": \"a} b\"}}"), "text: a closing brace without an opening one: } b"},
    {"few", SHEET("{\"text\": {\"text\": \"{nowhere.x}\"}}"),
     "{nowhere.x}: there is no dataset \"nowhere\"; there are: month, things, report"},
    {"few", SHEET("{\"text\": {\"text\": 5}}"), "text: text: must be a text"},
    {"few", SHEET(FIELD("\"used\"")), "form: fields: [0]: value: \"used\" is not of the form dataset.column"},
    {"few", SHEET(FIELD("\"month.used\", \"formula\": \"{other}+1\"")),
     "formula: {other}: there is no cell of this name"},
    {"few", SHEET(FIELD("\"month.used\", \"formula\": \"SUM({things.id})\"")),
     "{things.id}: there is no table \"things\""},
    {"few", SHEET(FIELD("\"month.used\", \"formula\": \"{row.id}\"")), "{row.id}: there is no row here"},
    {"few", SHEET(FIELD("\"month.used\", \"name\": \"A1\"")), "name: \"A1\" is none"},
    {"few", SHEET(FIELD("\"month.used\", \"name\": \"abc12\"")), "name: \"abc12\" is none"},
    {"few",
     SHEET(FIELD("\"month.used\", \"name\": \"used_units\"") "," FIELD("\"month.used\", \"name\": \"used_units\"")),
     "\"used_units\" is there twice"},
    {"few", SHEET(FIELD("\"month.used\", \"over\": \"things\"")), "over: there is no table \"things\""},
    {"few", SHEET(FIELD("\"month.used\", \"second\": {\"formula\": \"1\"}")),
     "fields: [0]: second: the key \"value\" is missing"},
    {"few", SHEET(FIELD("\"month.used\", \"second\": {\"value\": \"month.none\"}")),
     "fields: [0]: second: value: the dataset \"month\" has no column \"none\""},
    {"few",
     SHEET(FIELD("\"month.used\", \"name\": \"used_units\", \"second\": {\"value\": \"month.used\", \"name\": "
                 "\"used_units\"}")),
     "\"used_units\" is there twice"},
    {"few",
     SHEET("{\"form\": {\"label_width\": 9, \"value_width\": 9, \"headings\": [\"a\", \"b\", \"c\", \"d\"], "
           "\"fields\": []}}"),
     "form: headings: the form has 3 columns, not 4"},
    {"few", SHEET(FIELD("\"month.used\", \"marks\": [{\"text\": \"\", \"look\": \"bad\"}]")),
     "form: fields: [0]: marks: [0]: text: 1 to 200 bytes"},
    {"few", SHEET(FIELD("\"month.used\", \"takes\": {\"about\": \"a\", \"refusal\": \"r\"}")),
     "form: fields: [0]: takes: only an \"open\" cell can be typed into"},
    {"few", SHEET(FIELD("\"month.used\"" TAKES(", \"least\": \"0\""))), "fields: [0]: takes: least: must be a number"},
    {"few",
     SHEET(FIELD(
         "\"month.used\", \"second\": {\"value\": \"month.used\"" TAKES(", \"least\": 0, \"words\": [\"a\"]") "}")),
     "fields: [0]: second: takes: it is one of the words, or a number with least and whole"},
    {"few", SHEET(FIELD("\"month.used\", \"open\": true, \"takes\": {\"about\": \"a\"}")),
     "fields: [0]: takes: the key \"refusal\" is missing"},
    {"few", SHEET(FIELD("\"month.used\", \"open\": true, \"takes\": {\"about\": \"a\", \"refusal\": \"\"}")),
     "fields: [0]: takes: refusal: 1 to 255 bytes, not 0"},
    {"few", SHEET(TABLE(AMOUNT(TAKES(", \"words\": [\"a\", \"b,c\"]")))),
     "columns: [0]: takes: words: [1]: at least 1 byte, without commas and quotation marks"},
    {"few", SHEET(TABLE(AMOUNT(TAKES(", \"words\": [\"" LONG "\", \"" LONG "\"]")))),
     "columns: [0]: takes: words: up to 255 bytes with commas between them, not 257"},
    {"few", SHEET("{\"table\": {\"dataset\": \"none\", \"columns\": []}}"), "table: there is no dataset \"none\""},
    {"few", SHEET(TABLE("")), "table: columns: a table needs at least one"},
    {"few", SHEET(TABLE("{\"title\": \"t\", \"key\": \"size\", \"width\": 9}")),
     "table: columns: [0]: key: the dataset \"things\" has no column \"size\""},
    {"few", SHEET(TABLE("{\"title\": \"t\", \"key\": \"id\"}")), "columns: [0]: the key \"width\" is missing"},
    {"few", SHEET(TABLE(AMOUNT(", \"formula\": \"{row.id}+1\""))),
     "formula: {row.id}: the table shows no column \"id\""},
    {"few", SHEET(TABLE(AMOUNT(", \"formulas\": [{\"when\": \"x\", \"formula\": \"1\"}]"))),
     "columns: [0]: formulas and formula_by need each other"},
    {"few", SHEET(TABLE(AMOUNT(", \"total\": {}"))), "total: it is exactly one of text, sum, value"},
    {"few", SHEET(TABLE("{\"title\": \"t\", \"key\": \"id\", \"width\": 9, \"total\": {\"sum\": true}}")),
     "total: sum: only integers"},
    {"few", SHEET(TABLE("{\"title\": \"t\", \"key\": \"id\", \"width\": 9, \"bar\": true}")),
     "columns: [0]: bar: only numbers have one"},
    {"few", SHEET("{\"table\": {\"dataset\": \"things\", \"freeze\": 1, \"columns\": [" ID "]}}"),
     "table: freeze: of a list, fewer columns than it has"},
    {"few", SHEET(TEXT("") "," CHART("\"beside\": true, \"categories\": \"month.used\"")),
     "chart: categories: there is no table"},
    {"few", SHEET(TABLE(ID) "," TEXT("") "," CHART("\"beside\": true, \"categories\": \"things.id\"")),
     "there is no form or table above that it could stand beside"},
    {"few", SHEET(TABLE(ID) "," CHART("\"type\": \"pie\", \"categories\": \"things.id\"")),
     "chart: type: \"pie\" is none of: line, column, stacked"},
    {"few", SHEET(TEXT("")) "], \"every_sheet\": [" TABLE(ID), "every_sheet: [0]: only texts stand on every sheet"},
    {"few", SHEET(TEXT("")) "], \"every_sheet\": [" TEXT(", \"formula\": \"{used_units}\""),
     "every_sheet: [0]: sheet One: formula: {used_units}: there is no cell of this name"},
    {"few", SHEET(TABLE(ID) "," TABLE(ID)), "there are two tables \"things\": give one another \"name\""},
    {"many", SHEET(TABLE(ID) "," TEXT("")), "blocks: [1]: nothing can stand below a table of many rows"},
    {"many", SHEET(FIELD("\"month.used\", \"formula\": \"COUNTA({things.id})\"") "," TABLE(ID)),
     "written before the number of rows of \"things\" is known"},
    {"many", SHEET(TABLE(AMOUNT(", \"total\": {\"sum\": true, \"name\": \"all_of_it\"}"))),
     "name: where a table of many rows ends"},
    {"few", SHEET(TABLE(ID) "," CHART("\"categories\": \"things.amount\"")),
     "chart: categories: there is no table \"things\" that shows \"amount\""},
    {"few", SHEET(TABLE(ID) "," CHART("\"categories\": \"things\"")),
     "chart: categories: \"things\" is not of the form table.column"},
    {"few",
     SHEET(CHART("\"categories\": \"lost.id\"")) ", {\"name\": \"Two\", \"about\": \"a\", \"blocks\": [{\"table\": {"
                                                 "\"dataset\": \"none\", \"name\": \"lost\", \"columns\": [" ID "]}}]}",
     "chart: categories: there is no dataset \"none\""},
    {"many", SHEET(TABLE(ID) "," CHART("\"beside\": true, \"categories\": \"things.id\"")),
     "\"things\" has too many rows for a chart"},
    {"few", SHEET(TEXT("") "," TABLE(ID)) "," SHEET(CHART("\"beside\": true, \"categories\": \"things.id\"")),
     "there are two sheets \"One\""},
    {"few", "{\"name\": \"a/b\", \"about\": \"a\", \"blocks\": []}",
     "sheets: [0]: name: a sheet's has 1 to 26 bytes and none of"},
};

Test(report_layout, what_stands_on_every_sheet_is_below_its_title)
{
    struct error err = {0};
    struct report *report;

    cr_assert(memory_report(memory_layout("few", SHEET(TEXT("") "," TABLE(ID)) "], \"every_sheet\": [" TEXT(
                                                     ", \"style\": \"banner\"")),
                            &report, &err),
              "%s", err.text);
    cr_expect_eq(report->layout->sheets[0].block_count, 3);
    cr_expect_eq(report->layout->sheets[0].blocks[1].text->style, STYLE_BANNER);
    cr_expect_not_null(report->layout->sheets[0].blocks[2].table);
    report_close(report);
}

Test(report_layout, points_at_what_is_wrong)
{
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
        struct error err = {0};
        struct report *report;

        cr_expect_not(memory_report(memory_layout(wrong[i].rows, wrong[i].sheets), &report, &err), "case %zu", i);
        cr_expect_null(report);
        cr_expect(strncmp(err.text, "test/layout.json: ", 18) == 0, "case %zu: %s", i, err.text);
        cr_expect_not_null(strstr(err.text, wrong[i].message), "case %zu: %s\nwanted: %s", i, err.text,
                           wrong[i].message);
    }
}

Test(report_layout, names_the_line_of_broken_json)
{
    struct error err = {0};
    struct report *report;

    cr_expect_not(memory_report("{\"title\": \"t\",\n \"title\": 5}", &report, &err));
    cr_expect_str_eq(err.text, "test/layout.json: line 2, column 8: duplicate object key near '\"title\"'");
}

Test(report_layout, a_dataset_needs_its_statement)
{
    const struct embedded files[] = {
        {"test/layout.json", memory_layout("few", SHEET(TEXT("")))}, {"test/month", "SELECT 1"}, {NULL, NULL}};
    struct error err = {0};
    struct report *report;

    cr_expect_not(report_read(files, "test", &report, &err));
    cr_expect_str_eq(err.text, "test/layout.json: datasets: [1]: there is no things.sql beside it");
}

/* A layout whose things are in a part. */
#define IN_PARTS                                                                                                       \
    "{\"title\": \"t\", \"about\": \"a\", \"parameters\": [], \"file\": \"x\", \"time_zone\": \"month.zone\","         \
    "\"footer\": \"f\", \"properties\": {\"title\": \"t\"}, \"parts\": [\"one\", \"two\"]}"
#define PART_MONTH                                                                                                     \
    "{\"datasets\": [{\"name\": \"month\", \"rows\": \"one\", \"about\": \"a\", \"columns\": ["                        \
    "{\"name\": \"zone\", \"kind\": \"text\", \"about\": \"a\"}]}]}"

static bool read_parts(const char *second, struct report **report, struct error *err)
{
    const struct embedded files[] = {{"test/layout.json", IN_PARTS},
                                     {"test/month", "SELECT 1"},
                                     {"test/one.json", PART_MONTH},
                                     {second != NULL ? "test/two.json" : "other/two.json", second},
                                     {NULL, NULL}};

    return report_read(files, "test", report, err);
}

Test(report_layout, takes_datasets_and_sheets_from_its_parts)
{
    struct error err = {0};
    struct report *report;

    cr_assert(read_parts("{\"sheets\": [" SHEET(TEXT("")) "]}", &report, &err), "%s", err.text);
    cr_expect_str_eq(report->datasets[0].name, "month");
    cr_expect_eq(report->layout->sheet_count, 1);
    report_close(report);
}

Test(report_layout, a_wrong_part_is_named)
{
    static const struct {
        const char *second, *message;
    } cases[] = {
        {NULL, "test/layout.json: parts: there is no two.json beside it"},
        {"{\"sheets\": 1}", "test/two.json: sheets: must be a list"},
        {"{\"sheets\": [" SHEET(TEXT("")) ", " SHEET("{}") "]}",
         "test/two.json: sheets: [1]: name: there are two sheets \"One\""},
        {"{}", "test/layout.json: sheets: a report needs at least one"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct error err = {0};
        struct report *report;

        cr_expect_not(read_parts(cases[i].second, &report, &err));
        cr_expect_str_eq(err.text, cases[i].message);
    }
}

Test(report_layout, the_built_in_reports_are_right)
{
    struct arena *arena = arena_new();
    const struct report_name *names;
    struct error err = {0};
    struct report *report;
    size_t count;

    cr_assert(report_list(NULL, arena, &names, &count, &err));
    cr_assert_gt(count, 0);
    for (size_t i = 0; i < count; i++) {
        cr_expect_null(names[i].folder);
        cr_expect(i == 0 || strcmp(names[i - 1].name, names[i].name) < 0);
        cr_expect(report_open(NULL, names[i].name, &report, &err), "%s", err.text);
        report_close(report);
    }
    cr_expect_not(report_open(NULL, "nothing", &report, &err));
    cr_expect_eq(err.code, EXIT_USAGE);
    cr_expect_not_null(strstr(err.text, "known: "));
    cr_expect_not_null(strstr(err.text, "overage"));
    arena_free(arena);
}

Test(report_layout, a_statement_names_no_parameter_that_the_report_has_not)
{
    const struct embedded files[] = {{"here/test/layout.json", memory_layout("few", SHEET(TEXT("")))},
                                     {"here/test/month", "SELECT $1 -- $7"},
                                     {"here/test/things", "SELECT $2"},
                                     {NULL, NULL}};
    struct error err = {0};
    struct report *report;

    cr_expect_not(report_read(files, "here/test", &report, &err));
    cr_expect_str_eq(err.text,
                     "here/test/things.sql: it names $2, and there are 1: the layout's parameters (1), and the "
                     "datasets that it takes (0)");
}
