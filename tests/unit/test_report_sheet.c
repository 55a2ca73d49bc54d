/* SPDX-License-Identifier: MIT */
/* What a layout may ask of a sheet, in the parts of a workbook: texts on every sheet, open cells, bars, charts. */

#include "report_book.h"

#define FRONT "xl/worksheets/sheet1.xml"
#define BACK  "xl/worksheets/sheet2.xml"

/* A front with a form and a chart of the table on the back, which is protected. */
static const char sheets[] =
    "{\"name\": \"Front\", \"about\": \"a\", \"blocks\": ["
    "{\"text\": {\"text\": \"Title\", \"style\": \"title\"}},"
    "{\"form\": {\"label_width\": 9, \"value_width\": 9, \"headings\": [\"\", \"Contract\", \"What if\"], \"fields\": ["
    "{\"label\": \"l\", \"value\": \"month.limit\", \"name\": \"unit_limit\", \"note\": \"of {month.contract}\","
    " \"second\": {\"value\": \"month.limit\", \"open\": true, \"name\": \"what_if_limit\","
    " \"takes\": {\"whole\": true, \"least\": 0, \"about\": \"Whole, 0 or more.\", \"refusal\": \"No & no.\"}}},"
    "{\"label\": \"u\", \"value\": \"month.used\", \"name\": \"used_units\","
    " \"second\": {\"value\": \"month.used\", \"formula\": \"{used_units}*{what_if_limit}/{unit_limit}\"}}]}},"
    "{\"chart\": {\"title\": \"c\", \"width\": 480, \"height\": 288, \"categories\": \"things.id\", \"type\": "
    "\"stacked\","
    " \"series\": [{\"title\": \"amounts\", \"values\": \"things.amount\"}]}},"
    "{\"text\": {\"text\": \"below\"}},"
    "{\"chart\": {\"title\": \"c\", \"width\": 480, \"height\": 288, \"categories\": \"things.id\","
    " \"series\": [{\"title\": \"a\", \"values\": \"things.amount\"},"
    "{\"title\": \"b\", \"values\": \"things.amount\", \"style\": \"limit\"},"
    "{\"title\": \"c\", \"values\": \"things.amount\", \"style\": \"forecast\"},"
    "{\"title\": \"d\", \"values\": \"things.amount\", \"style\": \"band\"}]}}]},"
    "{\"name\": \"Things\", \"about\": \"a\", \"protect\": true, \"blocks\": ["
    "{\"text\": {\"text\": \"Things\", \"style\": \"title\"}},"
    "{\"text\": {\"text\": \"%s\"}},"
    "{\"table\": {\"dataset\": \"things\", \"list\": true, \"freeze\": 1, \"columns\": ["
    "{\"title\": \"Id\", \"key\": \"id\", \"width\": 9, \"marks\": [{\"text\": \"good\", \"look\": \"good\"},"
    "{\"text\": \"bad <&>\", \"look\": \"bad\", \"begins\": true}]},"
    "{\"title\": \"Amount\", \"key\": \"amount\", \"width\": 9, \"bar\": true, \"open\": true,"
    " \"takes\": {\"words\": [\"one\", \"two <3\"], \"about\": \"One or two.\", \"refusal\": \"Neither.\"}}]}}]}"
    "], \"header\": \"{month.contract} & co\", \"every_sheet\": ["
    "{\"text\": {\"text\": \"limit 2\", \"formula\": \"\\\"limit \\\"&{unit_limit}\","
    " \"marks\": [{\"text\": \"limit 0\", \"look\": \"warn\"}]}}";

static const char *(things[])[2] = {{"good", "1"}, {"bad <&> words", NULL}, {"worse", "3"}};

static void write_book(const char *rows, unsigned sheet_rows, const char *note)
{
    static char layout[8192];
    struct memory memory = memory_new();
    struct error err = {0};
    bool streamed = strcmp(rows, "many") == 0;

    snprintf(layout, sizeof(layout), sheets, note);
    if (streamed) {
        /* A table of many rows has no chart. */
        char *charts = strstr(layout, "{\"chart\"");
        char *end = strstr(layout, "{\"text\": {\"text\": \"below\"");
        char *last = strstr(end, ",{\"chart\"");
        memmove(last, strstr(last, "]},{\"name\""), strlen(strstr(last, "]},{\"name\"")) + 1);
        memmove(charts, end, strlen(end) + 1);
        memory.invented = 20;
    } else {
        memory.things = things;
        memory.count = ARRAY_LENGTH(things);
    }
    cr_assert(book_write(&memory, rows, layout, sheet_rows, book_file, &err), "%s", err.text);
}

