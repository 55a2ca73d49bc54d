/* SPDX-License-Identifier: MIT */
/* Arenas: alignment, many sizes, and what a reset keeps. */

#include <criterion/criterion.h>
#include <stdalign.h>
#include <string.h>

#include "headroom/base.h"

Test(arena, gives_aligned_blocks_that_do_not_overlap)
{
    static const size_t sizes[] = {1, 0, 7, 16, 100, 4096, 20000, 70000, 3, 2000000, 5, 16384, 16385, 65536, 1};
    enum {
        ROUNDS = 20
    };
    struct arena *arena = arena_new();
    unsigned char *blocks[ROUNDS][ARRAY_LENGTH(sizes)];

    for (size_t round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
            arena_copy(arena, STR("x")); /* puts the next block off its alignment */
            blocks[round][i] = arena_alloc(arena, sizes[i]);
            cr_assert_eq((uintptr_t)blocks[round][i] % alignof(max_align_t), 0);
            memset(blocks[round][i], (int)(round * 16 + i), sizes[i]);
        }
    for (size_t round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++)
            for (size_t k = 0; k < sizes[i]; k += 97)
                cr_assert_eq(blocks[round][i][k], (unsigned char)(round * 16 + i));
    arena_free(arena);
}

Test(arena, reset_ends_all_and_keeps_the_first_chunk)
{
    struct arena *arena = arena_new();
    void *first = arena_alloc(arena, 10);

    arena_alloc(arena, 5000000);
    for (int i = 0; i < 1000; i++)
        arena_alloc(arena, 1000);
    cr_assert_geq(arena_used(arena), 6000010);
    arena_reset(arena);
    cr_assert_eq(arena_used(arena), 0);
    cr_assert_eq(arena_alloc(arena, 10), first);
    cr_assert_eq(arena_used(arena), 10);
    arena_free(arena);
}

Test(arena, reset_keeps_the_first_chunk_behind_a_large_block)
{
    struct arena *arena = arena_new();
    void *first = arena_alloc(arena, 10);

    arena_reset(arena);
    arena_alloc(arena, 5000000);
    arena_reset(arena);
    cr_assert_eq(arena_alloc(arena, 10), first);
    arena_free(arena);
}

Test(arena, copies_end_with_nul_and_absent_stays_absent)
{
    struct arena *arena = arena_new();
    struct str copy = arena_copy(arena, (struct str){"abcdef", 3});

    cr_assert_eq(copy.size, 3);
    cr_assert_str_eq(copy.data, "abc");
    cr_assert_null(arena_copy(arena, str_of(NULL)).data);
    cr_assert_not_null(arena_copy(arena, STR("")).data);
    arena_free(arena);
    arena_free(NULL);
}
