/* SPDX-License-Identifier: MIT */
/* Addresses to listen on, and the upstream that must not be one of them. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/listen.h"
#include "gateway/upstream_url.h"

Test(listen, addresses)
{
    static const struct {
        const char *text, *host, *port;
    } good[] = {
        {"127.0.0.1:8080", "127.0.0.1", "8080"},
        {"localhost:1", "localhost", "1"},
        {"[::1]:8443", "::1", "8443"},
        {":443", "", "443"},
        {"[fe80::1%lo]:65535", "fe80::1%lo", "65535"},
    };
    static const char *const bad[] = {"",      "8080",       "localhost",     "localhost:", "localhost:0",
                                      "a:b",   "a:65536",    "a:-1",          "::1:80",     "[]:80",
                                      "[::1]", "http://a:1", "127.0.0.1:80 ", "a:+1"};
    struct listen_address address;
    struct error err;

    for (size_t i = 0; i < ARRAY_LENGTH(good); i++) {
        cr_assert(listen_parse("--listen", good[i].text, &address, &err), "%s", good[i].text);
        cr_assert_str_eq(address.host, good[i].host);
        cr_assert_str_eq(address.port, good[i].port);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        cr_assert_not(listen_parse("--listen", bad[i], &address, &err), "%s", bad[i]);
        cr_assert_eq(err.code, EXIT_USAGE);
        cr_assert(strstr(err.text, "--listen") != NULL);
    }
}

Test(listen, a_host_that_is_too_long_is_none)
{
    char text[400];
    struct listen_address address;

    memset(text, 'a', sizeof(text));
    memcpy(text + 300, ":80", 4);
    cr_assert_not(listen_parse("--listen", text, &address, NULL));
}

/* Opens a port of its own below those that the kernel gives to clients. */
static int open_some(const char *host, char port[6])
{
    char text[64];
    int listener = -1;

    for (int i = 0; i < 200 && listener < 0; i++) {
        snprintf(port, 6, "%d", 20000 + (getpid() * 7 + i * 13) % 12000);
        snprintf(text, sizeof(text), "%s:%s", host, port);
        if (!listen_open("--listen", text, &listener, NULL))
            listener = -1;
    }
    return listener;
}

Test(listen, its_own_address_is_known_by_whatever_name)
{
    char port[6], other[6], shown[LISTEN_SHOWN_SIZE], wanted[64];
    int listener = open_some("127.0.0.1", port);

    cr_assert_geq(listener, 0);
    snprintf(other, sizeof(other), "%d", (int)strtol(port, NULL, 10) - 1);
    snprintf(wanted, sizeof(wanted), "127.0.0.1:%s", port);
    cr_assert_str_eq(listen_shown(listener, shown), wanted);
    cr_assert(listen_is_loopback(listener));
    cr_assert(listen_is_own(listener, "127.0.0.1", port));
    cr_assert(listen_is_own(listener, "localhost", port));
    cr_assert_not(listen_is_own(listener, "127.0.0.1", other));
    cr_assert_not(listen_is_own(listener, "127.0.0.2", port));
    cr_assert_not(listen_is_own(listener, "no.such.host.invalid", port));
    close(listener);
}

Test(listen, every_address_holds_each_of_this_machines)
{
    char port[6];
    int listener = open_some("", port);

    cr_assert_geq(listener, 0);
    cr_assert_not(listen_is_loopback(listener));
    cr_assert(listen_is_own(listener, "127.0.0.2", port));
    cr_assert_not(listen_is_own(listener, "192.0.2.1", port)); /* of RFC 5737: nobody's */
    close(listener);
}

Test(listen, systemd_passes_on_one_socket)
{
    struct error err;
    int listener;

    unsetenv("LISTEN_FDS");
    cr_assert_not(listen_open("--listen", "systemd", &listener, &err));
    setenv("LISTEN_FDS", "1", 1);
    setenv("LISTEN_PID", "1", 1);
    cr_assert_not(listen_open("--listen", "systemd", &listener, &err), "another process's");
}

/* Whether a process takes what systemd hands to it as descriptor 3; a child, as Criterion has a use for its own 3. */
static bool is_taken(int handed, const char *count, bool is_its_own)
{
    int ended, listener;
    char pid[16];
    pid_t child = fork();

    if (child == 0) {
        snprintf(pid, sizeof(pid), "%d", is_its_own ? (int)getpid() : (int)getppid());
        if (dup2(handed, 3) != 3 || setenv("LISTEN_PID", pid, 1) != 0 || setenv("LISTEN_FDS", count, 1) != 0)
            _exit(2);
        _exit(!listen_open("--listen", "systemd", &listener, NULL) || listener != 3 || !listen_is_loopback(listener));
    }
    cr_assert_eq(waitpid(child, &ended, 0), child);
    cr_assert(WIFEXITED(ended) && WEXITSTATUS(ended) < 2);
    return WEXITSTATUS(ended) == 0;
}

