/* SPDX-License-Identifier: MIT */
/* Any bytes as the value of an Authorization header. */

#include <stdlib.h>

#include "headroom/engagement.h"

static void require(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = arena_new();
    struct authorization found;

    authorization_read((struct str){(const char *)bytes, size}, arena, &found);
    require((found.kind == AUTHORIZATION_USER) == (found.user_id > 0));
    require(found.consumer_key.data == NULL || str_is_utf8(found.consumer_key));
    arena_free(arena);
    return 0;
}
