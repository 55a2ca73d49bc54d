/* SPDX-License-Identifier: MIT */
/* SHA-256 against the published vectors, at once and in pieces, in several threads. */

#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>

#include "headroom/base.h"

/* From FIPS 180-4's examples and NIST's short message vectors. */
static const struct {
    const char *text;
    const char *hex;
} vectors[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static const char *hex_of(const unsigned char digest[DIGEST_SIZE])
{
    static _Thread_local char hex[DIGEST_HEX_SIZE];

    digest_hex(digest, hex);
    return hex;
}

Test(digest, at_once)
{
    unsigned char out[DIGEST_SIZE];

    for (size_t i = 0; i < ARRAY_LENGTH(vectors); i++) {
        digest_of(vectors[i].text, strlen(vectors[i].text), out);
        cr_expect_str_eq(hex_of(out), vectors[i].hex);
    }
}

Test(digest, in_pieces_with_a_peek_after_each)
{
    struct digest *digest = digest_new();
    unsigned char out[DIGEST_SIZE], again[DIGEST_SIZE];

    for (size_t i = 0; i < ARRAY_LENGTH(vectors); i++) {
        const char *text = vectors[i].text;
        digest_reset(digest);
        for (size_t k = 0; k < strlen(text); k++) {
            digest_add(digest, text + k, 1);
            digest_peek(digest, out);
            digest_of(text, k + 1, again);
            cr_expect_arr_eq(out, again, DIGEST_SIZE, "after %zu bytes", k + 1);
        }
        digest_peek(digest, out);
        cr_expect_str_eq(hex_of(out), vectors[i].hex);
    }
    digest_free(digest);
    digest_free(NULL);
}

static void *hash_often(void *hex)
{
    unsigned char out[DIGEST_SIZE];

    for (int i = 0; i < 1000; i++)
        digest_of("abc", 3, out);
    digest_hex(out, hex);
    return NULL;
}

Test(digest, in_threads_at_the_same_time)
{
    pthread_t threads[4];
    char hex[4][DIGEST_HEX_SIZE];

    for (size_t i = 0; i < 4; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, hash_often, hex[i]), 0);
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        cr_expect_str_eq(hex[i], vectors[1].hex);
    }
}

Test(digest, is_read_from_hex_and_copied_while_it_runs)
{
    unsigned char expected[DIGEST_SIZE], bytes[DIGEST_SIZE];
    char hex[DIGEST_HEX_SIZE];
    struct digest *first = digest_new(), *second = digest_new();

    digest_of("abcdef", 6, expected);
    digest_hex(expected, hex);
    cr_assert(digest_from_hex(hex, bytes));
    cr_assert_arr_eq(bytes, expected, DIGEST_SIZE);
    hex[5] = 'G';
    cr_assert_not(digest_from_hex(hex, bytes));
    cr_assert_not(digest_from_hex("ab", bytes));

    digest_add(first, "abc", 3);
    digest_copy(second, first);
    digest_add(first, "x", 1);
    digest_add(second, "def", 3);
    digest_peek(second, bytes);
    cr_assert_arr_eq(bytes, expected, DIGEST_SIZE);
    digest_free(first);
    digest_free(second);
}

/* RFC 4231, test cases 2 and 6; in one piece and byte by byte. */
Test(hmac, is_that_of_the_rfc)
{
    static const char question[] = "what do ya want for nothing?";
    static const char larger[] = "Test Using Larger Than Block-Size Key - Hash Key First";
    char long_key[131];
    unsigned char out[DIGEST_SIZE];
    char hex[DIGEST_HEX_SIZE];

    memset(long_key, 0xaa, sizeof(long_key));
    struct hmac *hmac = hmac_new("Jefe", 4);
    for (const char *at = question; *at != '\0'; at++)
        hmac_add(hmac, at, 1);
    hmac_end(hmac, out);
    digest_hex(out, hex);
    cr_expect_str_eq(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");

    hmac = hmac_new(long_key, sizeof(long_key));
    hmac_add(hmac, larger, sizeof(larger) - 1);
    hmac_end(hmac, out);
    digest_hex(out, hex);
    cr_expect_str_eq(hex, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}
