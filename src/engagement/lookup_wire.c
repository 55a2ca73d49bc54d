/* SPDX-License-Identifier: MIT */
/* HTTPS requests to the vendor by libcurl: what is sent, to whom, and what is taken of the answer. */

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engagement/lookup.h"

#define ANSWER_MAX      ((size_t)4 * 1024 * 1024) /* bytes, unpacked; 100 users are about 15 KB */
#define TOKEN_MAX       4096
#define CONNECT_SECONDS 20L
#define REQUEST_SECONDS 60L

struct wire {
    CURL *curl;
    char *base; /* without '/' at its end */
    char *bearer;
    const atomic_bool *stop;
    struct buffer body;
    struct reply reply; /* headers of the answer that comes in */
    char why[CURL_ERROR_SIZE];
};

/* ---- where to ---- */

static bool is_loopback(const char *host)
{
    return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (strncmp(host, "127.", 4) == 0 && host[strspn(host, "0123456789.")] == '\0');
}

/* The part of a URL, or NULL; curl_free it. */
static char *url_part(CURLU *url, CURLUPart which)
{
    char *part = NULL;

    return curl_url_get(url, which, &part, 0) == CURLUE_OK ? part : NULL;
}

/* A token goes only to a named host, by TLS, or to this machine. */
MUST_CHECK static bool check_base(const char *base, bool *plain, struct error *err)
{
    CURLU *url = curl_url();
    bool parsed = url != NULL && curl_url_set(url, CURLUPART_URL, base, 0) == CURLUE_OK;
    char *scheme = parsed ? url_part(url, CURLUPART_SCHEME) : NULL;
    char *host = parsed ? url_part(url, CURLUPART_HOST) : NULL;
    char *user = parsed ? url_part(url, CURLUPART_USER) : NULL;
    char *query = parsed ? url_part(url, CURLUPART_QUERY) : NULL;
    char *fragment = parsed ? url_part(url, CURLUPART_FRAGMENT) : NULL;
    bool good = false;

    *plain = scheme != NULL && strcmp(scheme, "http") == 0;
    if (user != NULL) /* not repeated: what stands there is a secret */
        fail(err, EXIT_USAGE, "the base URL holds a user name: leave it out");
    else if (scheme == NULL || host == NULL || query != NULL || fragment != NULL)
        fail(err, EXIT_USAGE, "the base URL '%s' is none: it must look like " LOOKUP_BASE_URL, base);
    else if (!*plain && strcmp(scheme, "https") != 0)
        fail(err, EXIT_USAGE, "the base URL '%s' must begin with https://", base);
    else if (*plain && !is_loopback(host))
        fail(err, EXIT_USAGE,
             "the base URL '%s' would send the token unencrypted: only https:// is allowed, and http:// "
             "to this machine (127.0.0.1, [::1], localhost)",
             base);
    else
        good = true;
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    curl_free(query);
    curl_free(fragment);
    curl_url_cleanup(url);
    return good;
}

/* What may stand in a header; the vendor's tokens are percent-encoded. */
MUST_CHECK static bool check_bearer(const char *bearer, struct error *err)
{
    size_t size = bearer != NULL ? strlen(bearer) : 0;
    const char *at = bearer;

    if (size == 0)
        return fail(err, EXIT_USAGE, "the bearer token is empty");
    if (size > TOKEN_MAX)
        return fail(err, EXIT_USAGE, "the bearer token has %zu bytes: more than %d is none", size, TOKEN_MAX);
    while (*at > ' ' && *at < 0x7F)
        at++;
    if (*at != '\0')
        return fail(err, EXIT_USAGE,
                    "the bearer token has a character, at byte %zu, that no token has: it is one word of "
                    "letters, digits and signs",
                    (size_t)(at - bearer) + 1);
    return true;
}

/* ---- what comes back ---- */

static size_t take_body(char *bytes, size_t one, size_t size, void *context)
{
    struct wire *wire = context;

    return buffer_add(&wire->body, bytes, one * size) ? one * size : 0;
}

/* The header's value as a whole number; 0 when it is none. */
static int64_t header_number(struct str value)
{
    int64_t number = 0;

    return str_to_int64(value, 0, INT64_MAX, &number) ? number : 0;
}

/* An HTTP date, as epoch seconds; 0 when it is none. */
static int64_t header_date(struct str value)
{
    char text[64] = "";

    if (value.size >= sizeof(text))
        return 0;
    memcpy(text, value.data, value.size);

    time_t date = curl_getdate(text, NULL);
    return date > 0 ? (int64_t)date : 0;
}

static size_t take_header(char *bytes, size_t one, size_t size, void *context)
{
    struct reply *reply = &((struct wire *)context)->reply;
    const struct {
        struct str name;
        int64_t *number;
        int64_t (*read)(struct str value);
    } wanted[] = {
        {{"x-rate-limit-reset:", 19}, &reply->reset, header_number},
        {{"retry-after:", 12}, &reply->retry_after, header_number},
        {{"date:", 5}, &reply->date, header_date},
    };
    size_t length = one * size;

    while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r'))
        length--;
    for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++) {
        size_t skip = wanted[i].name.size;
        if (length > skip && strncasecmp(bytes, wanted[i].name.data, skip) == 0)
            *wanted[i].number = wanted[i].read(str_trim((struct str){bytes + skip, length - skip}));
    }
    return one * size;
}