TestSuite(report_sheet, .init = book_make_file, .fini = book_remove_file);

Test(report_sheet, texts_stand_on_every_sheet)
{
    write_book("few", 0, "short");
    book_holds(FRONT, "<c r=\"A1\" s=\"1\" t=\"inlineStr\"><is><t>Title</t>");
    book_holds(FRONT, "<f>\"limit \"&amp;$B$4</f><v>limit 2</v>");
    book_holds(BACK, "<f>\"limit \"&amp;Front!$B$4</f><v>limit 2</v>");
    book_holds(BACK, "<oddHeader>&amp;L&amp;9 acme &amp;&amp; co</oddHeader>");
    book_holds(BACK, "<conditionalFormatting sqref=\"A2\">");
}

Test(report_sheet, and_on_those_that_a_table_goes_on_in)
{
    write_book("many", 12, "short");
    book_holds("xl/worksheets/sheet3.xml", "<f>\"limit \"&amp;Front!$B$4</f><v>limit 2</v>");
    book_holds("xl/worksheets/sheet3.xml", "<oddHeader>");
    book_holds("xl/worksheets/sheet3.xml", "<sheetProtection sheet=\"1\"");
    book_holds("xl/worksheets/sheet3.xml", "<x14:dataBar ");
    book_holds("xl/workbook.xml", "<definedName name=\"things\">'Things'!$A$4:$B$12</definedName>");
    book_holds("xl/workbook.xml",
               "<definedName name=\"things\" localSheetId=\"2\">'Things 2'!$A$4:$B$12</definedName>");
}

Test(report_sheet, second_values_stand_beside_the_first)
{
    write_book("few", 0, "short");
    book_holds(FRONT, "<c r=\"C3\"");
    book_holds(FRONT, "<t>What if</t>");
    book_holds(FRONT, "<f>$B$5*$C$4/$B$4</f><v>3</v>");
    book_holds("xl/workbook.xml", "<definedName name=\"what_if_limit\">Front!$C$4</definedName>");
    book_holds(FRONT, "<t>of acme</t>");
}

Test(report_sheet, only_open_cells_are_unlocked)
{
    write_book("few", 0, "short");
    cr_expect_null(strstr(book_part(FRONT), "<sheetProtection"));
    book_holds(BACK, "<sheetProtection sheet=\"1\" objects=\"1\" scenarios=\"1\" formatColumns=\"0\" formatRows=\"0\" "
                     "sort=\"0\" autoFilter=\"0\"/>");
    book_holds("xl/styles.xml", "<protection locked=\"0\"/>");
}

Test(report_sheet, open_cells_take_what_is_said)
{
    write_book("few", 0, "short");
    book_holds(FRONT, "<dataValidation type=\"whole\" operator=\"greaterThanOrEqual\" allowBlank=\"1\" "
                      "showInputMessage=\"1\" showErrorMessage=\"1\" error=\"No &amp; no.\" "
                      "prompt=\"Whole, 0 or more.\" sqref=\"C4\"><formula1>0</formula1></dataValidation>");
    book_holds(BACK, "<dataValidation type=\"list\" allowBlank=\"1\" showInputMessage=\"1\" showErrorMessage=\"1\" "
                     "error=\"Neither.\" prompt=\"One or two.\" sqref=\"B5:B7\">"
                     "<formula1>\"one,two &lt;3\"</formula1></dataValidation>");
}

Test(report_sheet, numbers_shrink_rather_than_vanish)
{
    write_book("few", 0, "short");
    book_holds("xl/styles.xml", "shrinkToFit=\"1\"");
}

Test(report_sheet, marks_have_a_sign_and_bars_a_length)
{
    write_book("few", 0, "short");
    book_holds(BACK, "operator=\"equal\"><formula>\"good\"</formula>");
    book_holds(BACK, "operator=\"beginsWith\" text=\"bad &lt;&amp;&gt;\"><formula>LEFT(A5,7)=");
    book_holds("xl/styles.xml", "formatCode=\"&quot;\xE2\x9C\x93 &quot;@\"");
    book_holds(BACK, "<dataBar>");
    book_holds(BACK, "<x14:dataBar minLength=\"0\" maxLength=\"100\" gradient=\"0\"");
}

