/* SPDX-License-Identifier: MIT */
/* Files that appear whole or not at all. */

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/outfile.h"

static char folder[] = "/tmp/outfile.XXXXXX";

static void make_folder(void)
{
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
}

static void remove_folder(void)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            (void)remove(entry->d_name);
    closedir(dir);
    (void)rmdir(folder);
}

TestSuite(report_outfile, .init = make_folder, .fini = remove_folder);

static unsigned files_in_folder(void)
{
    DIR *dir = opendir(".");
    unsigned count = 0;

    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count - 2;
}

static void write_text(const char *file, const char *text)
{
    FILE *out = fopen(file, "w");

    cr_assert_not_null(out);
    fputs(text, out);
    fclose(out);
}

static const char *read_text(const char *file)
{
    static char text[100];
    FILE *in = fopen(file, "r");
    size_t size = in != NULL ? fread(text, 1, sizeof(text) - 1, in) : 0;

    text[size] = '\0';
    if (in != NULL)
        fclose(in);
    return text;
}

Test(report_outfile, appears_when_it_is_finished)
{
    struct outfile outfile;
    struct error err;
    char sha256[DIGEST_HEX_SIZE];
    struct stat state;

    umask(027);
    write_text("a", "old");
    cr_assert(outfile_begin(&outfile, "a", &err));
    write_text(outfile.temporary, "abc");
    cr_expect_str_eq(read_text("a"), "old");
    cr_assert(outfile_finish(&outfile, sha256, &err));
    outfile_end(&outfile);
    cr_expect_str_eq(read_text("a"), "abc");
    cr_expect_str_eq(sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    cr_expect_eq(files_in_folder(), 1);
    cr_expect_eq(stat("a", &state), 0);
    cr_expect_eq(state.st_mode & 0777, 0640);
}

Test(report_outfile, leaves_nothing_when_it_is_given_up)
{
    struct outfile outfile;
    struct error err;

    write_text("a", "old");
    cr_assert(outfile_begin(&outfile, "a", &err));
    cr_expect_eq(files_in_folder(), 2);
    outfile_end(&outfile);
    cr_expect_eq(files_in_folder(), 1);
    cr_expect_str_eq(read_text("a"), "old");
}

Test(report_outfile, a_link_goes_on_being_one)
{
    struct outfile outfile;
    struct error err;
    char sha256[DIGEST_HEX_SIZE];
    struct stat state;

    write_text("real", "old");
    cr_assert_eq(symlink("real", "link"), 0);
    cr_assert(outfile_begin(&outfile, "link", &err));
    write_text(outfile.temporary, "new");
    cr_assert(outfile_finish(&outfile, sha256, &err));
    outfile_end(&outfile);
    cr_expect_eq(lstat("link", &state), 0);
    cr_expect(S_ISLNK(state.st_mode));
    cr_expect_str_eq(read_text("real"), "new");
}

Test(report_outfile, an_unfinished_file_says_what_it_is)
{
    struct outfile outfile;
    struct error err;

    cr_assert(outfile_begin(&outfile, "march.xlsx", &err));
    cr_expect_eq(strncmp(outfile.temporary, "march.xlsx.unfinished-", 22), 0, "%s", outfile.temporary);
    outfile_end(&outfile);
    cr_expect_eq(files_in_folder(), 0);
}

static const struct {
    const char *file;
    const char *message;
} refused[] = {
    {"", "\"\" is no name of a file"},
    {"x/", "\"x/\" is no name of a file"},
    {".", "can't write .: it is a folder; name a file in it"},
    {"/dev/null", "can't write /dev/null: it is not a plain file"},
    {"nowhere/a", "can't write nowhere/a: No such file or directory; -o names another file"},
    {"/proc/a", "can't write /proc/a: "},
};

Test(report_outfile, refuses_what_is_no_file)
{
    for (size_t i = 0; i < ARRAY_LENGTH(refused); i++) {
        struct outfile outfile;
        struct error err = {0};

        cr_expect_not(outfile_begin(&outfile, refused[i].file, &err), "%s", refused[i].file);
        outfile_end(&outfile);
        cr_expect_eq(strncmp(err.text, refused[i].message, strlen(refused[i].message)), 0, "%s", err.text);
        cr_expect_eq(err.code, EXIT_COMMAND);
        cr_expect_eq(files_in_folder(), 0, "%s", refused[i].file);
    }
}

static const struct {
    const char *text;
    const char *name;
} names[] = {
    {"acme", "acme"},
    {"a_b", "a_b"},
    {"a/b", "a_b-c14cddc0"},
    {"a/b\\c:d*e?f\"g<h>i|j", "a_b_c_d_e_f_g_h_i_j-e09ce0f0"},
    {"../..", "_._..-0cfd1c96"},
    {"-rf", "_rf-686c39ac"},
    {"[x]", "[x]"},
    {"M\xC3\xBCller & S\xC3\xB6hne", "M\xC3\xBCller & S\xC3\xB6hne"},
    {"a\nb", "a_b-7e18f737"},
    {"x-0123abcd", "x-0123abcd-6324b7ee"},
    {"x-0123abcg", "x-0123abcg"},
};

Test(report_outfile, names_are_safe_and_short)
{
    struct buffer out;

    buffer_init(&out, 1000);
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        buffer_clear(&out);
        cr_expect(outfile_name(names[i].text, &out));
        cr_expect_str_eq(out.data, names[i].name);
    }
    buffer_clear(&out);
    for (size_t i = 0; i < 100; i++)
        cr_assert(buffer_add(&out, "\xE2\x82\xAC", 3));
    char *euros = mem_text(out.data);
    buffer_clear(&out);
    cr_expect(outfile_name(euros, &out));
    cr_expect_eq(out.size, 120 + 9);
    cr_expect_eq(out.data[120], '-');
    free(euros);
    buffer_free(&out);
}
