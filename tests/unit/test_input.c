/* SPDX-License-Identifier: MIT */
/* Bytes from files, pipes and gzip: whole at every boundary, and honest about what is broken. */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>

#include "reader_from.h"

#define CONTENT_MAX ((size_t)1 << 20)

/* Reads all, `step` bytes at once; returns whether it came to the end. */
static bool read_whole(struct input *input, size_t step, struct str *got, struct error *err)
{
    char *data = malloc(CONTENT_MAX + step); /* exact: a sanitizer sees a write behind it */
    size_t count = 0;
    bool done;

    got->data = data;
    got->size = 0;
    while ((done = input_read(input, data + got->size, step, &count, err)) && count > 0) {
        got->size += count;
        cr_assert_leq(got->size, CONTENT_MAX);
    }
    return done;
}

static void check_content(struct str file, struct str content, size_t limit, size_t step)
{
    struct input *input = input_from(file, limit);
    struct error err = {0};
    struct str got;

    cr_assert(read_whole(input, step, &got, &err), "%s", err.text);
    cr_expect(str_equal(got, content), "limit %zu, step %zu: %zu bytes, not %zu", limit, step, got.size, content.size);
    cr_expect_eq(input_bytes_done(input), file.size);
    cr_expect_eq(input_bytes_total(input), file.size);
    free((void *)(uintptr_t)got.data);
    input_close(input);
}

static struct str join(struct str a, struct str b)
{
    char *data = lasting_alloc(a.size + b.size + 1);

    memcpy(data, a.data, a.size);
    memcpy(data + a.size, b.data, b.size);
    return (struct str){data, a.size + b.size};
}

Test(input, gives_the_same_bytes_plain_and_compressed_at_every_boundary)
{
    static const size_t steps[] = {1, 2, 3, 1000, 300000};
    uint32_t seed = 7;
    struct str contents[] = {
        STR(""), STR("\x1f"), STR("\x1f\x1f\x8b"), STR("a line\n"), random_text(&seed, 20000, STR("abcdefgh\n")),
    };

    for (size_t c = 0; c < ARRAY_LENGTH(contents); c++) {
        struct str one = gzip_of(contents[c]);
        struct str two = join(one, one), twice = join(contents[c], contents[c]);
        struct str padded = join(one, (struct str){(char[512]){0}, 512});
        for (size_t s = 0; s < ARRAY_LENGTH(steps); s++) {
            for (size_t limit = 0; limit < 4; limit++) {
                check_content(contents[c], contents[c], limit, steps[s]);
                check_content(one, contents[c], limit, steps[s]);
                check_content(two, twice, limit, steps[s]);
                check_content(padded, contents[c], limit, steps[s]);
            }
        }
    }
}

Test(input, says_how_far_a_cut_off_gzip_came)
{
    uint32_t seed = 3;
    struct str content = random_text(&seed, 3000, STR("abcdefghijklmnopqrstuvwxyz"));
    struct str file = gzip_of(content);

    for (size_t size = 2; size < file.size; size++) {
        for (size_t limit = 0; limit < 2; limit++) {
            struct input *input = input_from((struct str){file.data, size}, limit);
            struct error err = {0};
            struct str got;
            size_t count;
            char expected[100];

            cr_assert_not(read_whole(input, 100, &got, &err), "cut at %zu", size);
            cr_expect(got.size <= content.size && memcmp(got.data, content.data, got.size) == 0);
            snprintf(expected, sizeof expected,
                     "log: the gzip data is cut off after %zu bytes (%zu bytes decompressed)", size, got.size);
            cr_expect_eq(strncmp(err.text, expected, strlen(expected)), 0, "%s", err.text);
            cr_expect_eq(err.code, EXIT_COMMAND);
            cr_expect_not(input_read(input, (char[1]){0}, 1, &count, &err), "broken stays broken");
            free((void *)(uintptr_t)got.data);
            input_close(input);
        }
    }
}

Test(input, never_gives_other_bytes_for_a_corrupt_gzip_without_saying_so)
{
    uint32_t seed = 5;
    struct str content = random_text(&seed, 2000, STR("abcdefghijklmnopqrstuvwxyz"));
    struct str file = gzip_of(content);
    char *broken = lasting_alloc(file.size);
    size_t failures = 0;

    for (size_t at = 2; at < file.size; at++) { /* behind the magic */
        struct error err = {0};
        struct str got;

        memcpy(broken, file.data, file.size);
        broken[at] = (char)(broken[at] ^ (1 << random_below(&seed, 8)));
        struct input *input = input_from((struct str){broken, file.size}, 0);
        bool whole = read_whole(input, 4096, &got, &err);
        failures += whole ? 0 : 1;
        cr_expect(!whole || str_equal(got, content), "byte %zu", at);
        free((void *)(uintptr_t)got.data);
        input_close(input);
    }
    cr_expect_gt(failures, file.size - 20, "only the header's free fields may change unseen");
}