static int look_for_stop(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct wire *wire = context;

    (void)a, (void)b, (void)c, (void)d;
    return wire->stop != NULL && atomic_load(wire->stop);
}

/* ---- the wire ---- */

static bool set_up(struct wire *wire, bool plain)
{
    CURL *curl = wire->curl;

    /* No redirection is followed and no password file is read: both are libcurl's defaults. A proxy gets an encrypted
     * tunnel; what stays on this machine needs none. */
    return curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, wire->bearer) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_USERAGENT, "headroom/" HEADROOM_VERSION) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOPROXY, plain ? "*" : NULL) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_TIMEOUT, REQUEST_SECONDS) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, wire->why) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEDATA, wire) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERDATA, wire) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_for_stop) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_XFERINFODATA, wire) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) == CURLE_OK;
}

bool wire_open(struct wire **out, const struct lookup_options *options, struct error *err)
{
    const char *base = options->base_url != NULL ? options->base_url : LOOKUP_BASE_URL;
    bool plain = false;

    if (!check_base(base, &plain, err) || !check_bearer(options->bearer, err))
        return false;

    struct wire *wire = mem_alloc(sizeof(*wire));
    wire->base = mem_text(base);
    for (size_t end = strlen(base); end > 0 && base[end - 1] == '/'; end--)
        wire->base[end - 1] = '\0';
    wire->bearer = mem_text(options->bearer);
    wire->stop = options->stop;
    buffer_init(&wire->body, ANSWER_MAX);
    wire->curl = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_easy_init() : NULL;
    *out = wire;
    if (wire->curl != NULL && set_up(wire, plain))
        return true;
    wire_close(wire);
    *out = NULL;
    return fail(err, EXIT_COMMAND, "libcurl (%s) can't be used: it lacks what a look-up needs", curl_version());
}

void wire_close(struct wire *wire)
{
    if (wire == NULL)
        return;
    if (wire->curl != NULL)
        curl_easy_cleanup(wire->curl);
    curl_global_cleanup();
    explicit_bzero(wire->bearer, strlen(wire->bearer));
    free(wire->bearer);
    free(wire->base);
    buffer_free(&wire->body);
    free(wire);
}

const char *wire_base(const struct wire *wire)
{
    return wire->base;
}

/* Whether it may be better another time. */
static bool is_transient(CURLcode code)
{
    static const CURLcode codes[] = {
        CURLE_COULDNT_RESOLVE_PROXY,
        CURLE_COULDNT_RESOLVE_HOST,
        CURLE_COULDNT_CONNECT,
        CURLE_PARTIAL_FILE,
        CURLE_OPERATION_TIMEDOUT,
        CURLE_SSL_CONNECT_ERROR,
        CURLE_GOT_NOTHING,
        CURLE_SEND_ERROR,
        CURLE_RECV_ERROR,
        CURLE_WEIRD_SERVER_REPLY,
        CURLE_HTTP2,
        CURLE_HTTP2_STREAM,
    };

    for (size_t i = 0; i < ARRAY_LENGTH(codes); i++)
        if (codes[i] == code)
            return true;
    return false;
}

bool wire_get(struct wire *wire, const char *path, struct reply *reply, bool *transient, struct error *err)
{
    char *url = mem_format("%s%s", wire->base, path);
    long status = 0;

    buffer_clear(&wire->body);
    wire->reply = (struct reply){0};
    wire->why[0] = '\0';
    CURLcode code = curl_easy_setopt(wire->curl, CURLOPT_URL, url);
    if (code == CURLE_OK)
        code = curl_easy_perform(wire->curl);
    free(url);
    curl_easy_getinfo(wire->curl, CURLINFO_RESPONSE_CODE, &status);

    *transient = is_transient(code);
    *reply = wire->reply;
    reply->status = code == CURLE_OK ? (int)status : 0;
    reply->body = (struct str){wire->body.data, wire->body.size};
    if (code == CURLE_WRITE_ERROR)
        return fail(err, EXIT_COMMAND, "%s answered with more than %zu MiB: is it the API?", wire->base,
                    ANSWER_MAX >> 20);
    if (code != CURLE_OK)
        return fail(err, EXIT_COMMAND, "%s can't be asked: %s", wire->base,
                    wire->why[0] != '\0' ? wire->why : curl_easy_strerror(code));
    return true;
}

const char *wire_quote(const struct wire *wire, const char *words, char *out, size_t size)
{
    struct arena *arena = arena_new();
    struct str masked = mask_secrets(arena, str_of(strstr(words, wire->bearer) == NULL ? words : "[masked]"));
    size_t length = masked.size < size ? masked.size : size - 1;

    while (length > 0 && length < masked.size && (masked.data[length] & 0xC0) == 0x80)
        length--; /* not within a character */
    for (size_t i = 0; i < length; i++)
        out[i] = (char)((unsigned char)masked.data[i] < ' ' || masked.data[i] == 0x7F ? ' ' : masked.data[i]);
    out[length] = '\0';
    arena_free(arena);
    return out;
}
