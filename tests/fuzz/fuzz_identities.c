/* SPDX-License-Identifier: MIT */
/* Any bytes as a file of identities. */

#include "reader.h"

#include "ingest/identities_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct identities identities = {.file = "users", .by = "fuzz"};
    struct identities_faults faults = {0};
    struct error err;

    if (identities_read(&identities, input_from(bytes, size), &faults, &err)) {
        identities_arrange(&identities);
        for (size_t i = 0; i < identities.count; i++)
            require(identities.list[i].user_id > 0 && identities.list[i].line > 0);
    }
    identities_free(&identities);
    return 0;
}