Test(input, refuses_what_follows_a_gzip_and_is_none)
{
    struct str file = join(gzip_of(STR("one\n")), STR("garbage"));
    struct input *input = input_from(file, 0);
    struct error err = {0};
    struct str got;

    cr_assert_not(read_whole(input, 100, &got, &err));
    cr_expect(str_equal(got, STR("one\n")));
    free((void *)(uintptr_t)got.data);
    cr_expect_not_null(strstr(err.text, "followed by something that is no gzip"), "%s", err.text);
    input_close(input);
}

Test(input, says_why_a_path_is_no_file)
{
    char folder[] = "/tmp/hr.XXXXXX", missing[64], below[64];
    struct input *input = NULL;
    struct error err = {0};

    cr_assert_not_null(mkdtemp(folder));
    snprintf(missing, sizeof missing, "%s/none", folder);
    snprintf(below, sizeof below, "%s/file/none", folder);
    close(creat((snprintf(below, sizeof below, "%s/file", folder), below), 0600));
    snprintf(below, sizeof below, "%s/file/none", folder);

    const struct {
        const char *path, *what;
    } cases[] = {{missing, "no such file"}, {folder, "is a directory"}, {below, "can't be opened: Not a directory"}};
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        cr_expect_not(input_open(&input, cases[i].path, &err));
        cr_expect_not_null(strstr(err.text, cases[i].what), "%s", err.text);
        cr_expect_eq(strncmp(err.text, cases[i].path, strlen(cases[i].path)), 0, "%s", err.text);
        cr_expect_eq(err.code, EXIT_COMMAND);
        cr_expect_null(input);
    }
    snprintf(below, sizeof below, "%s/file", folder);
    unlink(below);
    rmdir(folder);
}

Test(input, shows_no_secret_of_a_path)
{
    struct input *input = NULL;
    struct error err = {0};

    cr_expect_not(input_open(&input, "none/oauth_token=6253282-eWudHldSbIaelX7swmsiHImEL4Kin", &err));
    cr_expect_null(strstr(err.text, "eWud"), "%s", err.text);
    cr_expect_eq(strncmp(err.text, "none/oauth_token=", 17), 0, "%s", err.text);
}

Test(input, says_that_reading_broke_off)
{
    struct input *input = input_of(open("/", O_RDONLY | O_DIRECTORY), "log");
    struct error err = {0};
    size_t got;

    cr_assert_not(input_read(input, (char[1]){0}, 1, &got, &err));
    cr_expect_str_eq(err.text, "log: reading broke off after 0 bytes: Is a directory");
    input_close(input);
}

/* ---- pipes ---- */

struct writer {
    int fd;
    struct str content;
};

static void *write_slowly(void *argument)
{
    const struct writer *writer = argument;

    for (size_t i = 0; i < writer->content.size; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        if (write(writer->fd, writer->content.data + i, 1) != 1)
            break;
    }
    close(writer->fd);
    return NULL;
}

static void check_slow_pipe(struct str file, struct str content, int flags)
{
    int ends[2];
    pthread_t thread;
    struct error err = {0};
    struct str got;

    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(fcntl(ends[0], F_SETFL, flags), 0);
    struct writer writer = {ends[1], file};
    pthread_create(&thread, NULL, write_slowly, &writer);
    struct input *input = input_of(ends[0], "pipe");
    cr_expect(read_whole(input, 1000, &got, &err), "%s", err.text);
    cr_expect(str_equal(got, content));
    cr_expect_eq(input_bytes_total(input), 0, "a pipe's length is not known");
    free((void *)(uintptr_t)got.data);
    pthread_join(thread, NULL);
    input_close(input);
}

static void ignore(int number)
{
    (void)number;
}

Test(input, waits_for_a_slow_pipe_through_signals_and_without_blocking)
{
    struct sigaction action = {.sa_handler = ignore}; /* no SA_RESTART: read returns EINTR */
    struct itimerval often = {.it_interval.tv_usec = 3000, .it_value.tv_usec = 3000};
    struct str content = STR("{\"time\":1}\n{\"time\":2}\n");

    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    check_slow_pipe(content, content, 0);
    check_slow_pipe(content, content, O_NONBLOCK);
    check_slow_pipe(gzip_of(content), content, 0);
    check_slow_pipe(gzip_of(content), content, O_NONBLOCK);
    setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
}

Test(input, reads_standard_input_and_leaves_it_open)
{
    struct input *input = NULL;
    struct error err = {0};
    struct str got;

    cr_assert_geq(dup2(file_of(STR("bytes")), STDIN_FILENO), 0);
    cr_assert(input_open(&input, "-", &err));
    cr_expect_str_eq(input_name(input), "standard input");
    cr_expect(read_whole(input, 100, &got, &err));
    cr_expect(str_equal(got, STR("bytes")));
    free((void *)(uintptr_t)got.data);
    input_close(input);
    cr_expect_neq(fcntl(STDIN_FILENO, F_GETFD), -1);
}
