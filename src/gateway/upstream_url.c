/* SPDX-License-Identifier: MIT */
/* Reads whom requests go on to. */

#include "gateway/upstream_url.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#include "gateway/listen.h"

static bool is_loopback(const char *host)
{
    return strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
           (strncmp(host, "127.", 4) == 0 && host[strspn(host, "0123456789.")] == '\0');
}

enum {
    SCHEME,
    USER,
    PASSWORD,
    HOST,
    PORT,
    PATH,
    QUERY,
    FRAGMENT,
    PARTS
};

static void cut_url(const char *text, char *parts[PARTS])
{
    static const CURLUPart which[PARTS] = {CURLUPART_SCHEME, CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_HOST,
                                           CURLUPART_PORT,   CURLUPART_PATH, CURLUPART_QUERY,    CURLUPART_FRAGMENT};
    CURLU *url = curl_url();
    bool parsed = url != NULL && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK;

    for (size_t i = 0; i < PARTS; i++)
        if (!parsed ||
            curl_url_get(url, which[i], &parts[i], which[i] == CURLUPART_PORT ? CURLU_DEFAULT_PORT : 0) != CURLUE_OK)
            parts[i] = NULL;
    curl_url_cleanup(url);
}

/* An address of IPv6 without its brackets. */
static bool keep_host(const char *host, char *out, size_t size)
{
    size_t length = strlen(host);
    bool bracketed = length > 2 && host[0] == '[' && host[length - 1] == ']';

    length -= bracketed ? 2 : 0;
    if (length == 0 || length >= size)
        return false;
    memcpy(out, host + (bracketed ? 1 : 0), length);
    out[length] = '\0';
    return true;
}

static bool check_parts(char *const parts[PARTS], const char *url, struct error *err)
{
    if (parts[USER] != NULL || parts[PASSWORD] != NULL) /* not repeated: what stands there is a secret */
        return fail(err, EXIT_USAGE, "--upstream holds a user name: leave it out; each request brings its own token");
    if (parts[SCHEME] == NULL || parts[HOST] == NULL || parts[QUERY] != NULL || parts[FRAGMENT] != NULL ||
        (parts[PATH] != NULL && strcmp(parts[PATH], "/") != 0))
        return fail(err, EXIT_USAGE,
                    "--upstream '%s' is none: give scheme, host and port alone, as https://data-api.twitter.com (each "
                    "request brings its own path)",
                    url);
    if (strcmp(parts[SCHEME], "https") != 0 && strcmp(parts[SCHEME], "http") != 0)
        return fail(err, EXIT_USAGE, "--upstream '%s' must begin with https://", url);
    return true;
}

bool upstream_url_read(const char *url, const char *address, struct upstream_url *upstream, struct error *err)
{
    struct listen_address other = {0};
    char *parts[PARTS];

    if (address != NULL && !listen_parse("--upstream-address", address, &other, err))
        return false;
    if (address != NULL && other.host[0] == '\0')
        return fail(err, EXIT_USAGE, "--upstream-address '%s' names no host: write it as HOST:PORT", address);
    cut_url(url, parts);
    bool good =
        check_parts(parts, url, err) && (keep_host(parts[HOST], upstream->name, sizeof(upstream->name)) ||
                                         fail(err, EXIT_USAGE, "--upstream '%s': the host's name is too long", url));
    if (good) {
        upstream->plain = strcmp(parts[SCHEME], "http") == 0;
        snprintf(upstream->host, sizeof(upstream->host), "%s", address != NULL ? other.host : upstream->name);
        snprintf(upstream->port, sizeof(upstream->port), "%.5s", address != NULL ? other.port : parts[PORT]);
    }
    for (size_t i = 0; i < PARTS; i++)
        curl_free(parts[i]);
    if (good && upstream->plain && !is_loopback(upstream->host))
        return fail(err, EXIT_USAGE,
                    "--upstream '%s' would send tokens unencrypted: only https:// goes out, http:// to this machine "
                    "alone (127.0.0.1, [::1], localhost)",
                    url);
    return good;
}
