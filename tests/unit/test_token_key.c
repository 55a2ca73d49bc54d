/* SPDX-License-Identifier: MIT */
/* The key of the gateway's digests, against a cluster of its own: one key for all who share a database, also while that
 * is away, and never a second one in silence. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/internal.h"
#include "gateway/token_key.h"
#include "private_home.h"

static const struct db_target away = {.conninfo = "host=/nonexistent dbname=none", .origin = "--db"};

/* ---- a spool's folder each ---- */

static char folder[32], copy[64];

static void set_up(void)
{
    snprintf(folder, sizeof(folder), "/tmp/hr-spool.XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    snprintf(copy, sizeof(copy), "%s/" TOKEN_KEY_FILE, folder);
}

static void tear_down(void)
{
    cr_expect(db_remove_tree(-1, folder, NULL));
}

TestSuite(token_key, .init = set_up, .fini = tear_down);

static struct db_target private_cluster(void)
{
    struct db_target target;

    cr_assert(db_find_target(NULL, &target, NULL));
    return target;
}

static void must_load(const struct db_target *target, unsigned char key[RECORDER_KEY_SIZE])
{
    struct error err = {0};

    cr_assert(token_key_load(target, folder, key, &err), "%s", err.text);
}

static void expect_refusal(const struct db_target *target, enum exit_code code, const char *text)
{
    static const unsigned char wiped[RECORDER_KEY_SIZE];
    unsigned char key[RECORDER_KEY_SIZE];
    struct error err = {0};

    cr_assert_not(token_key_load(target, folder, key, &err), "%s", text);
    cr_expect_eq(err.code, code, "%d: %s", err.code, err.text);
    cr_expect_not_null(strstr(err.text, text), "%s", err.text);
    cr_expect_arr_eq(key, wiped, sizeof(key));
}

static void write_copy(const char *text)
{
    FILE *file = fopen(copy, "w");

    cr_assert_not_null(file);
    cr_assert(fputs(text, file) >= 0 && fclose(file) == 0 && chmod(copy, 0600) == 0);
}

Test(token_key, is_the_databases_and_leaves_a_copy)
{
    struct db_target target = private_cluster();
    static const unsigned char none[RECORDER_KEY_SIZE];
    unsigned char first[RECORDER_KEY_SIZE], second[RECORDER_KEY_SIZE];
    struct stat state;

    must_load(&target, first);
    cr_expect_arr_neq(first, none, sizeof(none));
    cr_assert_eq(stat(copy, &state), 0);
    cr_expect_eq(state.st_mode & 07777, 0600);
    cr_expect_eq(state.st_size, 65);
    must_load(&target, second);
    cr_expect_arr_eq(first, second, sizeof(first));
    cr_assert_eq(unlink(copy), 0);
    must_load(&target, second);
    cr_expect_arr_eq(first, second, sizeof(first), "another gateway finds the same");
}

Test(token_key, is_the_copys_while_the_database_is_away)
{
    struct db_target target = private_cluster();
    unsigned char first[RECORDER_KEY_SIZE], second[RECORDER_KEY_SIZE];

    expect_refusal(&away, EXIT_DATABASE, "the first start needs the database");
    must_load(&target, first);
    must_load(&away, second);
    cr_expect_arr_eq(first, second, sizeof(first));
}

#define OTHER "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"

Test(token_key, is_never_another_in_silence)
{
    struct db_target target = private_cluster();
    unsigned char key[RECORDER_KEY_SIZE];

    write_copy(OTHER);
    expect_refusal(&target, EXIT_COMMAND, "holds another key than the database given by");
    must_load(&away, key);
    cr_expect_eq(key[1], 0x11);
}

Test(token_key, is_not_guessed_from_a_copy_that_is_none)
{
    static const char *const texts[] = {
        "", "\n", "00112233\n", "00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff\n", OTHER "\n"};
    struct db_target target = private_cluster();

    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        write_copy(texts[i]);
        expect_refusal(&target, EXIT_COMMAND, "does not hold a key");
        expect_refusal(&away, EXIT_COMMAND, "does not hold a key");
    }
}

Test(token_key, is_not_taken_from_where_others_may_write)
{
    struct db_target target = private_cluster();

    write_copy(OTHER);
    cr_assert_eq(chmod(copy, 0640), 0);
    expect_refusal(&target, EXIT_COMMAND, "chmod 600");
    cr_assert(unlink(copy) == 0 && symlink("/dev/null", copy) == 0);
    expect_refusal(&target, EXIT_COMMAND, "can't be opened");
    cr_assert(unlink(copy) == 0 && mkdir(copy, 0700) == 0);
    expect_refusal(&target, EXIT_COMMAND, "is no file");
}

Test(token_key, says_where_no_copy_can_be_made)
{
    struct db_target target = private_cluster();
    struct error err = {0};
    unsigned char key[RECORDER_KEY_SIZE];

    cr_assert_not(token_key_load(&target, "/nonexistent/spool", key, &err));
    cr_expect_not_null(strstr(err.text, "/nonexistent/spool/token-key can't be written"), "%s", err.text);
}