Test(listen, of_systemd_it_takes_a_socket_that_listens_and_is_its_own)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listening = socket(AF_UNIX, SOCK_STREAM, 0), idle = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "hr-listen.%d", (int)getpid()); /* abstract */
    cr_assert_eq(bind(listening, (const struct sockaddr *)&address, sizeof(address)), 0);
    cr_assert_eq(listen(listening, 1), 0);
    cr_expect(is_taken(listening, "1", true));
    cr_expect_not(is_taken(listening, "1", false), "it was handed to another process");
    cr_expect_not(is_taken(listening, "2", true), "one of two");
    cr_expect_not(is_taken(idle, "1", true), "it does not listen");
    close(listening);
    close(idle);
}

Test(listen, systemd_hears_in_the_abstract_name_space)
{
    struct sockaddr_un ear = {.sun_family = AF_UNIX};
    char name[32], got[32] = "";
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

    snprintf(name, sizeof(name), "@hr-ear.%d", (int)getpid());
    memcpy(ear.sun_path + 1, name + 1, strlen(name + 1));
    cr_assert_eq(
        bind(fd, (const struct sockaddr *)&ear, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))), 0);
    setenv("NOTIFY_SOCKET", name, 1);
    listen_tell_systemd("READY=1");
    cr_assert_eq(recv(fd, got, sizeof(got) - 1, MSG_DONTWAIT), 7);
    close(fd);
}

Test(listen, systemd_hears)
{
    struct sockaddr_un ear = {.sun_family = AF_UNIX};
    char got[32] = "";
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

    snprintf(ear.sun_path, sizeof(ear.sun_path), "/tmp/hr-ear.%d", (int)getpid());
    unlink(ear.sun_path);
    cr_assert_eq(bind(fd, (const struct sockaddr *)&ear, sizeof(ear)), 0);
    setenv("NOTIFY_SOCKET", ear.sun_path, 1);
    listen_tell_systemd("READY=1");
    cr_assert_eq(recv(fd, got, sizeof(got) - 1, MSG_DONTWAIT), 7);
    cr_assert_str_eq(got, "READY=1");
    unlink(ear.sun_path);
    close(fd);
}

Test(upstream_url, what_one_is)
{
    struct upstream_url upstream;
    struct error err;
    static const char *const bad[] = {"",
                                      "data-api.twitter.com",
                                      "ftp://data-api.twitter.com",
                                      "https://user:secret@data-api.twitter.com",
                                      "https://data-api.twitter.com/insights",
                                      "https://data-api.twitter.com?x=1",
                                      "https://data-api.twitter.com#x",
                                      "http://data-api.twitter.com",
                                      "http://127.0.0.1.data-api.twitter.com"};

    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        cr_assert_not(upstream_url_read(bad[i], NULL, &upstream, &err), "%s", bad[i]);
        cr_assert_eq(err.code, EXIT_USAGE);
        cr_assert(strstr(err.text, "secret") == NULL);
    }
    cr_assert(upstream_url_read("https://data-api.twitter.com", NULL, &upstream, &err));
    cr_assert_str_eq(upstream.host, "data-api.twitter.com");
    cr_assert_str_eq(upstream.port, "443");
    cr_assert(upstream_url_read("https://data-api.twitter.com/", "[::1]:8443", &upstream, &err));
    cr_assert_str_eq(upstream.name, "data-api.twitter.com");
    cr_assert_str_eq(upstream.host, "::1");
    cr_assert_str_eq(upstream.port, "8443");
    cr_assert(upstream_url_read("http://[::1]:81", NULL, &upstream, &err));
    cr_assert_str_eq(upstream.host, "::1");
    cr_assert(upstream_url_read("http://LocalHost:81", NULL, &upstream, &err));
    cr_assert_not(upstream_url_read("http://127.0.0.1", "192.0.2.1:80", &upstream, &err), "it would leave the machine");
    cr_assert_not(upstream_url_read("https://a", ":80", &upstream, &err));
}

Test(upstream_url, a_name_that_does_not_fit_is_none)
{
    struct upstream_url upstream;
    char url[8 + sizeof(upstream.name) + 1] = "https://";
    struct error err;

    memset(url + 8, 'a', sizeof(upstream.name));
    cr_assert_not(upstream_url_read(url, NULL, &upstream, &err));
    cr_assert_eq(err.code, EXIT_USAGE);
    url[sizeof(url) - 2] = '\0';
    cr_assert(upstream_url_read(url, NULL, &upstream, &err), "%s", err.text);
    cr_assert_eq(strlen(upstream.name), sizeof(upstream.name) - 1);
}
