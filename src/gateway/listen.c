/* SPDX-License-Identifier: MIT */
/* Opening the address that a server listens on. */

#include "gateway/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG          1024
#define SYSTEMD_FD_FIRST 3 /* SD_LISTEN_FDS_START */

bool listen_parse(const char *what, const char *text, struct listen_address *address, struct error *err)
{
    struct str host = str_of(text);
    const char *colon = strrchr(text, ':');
    int64_t port;

    if (colon == NULL || !str_to_int64(str_of(colon + 1), 1, 65535, &port))
        return fail(err, EXIT_USAGE, "%s '%s' is no address: write it as HOST:PORT, [::1]:PORT or :PORT", what, text);
    host.size = (size_t)(colon - text);
    bool bracketed = host.size >= 2 && host.data[0] == '[' && host.data[host.size - 1] == ']';
    if (bracketed)
        host = (struct str){host.data + 1, host.size - 2};
    else if (memchr(host.data, ':', host.size) != NULL)
        return fail(err, EXIT_USAGE, "%s '%s': write an IPv6 address in brackets, as [::1]:8443", what, text);
    if (host.size >= sizeof(address->host) || (bracketed && host.size == 0) || memchr(host.data, '/', host.size))
        return fail(err, EXIT_USAGE, "%s '%s' names no host: write it as HOST:PORT, [::1]:PORT or :PORT", what, text);
    memcpy(address->host, host.data, host.size);
    address->host[host.size] = '\0';
    snprintf(address->port, sizeof(address->port), "%u", (unsigned)port & 0xFFFF);
    return true;
}

static bool set_non_blocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

static bool take_systemd(const char *what, int *listener, struct error *err)
{
    const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    int64_t for_pid = 0, fds = 0;
    int accepts = 0;
    socklen_t size = sizeof(accepts);

    if (pid == NULL || count == NULL || !str_to_int64(str_of(pid), 1, INT64_MAX, &for_pid) || for_pid != getpid() ||
        !str_to_int64(str_of(count), 0, 1000, &fds))
        return fail(err, EXIT_COMMAND,
                    "%s systemd: no socket was passed on (LISTEN_FDS and LISTEN_PID say none for this process); start "
                    "it by its .socket unit, or name an address",
                    what);
    if (fds != 1)
        return fail(err, EXIT_COMMAND,
                    "%s systemd: %lld sockets were passed on, but it takes one; let the .socket "
                    "unit have one ListenStream",
                    what, (long long)fds);
    if (getsockopt(SYSTEMD_FD_FIRST, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &size) != 0 || accepts == 0 ||
        !set_non_blocking(SYSTEMD_FD_FIRST))
        return fail(err, EXIT_COMMAND,
                    "%s systemd: what was passed on is no socket that listens; let the .socket unit "
                    "have one ListenStream",
                    what);
    *listener = SYSTEMD_FD_FIRST;
    return true;
}

/* Where no host is named: every address, of IPv6 and IPv4 both where the machine has both. */
static int open_one(const struct addrinfo *at, bool every)
{
    int yes = 1, no = 0;
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
        (!every || at->ai_family != AF_INET6 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no)) == 0) &&
        bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int kept = errno;
    close(fd);
    errno = kept;
    return -1;
}

/* IPv6 first, as its socket takes IPv4 too. */
static int open_first(const struct addrinfo *found, bool every)
{
    static const int families[] = {AF_INET6, AF_INET};
    int fd = -1;

    if (!every)
        return open_one(found, false);
    for (size_t i = 0; i < ARRAY_LENGTH(families) && fd < 0; i++)
        for (const struct addrinfo *at = found; at != NULL && fd < 0; at = at->ai_next)
            if (at->ai_family == families[i])
                fd = open_one(at, true);
    return fd;
}

bool listen_open(const char *what, const char *text, int *listener, struct error *err)
{
    struct listen_address address = {0};
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;

    *listener = -1;
    if (strcmp(text, LISTEN_SYSTEMD) == 0)
        return take_systemd(what, listener, err);
    if (!listen_parse(what, text, &address, err))
        return false;
    bool every = address.host[0] == '\0';
    int code = getaddrinfo(every ? NULL : address.host, address.port, &hints, &found);
    if (code != 0)
        return fail(err, EXIT_COMMAND, "%s %s: the host has no address: %s", what, text, gai_strerror(code));
    *listener = open_first(found, every);
    int why = errno;
    freeaddrinfo(found);
    if (*listener >= 0)
        return true;
    if (why == EADDRINUSE)
        return fail(err, EXIT_COMMAND, "%s %s is in use by another program: end that, or choose another port", what,
                    text);
    if (why == EACCES)
        return fail(err, EXIT_COMMAND,
                    "%s %s: ports below 1024 are for root; let systemd open it (%s systemd), or choose another port",
                    what, text, what);
    return fail(err, EXIT_COMMAND, "%s %s can't be listened on: %s", what, text, strerror(why));
}