Test(report_sheet, lists_are_frozen_filtered_and_named)
{
    write_book("few", 0, "short");
    book_holds(BACK,
               "<pane xSplit=\"1\" ySplit=\"4\" topLeftCell=\"B5\" activePane=\"bottomRight\" state=\"frozen\"/>");
    book_holds(BACK, "<autoFilter ref=\"A4:B7\"/>");
    book_holds("xl/workbook.xml",
               "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"1\">Things!$4:$4</definedName>");
}

Test(report_sheet, long_notes_wrap_in_the_width_of_the_sheet)
{
    write_book("few", 0, "a note of few words");
    cr_expect_not_null(strstr(book_part(BACK), "<mergeCell ref=\"A3:J3\"/>"));
    cr_expect_null(strstr(book_part(BACK), "<row r=\"3\" ht="));
    write_book("few", 0,
               "a note of so many words that the width of a narrow sheet does not hold them, which is known "
               "before a spreadsheet has opened the file, as none of them finds out by itself");
    book_holds(BACK, "<row r=\"3\" ht=\"");
}

Test(report_sheet, charts_show_what_is_known_apart_from_what_is_expected)
{
    write_book("few", 0, "short");
    book_holds("xl/charts/chart1.xml", "<c:barDir val=\"col\"/><c:grouping val=\"stacked\"/>");
    book_holds("xl/charts/chart1.xml", "<c:strRef><c:f>Things!$A$5:$A$7</c:f><c:strCache><c:ptCount val=\"3\"/>"
                                       "<c:pt idx=\"0\"><c:v>good</c:v>");
    book_holds("xl/charts/chart2.xml", "<a:srgbClr val=\"1F4E79\"/>");
    book_holds("xl/charts/chart2.xml", "<a:prstDash val=\"dash\"/>");
    book_holds("xl/charts/chart2.xml", "<a:prstDash val=\"sysDot\"/>");
    book_holds("xl/charts/chart2.xml", "<a:ln w=\"12700\">");
}

Test(report_sheet, what_follows_a_chart_stands_below_it)
{
    write_book("few", 0, "short");
    book_holds("xl/drawings/drawing1.xml",
               "<xdr:from><xdr:col>0</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>5</xdr:row>");
    book_holds("xl/drawings/drawing1.xml", "<xdr:row>17</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>");
    book_holds(FRONT, "<c r=\"A19\" s=\"");
}

/* Two charts of 5 rows each beside a table of 3, whose rows are 3 lines high. */
static const char beside[] =
    "{\"name\": \"Front\", \"about\": \"a\", \"blocks\": ["
    "{\"table\": {\"dataset\": \"things\", \"lines\": 3, \"columns\": [{\"title\": \"Id\", \"key\": \"id\", \"width\": "
    "9},"
    "{\"title\": \"Amount\", \"key\": \"amount\", \"width\": 9}]}},"
    "{\"chart\": {\"title\": \"c\", \"width\": 200, \"height\": 100, \"beside\": true, \"categories\": \"things.id\","
    " \"series\": [{\"title\": \"a\", \"values\": \"things.amount\"}]}},"
    "{\"chart\": {\"title\": \"d\", \"width\": 200, \"height\": 100, \"beside\": true, \"categories\": \"things.id\","
    " \"series\": [{\"title\": \"a\", \"values\": \"things.amount\"}]}},"
    "{\"text\": {\"text\": \"below\"}}]}";

Test(report_sheet, charts_stand_one_behind_the_other_beside_a_table)
{
    struct memory memory = memory_new();
    struct error err = {0};

    memory.things = things;
    memory.count = ARRAY_LENGTH(things);
    cr_assert(book_write(&memory, "few", beside, 0, book_file, &err), "%s", err.text);
    book_holds("xl/drawings/drawing1.xml", "<xdr:from><xdr:col>2</xdr:col><xdr:colOff>152400</xdr:colOff><xdr:row>0<");
    book_holds("xl/drawings/drawing1.xml", "<xdr:from><xdr:col>5</xdr:col><xdr:colOff>381000</xdr:colOff><xdr:row>0<");
    book_holds(FRONT, "<row r=\"2\" ht=\"47.88\"");
    book_holds(FRONT, "<c r=\"A7\" s=\"");
}
