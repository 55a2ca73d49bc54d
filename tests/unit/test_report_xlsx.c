/* SPDX-License-Identifier: MIT */
/* Workbooks from rows in memory: what is in their parts, how they go on in further sheets, what can't be written. */

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "report/xlsx_verify.h"
#include "report_book.h"

static const char sheets[] =
    "{\"name\": \"Front\", \"about\": \"a\", \"blocks\": ["
    "{\"text\": {\"text\": \"{month.contract}\", \"style\": \"title\"}},"
    "{\"form\": {\"label_width\": 9, \"value_width\": 9, \"fields\": ["
    "{\"label\": \"u\", \"value\": \"month.used\", \"formula\": \"COUNTA({things.id})\"},"
    "{\"label\": \"c\", \"value\": \"month.charge\", \"name\": \"charge\"},"
    "{\"label\": \"s\", \"value\": \"month.start\"},"
    "{\"label\": \"l\", \"value\": \"month.limit\", \"absent\": \"none\", \"formula\": "
    "\"IF({charge}>0,2,\\\"none\\\")\"}]}}]},"
    "{\"name\": \"Things\", \"about\": \"a\", \"blocks\": ["
    "{\"text\": {\"text\": \"t\", \"style\": \"subtitle\"}},"
    "{\"table\": {\"dataset\": \"things\", \"list\": true, \"empty\": \"No things.\", \"columns\": ["
    "{\"title\": \"Id\", \"key\": \"id\", \"width\": 9, \"total\": {\"text\": \"All\"}},"
    "{\"title\": \"Amount\", \"key\": \"amount\", \"width\": 9, \"total\": {\"sum\": true}}]}}]}";

TestSuite(report_xlsx, .init = book_make_file, .fini = book_remove_file);

static const char *(hostile[])[2] = {
    {"=HYPERLINK(\"x\")", "1"}, {"+1", NULL}, {"@SUM", "3"}, {"1234567890123456789", "4"},
    {"<&\x01_x0041_>", "5"},    {" ", "6"},   {"", "7"}};

Test(report_xlsx, texts_are_texts_and_formulas_have_their_values)
{
    struct memory memory = memory_new();
    struct error err = {0};

    memory.things = hostile;
    memory.count = ARRAY_LENGTH(hostile);
    cr_assert(book_write(&memory, "many", sheets, 0, book_file, &err), "%s", err.text);
    book_holds("xl/worksheets/sheet1.xml", "<f>COUNTA(Things!$A$3:$A$9)</f><v>3</v>");
    book_holds("xl/worksheets/sheet1.xml", "<v>2.5</v>");
    book_holds("xl/worksheets/sheet1.xml", "<v>46296</v>");
    book_holds("xl/worksheets/sheet1.xml", "<f>IF($B$3&gt;0,2,\"none\")</f><v>2</v>");
    book_holds("xl/worksheets/sheet2.xml", "t=\"inlineStr\"><is><t>=HYPERLINK(\"x\")</t></is>");
    book_holds("xl/worksheets/sheet2.xml", "<t>+1</t>");
    book_holds("xl/worksheets/sheet2.xml", "<t>@SUM</t>");
    book_holds("xl/worksheets/sheet2.xml", "<t>1234567890123456789</t>");
    book_holds("xl/worksheets/sheet2.xml", "<t>&lt;&amp;\xE2\x90\x81_x005F_x0041_&gt;</t>");
    book_holds("xl/worksheets/sheet2.xml", "<f>SUM($B$3:$B$9)</f><v>26</v>");
    book_holds("xl/worksheets/sheet2.xml", "<autoFilter ref=\"A2:B9\"/>");
    book_holds("xl/worksheets/sheet2.xml", "ySplit=\"2\"");
    book_holds("xl/worksheets/sheet2.xml", "<ignoredError sqref=\"A1:C10\" numberStoredAsText=\"1\"/>");
    book_holds("xl/workbook.xml", "<definedName name=\"charge\">Front!$B$3</definedName>");
    book_holds("docProps/core.xml", "2026-11-01T08:00:00Z");
    cr_expect_null(strstr(book_part("xl/worksheets/sheet2.xml"), "<f>HYPERLINK"));
}

