/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target on the files that are named, where no fuzzer is: what was found once must not come back. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define INPUT_MAX ((size_t)4 << 20)

int main(int argc, char **argv)
{
    uint8_t *bytes = malloc(INPUT_MAX);

    if (bytes == NULL)
        return 1;
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        if (file == NULL) {
            perror(argv[i]);
            return 1;
        }
        size_t size = fread(bytes, 1, INPUT_MAX, file);
        fclose(file);
        fprintf(stderr, "%s: %zu bytes\n", argv[i], size);
        LLVMFuzzerTestOneInput(bytes, size);
    }
    free(bytes);
    printf("%d inputs\n", argc - 1);
    return 0;
}