/* ---- what a listener is ---- */

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_storage room;
};

static bool address_of(int listener, union address *address)
{
    socklen_t size = sizeof(*address);
    memset(address, 0, sizeof(*address));
    return getsockname(listener, &address->any, &size) == 0;
}

static in_port_t port_of(const union address *address)
{
    return address->any.sa_family == AF_INET6 ? address->v6.sin6_port : address->v4.sin_port;
}

static bool is_any(const union address *address)
{
    if (address->any.sa_family == AF_INET6)
        return IN6_IS_ADDR_UNSPECIFIED(&address->v6.sin6_addr);
    return address->v4.sin_addr.s_addr == htonl(INADDR_ANY);
}

const char *listen_shown(int listener, char shown[LISTEN_SHOWN_SIZE])
{
    union address address;
    char host[256], port[16];

    if (!address_of(listener, &address) || (address.any.sa_family != AF_INET && address.any.sa_family != AF_INET6) ||
        getnameinfo(&address.any, sizeof(address), host, sizeof(host), port, sizeof(port),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        snprintf(shown, LISTEN_SHOWN_SIZE, "the socket from systemd");
    else
        snprintf(shown, LISTEN_SHOWN_SIZE, strchr(host, ':') != NULL ? "[%s]:%s" : "%s:%s", host, port);
    return shown;
}

bool listen_is_loopback(int listener)
{
    union address address;

    if (!address_of(listener, &address))
        return false;
    if (address.any.sa_family == AF_UNIX)
        return true;
    if (address.any.sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&address.v6.sin6_addr);
    return address.any.sa_family == AF_INET && ntohl(address.v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

/* One can bind to one's own addresses alone. */
static bool is_of_this_machine(const struct addrinfo *at)
{
    union address address;
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    memset(&address, 0, sizeof(address));
    memcpy(&address, at->ai_addr, at->ai_addrlen);
    if (address.any.sa_family == AF_INET6)
        address.v6.sin6_port = 0;
    else
        address.v4.sin_port = 0;
    bool bound = fd >= 0 && bind(fd, &address.any, at->ai_addrlen) == 0;
    if (fd >= 0)
        close(fd);
    return bound;
}

static bool leads_to(const struct addrinfo *at, const union address *own)
{
    union address address;

    memset(&address, 0, sizeof(address));
    memcpy(&address, at->ai_addr, at->ai_addrlen);
    if (port_of(&address) != port_of(own))
        return false;
    if (is_any(own))
        return is_of_this_machine(at);
    if (address.any.sa_family != own->any.sa_family)
        return false;
    if (own->any.sa_family == AF_INET6)
        return IN6_ARE_ADDR_EQUAL(&address.v6.sin6_addr, &own->v6.sin6_addr);
    return address.v4.sin_addr.s_addr == own->v4.sin_addr.s_addr;
}

bool listen_is_own(int listener, const char *host, const char *port)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    union address own;
    bool leads = false;

    if (!address_of(listener, &own) || (own.any.sa_family != AF_INET && own.any.sa_family != AF_INET6) ||
        getaddrinfo(host, port, &hints, &found) != 0)
        return false;
    for (const struct addrinfo *at = found; at != NULL && !leads; at = at->ai_next)
        leads = (at->ai_family == AF_INET || at->ai_family == AF_INET6) && leads_to(at, &own);
    freeaddrinfo(found);
    return leads;
}

void listen_tell_systemd(const char *state)
{
    struct sockaddr_un ear = {.sun_family = AF_UNIX};
    const char *path = getenv("NOTIFY_SOCKET");
    size_t size = path != NULL ? strlen(path) : 0;

    if (size < 2 || size >= sizeof(ear.sun_path) || (path[0] != '/' && path[0] != '@'))
        return;
    memcpy(ear.sun_path, path, size);
    if (path[0] == '@') /* the abstract name space */
        ear.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&ear,
               (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size)) < 0)
        log_detail("systemd can't be told %s: %s", state, strerror(errno));
    close(fd);
}