Test(report_xlsx, no_value_is_said_in_words)
{
    struct memory memory = memory_new();
    struct error err = {0};

    memory.month[2] = NULL;
    cr_assert(book_write(&memory, "many", sheets, 0, book_file, &err), "%s", err.text);
    book_holds("xl/worksheets/sheet1.xml", "<f>IF($B$3&gt;0,2,\"none\")</f><v>none</v>");
    book_holds("xl/worksheets/sheet1.xml", "<f>COUNTA(Things!$A$3:$A$3)</f>");
    book_holds("xl/worksheets/sheet2.xml", "No things.");
    book_holds("xl/worksheets/sheet2.xml", "<f>SUM($B$3:$B$3)</f><v>0</v>");
}

Test(report_xlsx, goes_on_in_further_sheets)
{
    struct memory memory = memory_new();
    struct error err = {0};

    memory.invented = 20;
    cr_assert(book_write(&memory, "many", sheets, 12, book_file, &err), "%s", err.text);
    book_holds("xl/workbook.xml",
               "<sheet name=\"Front\" sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"Things\" sheetId=\"2\" "
               "r:id=\"rId2\"/><sheet name=\"Things 2\" sheetId=\"3\"");
    book_holds("xl/worksheets/sheet1.xml",
               "<f>COUNTA(Things!$A$3:$A$11,'Things 2'!$A$3:$A$11,'Things 3'!$A$3:$A$4)</f>");
    book_holds("xl/worksheets/sheet3.xml", "<t>id 10</t>");
    book_holds("xl/worksheets/sheet3.xml", "<t>Amount</t>");
    book_holds("xl/worksheets/sheet4.xml", "<f>SUM(Things!$B$3:$B$11,'Things 2'!$B$3:$B$11,$B$3:$B$4)</f><v>210</v>");
    book_holds("xl/worksheets/sheet4.xml", "<autoFilter ref=\"A2:B4\"/>");
}

Test(report_xlsx, fills_a_sheet_to_its_last_row)
{
    struct memory memory = memory_new();
    struct error err = {0};

    memory.invented = 9;
    cr_assert(book_write(&memory, "many", sheets, 12, book_file, &err), "%s", err.text);
    book_holds("xl/worksheets/sheet2.xml", "<f>SUM($B$3:$B$11)</f><v>45</v>");
    cr_expect_null(strstr(book_part("xl/workbook.xml"), "Things 2"));
}

static void digest_of_file(char hex[DIGEST_HEX_SIZE])
{
    static unsigned char bytes[200000];
    unsigned char digest[DIGEST_SIZE];
    FILE *in = fopen(book_file, "rb");
    size_t size = fread(bytes, 1, sizeof(bytes), in);

    fclose(in);
    digest_of(bytes, size, digest);
    digest_hex(digest, hex);
}

Test(report_xlsx, same_rows_same_bytes)
{
    struct memory memory = memory_new();
    struct error err = {0};
    char first[DIGEST_HEX_SIZE];
    char second[DIGEST_HEX_SIZE];

    memory.invented = 100;
    cr_assert(book_write(&memory, "many", sheets, 0, book_file, &err));
    digest_of_file(first);
    cr_assert(book_write(&memory, "many", sheets, 0, book_file, &err));
    digest_of_file(second);
    cr_expect_str_eq(first, second);
}

Test(report_xlsx, a_value_of_another_kind_names_its_place)
{
    static const char *(things[])[2] = {{"a", "1"}, {"b", "many"}};
    struct memory memory = memory_new();
    struct error err = {0};

    memory.things = things;
    memory.count = 2;
    cr_expect_not(book_write(&memory, "many", sheets, 0, book_file, &err));
    cr_expect_str_eq(err.text, "sheet Things: Things, row 4, amount: \"many\" is not of the kind integer");
}

