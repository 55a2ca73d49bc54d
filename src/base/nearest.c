/* SPDX-License-Identifier: MIT */
/* The nearest known name: edit distance with neighbours swapped, and the beginning of a name counts as near. */

#include <string.h>

#include "headroom/base.h"

#define LONGEST 40

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: insertions, deletions, replacements and swaps of neighbours cost 1 each. */
static size_t distance_of(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t cost[LONGEST + 1][LONGEST + 1];
    for (size_t i = 0; i <= a_size; i++)
        cost[i][0] = i;
    for (size_t j = 0; j <= b_size; j++)
        cost[0][j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        for (size_t j = 1; j <= b_size; j++) {
            size_t replaced = cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            cost[i][j] = least(replaced, least(cost[i - 1][j], cost[i][j - 1]) + 1);
            bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped)
                cost[i][j] = least(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[a_size][b_size];
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
    size_t word_size = strlen(nearest->word);
    size_t candidate_size = strlen(candidate);
    if (word_size > LONGEST || candidate_size > LONGEST)
        return;
    size_t distance = distance_of(nearest->word, word_size, candidate, candidate_size);
    bool beginning = word_size >= 2 && strncmp(candidate, nearest->word, word_size) == 0;
    if (beginning)
        distance = 1;
    /* A third of the letters may be wrong: more, and the guess would be a joke. */
    if (distance > (candidate_size + 1) / 3)
        return;
    if (nearest->best == NULL || distance < nearest->distance) {
        nearest->best = candidate;
        nearest->distance = distance;
    }
}
