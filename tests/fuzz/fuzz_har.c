/* SPDX-License-Identifier: MIT */
#include "reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    return fuzz_reader("har", bytes, size);
}