Test(report_xlsx, a_full_disk_is_noticed)
{
    struct memory memory = memory_new();
    struct error err = {0};

    memory.invented = 5000;
    cr_expect_not(book_write(&memory, "many", sheets, 0, "/dev/full", &err));
    cr_expect_not_null(strstr(err.text, "can't write it: "), "%s", err.text);
}

/* ---- reading back ---- */

static struct xlsx_expected expected[2] = {{"xl/worksheets/sheet1.xml", 0}, {"xl/worksheets/sheet2.xml", 0}};

static void measure(struct xlsx_expected *sheet)
{
    const char *text = book_part(sheet->part);
    const char *begin = strstr(text, "<sheetData>") + strlen("<sheetData>");

    sheet->row_size = (uint64_t)(strstr(begin, "</sheetData>") - begin);
}

/* With so many bytes of room for each file. Whether it was written; then it is whole. */
static bool write_with_room(struct memory *memory, rlim_t room)
{
    struct rlimit limit = {room, RLIM_INFINITY};
    struct error err = {0};

    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    bool written = book_write(memory, "many", sheets, 0, book_file, &err);
    limit.rlim_cur = RLIM_INFINITY;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    if (written)
        book_holds("xl/worksheets/sheet2.xml", "</worksheet>");
    else
        cr_expect(strstr(err.text, "can't write") != NULL, "%s", err.text);
    return written;
}

/* Wherever the room ends, in the rows, in the library's own copies of them or in the file: never a broken workbook. The
 * copies are a little larger than the rows, and their errors are those that the library keeps to itself. */
Test(report_xlsx, no_room_is_noticed_wherever_it_ends)
{
    struct memory memory = memory_new();
    struct error err = {0};

    signal(SIGXFSZ, SIG_IGN);
    memory.invented = 2000;
    cr_assert(book_write(&memory, "many", sheets, 0, book_file, &err));
    measure(&expected[1]);
    for (rlim_t room = 4096; room < expected[1].row_size; room *= 2)
        cr_expect_not(write_with_room(&memory, room));
    cr_expect_not(write_with_room(&memory, expected[1].row_size));
    for (rlim_t room = expected[1].row_size; room < expected[1].row_size + 4096; room += 256)
        (void)write_with_room(&memory, room);
    cr_expect(write_with_room(&memory, expected[1].row_size + 4096));
}

static void flip(int fd, off_t at)
{
    unsigned char byte;

    cr_assert_eq(pread(fd, &byte, 1, at), 1);
    byte ^= 0x10;
    cr_assert_eq(pwrite(fd, &byte, 1, at), 1);
}

Test(report_xlsx, reading_back_finds_every_broken_byte)
{
    struct memory memory = memory_new();
    struct error err = {0};
    struct stat state;

    memory.invented = 50;
    cr_assert(book_write(&memory, "many", sheets, 0, book_file, &err));
    measure(&expected[0]);
    measure(&expected[1]);
    cr_assert(xlsx_verify(book_file, expected, 2, &err), "%s", err.text);
    cr_expect_not(xlsx_verify(book_file, expected, 1, &err));
    expected[1].row_size--;
    cr_expect_not(xlsx_verify(book_file, expected, 2, &err));
    cr_expect_str_eq(err.text, "xl/worksheets/sheet2.xml in it is not whole");
    expected[1].row_size++;

    /* What is not noticed is a name or a time in a part's own header, which stand in the directory too. */
    cr_assert_eq(stat(book_file, &state), 0);
    int fd = open(book_file, O_RDWR);
    unsigned unnoticed = 0;
    unsigned flipped = 0;
    for (off_t at = 5; at < state.st_size - 1000; at += 97, flipped++) {
        flip(fd, at);
        unnoticed += xlsx_verify(book_file, expected, 2, &err);
        flip(fd, at);
    }
    cr_expect_gt(flipped, 50);
    cr_expect_lt(unnoticed * 5, flipped);
    cr_assert_eq(ftruncate(fd, state.st_size - 1), 0);
    close(fd);
    cr_expect_not(xlsx_verify(book_file, expected, 2, &err));
    cr_expect_str_eq(err.text, "it has no directory at its end");
}
