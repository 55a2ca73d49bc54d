/* SPDX-License-Identifier: MIT */
/* Other programs: started with few descriptors, the right user, and their output kept. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/internal.h"

#define LAST_LINES   500 /* bytes at most */
#define FIRST_FOLDER 3
#define SAFE_NUMBER  16 /* above all that the child gives a meaning to */

/* Puts the child's descriptors in place: input from nowhere, output to `out`, the folders at 3 and 4, nothing else. A
 * server that runs for years must not keep a pipe of its starter open. */
static bool arrange(const struct process *process, int out)
{
    int moved[2] = {-1, -1};
    int output = fcntl(out, F_DUPFD, SAFE_NUMBER);
    int input = open("/dev/null", O_RDONLY);

    for (int i = 0; i < 2; i++)
        if (process->folders[i] >= 0 && (moved[i] = fcntl(process->folders[i], F_DUPFD, SAFE_NUMBER)) < 0)
            return false;
    if (output < 0 || input < 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0)
        return false;
    for (int i = 0; i < 2; i++) {
        close(FIRST_FOLDER + i);
        if (moved[i] >= 0 && dup2(moved[i], FIRST_FOLDER + i) < 0)
            return false;
    }
    closefrom(FIRST_FOLDER + 2);
    return true;
}

/* In the child. Does not return. */
static void become(const struct process *process, int out, bool apart)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    if (apart)
        setsid();
    if (!arrange(process, out) || (process->user != NULL && chdir("/") != 0) ||
        (process->user != NULL && !db_server_user_become(process->user))) {
        dprintf(STDERR_FILENO, "cannot get ready for %s: %s\n", process->argv[0], strerror(errno));
        _exit(127);
    }

    char **environment = process->environment == NULL ? environ : (char **)(uintptr_t)process->environment;
    execve(process->argv[0], (char *const *)(uintptr_t)process->argv, environment);
    dprintf(STDERR_FILENO, "cannot run %s: %s\n", process->argv[0], strerror(errno));
    _exit(127);
}

static bool spawn(const struct process *process, int out, bool apart, pid_t *pid, struct error *err)
{
    fflush(NULL);
    signal(SIGCHLD, SIG_DFL); /* where the caller's is ignored, no child could be waited for */
    *pid = fork();
    if (*pid == 0)
        become(process, out, apart);
    return *pid > 0 || fail(err, EXIT_COMMAND, "cannot start %s: %s", process->argv[0], strerror(errno));
}

/* What does not fit is read and dropped, so that the program is never held up. */
static void take_output(int from, struct buffer *output)
{
    char bytes[4096];
    ssize_t size;

    while ((size = read(from, bytes, sizeof(bytes))) != 0) {
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            return;
        if (!buffer_add(output, bytes, (size_t)size))
            log_detail("output of a program was cut");
    }
}

bool db_process_run(const struct process *process, struct buffer *output, int *status, struct error *err)
{
    int ends[2];
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(err, EXIT_COMMAND, "cannot start %s: %s", process->argv[0], strerror(errno));
    if (!spawn(process, ends[1], false, &pid, err)) {
        close(ends[0]);
        close(ends[1]);
        return false;
    }
    close(ends[1]);
    take_output(ends[0], output);
    close(ends[0]);
    while (waitpid(pid, status, 0) < 0)
        if (errno != EINTR)
            return fail(err, EXIT_COMMAND, "cannot wait for %s: %s", process->argv[0], strerror(errno));
    return true;
}

/* The last lines of what a program said: the reason is there, and an error has room for so much. */
static char *last_lines(const struct buffer *output)
{
    const char *said = output->data == NULL ? "" : output->data;
    size_t size = strlen(said);
    const char *from = size > LAST_LINES ? said + size - LAST_LINES : said;
    const char *end = from == said ? NULL : strchr(from, '\n');

    return db_one_line(end == NULL ? from : end + 1);
}

bool db_process_must(const struct process *process, struct error *err)
{
    struct buffer output;
    int status = 0;
    bool done;

    buffer_init(&output, (size_t)64 * 1024);
    done = db_process_run(process, &output, &status, err);
    if (done && !(WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
        char *last = last_lines(&output);
        done = fail(err, EXIT_COMMAND, "%s failed (%s %d): %s", process->argv[0],
                    WIFEXITED(status) ? "exit code" : "signal",
                    WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status), last);
        free(last);
    }
    buffer_free(&output);
    return done;
}

bool db_process_start(const struct process *process, int log, pid_t *pid, struct error *err)
{
    return spawn(process, log, true, pid, err);
}
