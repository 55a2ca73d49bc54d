/* SPDX-License-Identifier: MIT */
/* How long a disk takes to hold a page that is added to a file: disk FOLDER TIMES
 * Prints "P50 P99 MAX", milliseconds of a write of 4096 bytes and its fdatasync. */

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096

static double now_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    static const char page[PAGE] = "page";
    long times = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
    char path[1000];

    if (times < 1) {
        fprintf(stderr, "usage: disk FOLDER TIMES\n");
        return 2;
    }
    snprintf(path, sizeof(path), "%s/disk.%d", argv[1], (int)getpid());
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    double *took_ms = calloc((size_t)times, sizeof(*took_ms));
    if (fd < 0 || took_ms == NULL || unlink(path) != 0) {
        perror(path);
        return 1;
    }
    for (long i = 0; i < times; i++) {
        double begin_ms = now_ms();
        if (write(fd, page, PAGE) != PAGE || fdatasync(fd) != 0) {
            perror(path);
            return 1;
        }
        took_ms[i] = now_ms() - begin_ms;
    }
    qsort(took_ms, (size_t)times, sizeof(*took_ms), by_size);
    printf("%.3f %.3f %.3f\n", took_ms[times / 2], took_ms[times * 99 / 100], took_ms[times - 1]);
    free(took_ms);
    close(fd);
    return 0;
}
