/* SPDX-License-Identifier: MIT */
#include "base/url.h"

#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* RFC 3986: what may stand in a path or a query as it is, "%" included. */
static const char PATH_CHARACTERS[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?%";
static const char HOST_CHARACTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
static const char IPV6_CHARACTERS[] = "0123456789abcdefABCDEF:.";
static const char DIGITS[] = "0123456789";

/* White space around a URL, which browsers leave out. */
static const char SPACES[] = " \t\r\n\f";

typedef size_t (*host_measure)(const char *host);

/* Measures a host in brackets, with them. */
static size_t ipv6_length(const char *host) {
    const size_t inner = strspn(host + 1, IPV6_CHARACTERS);
    return inner != 0 && host[inner + 1] == ']' ? inner + 2 : 0;
}

static size_t host_length(const char *host) {
    return *host == '[' ? ipv6_length(host) : strspn(host, HOST_CHARACTERS);
}

/* Measures a host that may have letters of any language. Nothing in it is invisible: it is shown as it is written. */
static size_t written_host_length(const char *host) {
    const size_t rest = strlen(host);
    size_t len = 0;
    if (*host == '[')
        return ipv6_length(host);
    while (len < rest) {
        const size_t size = text_character(host + len, rest - len);
        const bool taken = size == 1 ? strchr(HOST_CHARACTERS, host[len]) != NULL
                                     : size != 0 && text_first_visible(host + len) == host + len;
        if (!taken)
            break;
        len += size;
    }
    return len;
}

/* Reads scheme, host and port; `path` is what follows them. */
static bool read_origin(const char *text, host_measure measure, struct url *url) {
    if (text == NULL)
        return false;
    url->https = strncasecmp(text, "https://", 8) == 0;
    if (!url->https && strncasecmp(text, "http://", 7) != 0)
        return false;
    url->host = text + (url->https ? 8 : 7);
    url->host_len = measure(url->host);
    if (url->host_len == 0)
        return false;
    const char *after = url->host + url->host_len;
    if (*after == ':') {
        const size_t digits = strspn(after + 1, DIGITS);
        if (digits == 0 || digits > 5 || strtol(after + 1, NULL, 10) > 65535)
            return false;
        after += 1 + digits;
    }
    url->origin_len = (size_t)(after - text);
    url->path = after;
    return true;
}

bool url_parse(const char *text, struct url *url) {
    return read_origin(text, host_length, url) && (*url->path == '\0' || *url->path == '/' || *url->path == '?') &&
           url->path[strspn(url->path, PATH_CHARACTERS)] == '\0';
}

bool url_parse_origin(const char *text, struct url *url) {
    return text != NULL && read_origin(text + strspn(text, SPACES), written_host_length, url) &&
           (*url->path == '\0' || strchr("/?#", *url->path) != NULL || url->path[strspn(url->path, SPACES)] == '\0');
}

size_t url_written_length(const char *text) {
    size_t len = strlen(text);
    while (len != 0 && strchr(SPACES, text[len - 1]) != NULL)
        len--;
    return len;
}

bool url_append_link(struct buffer *link, const char *text, struct url *url) {
    bool in_fragment = false;
    if (!url_parse_origin(text, url))
        return false;
    const size_t len = url_written_length(url->path);
    buffer_append(link, url->path - url->origin_len, url->origin_len);
    for (size_t i = 0; i < len; i++) {
        const char byte = url->path[i];
        const bool encoded = byte == '%' && isxdigit((unsigned char)url->path[i + 1]) != 0 &&
                             isxdigit((unsigned char)url->path[i + 2]) != 0;
        const bool fragment = byte == '#' && !in_fragment;
        in_fragment = in_fragment || fragment;
        if (fragment || encoded || (byte != '%' && strchr(PATH_CHARACTERS, byte) != NULL))
            buffer_append_char(link, byte);
        else
            buffer_append_format(link, "%%%02X", (unsigned char)byte);
    }
    return true;
}

static bool host_is(const struct url *url, const char *name) {
    return url->host_len == strlen(name) && strncasecmp(url->host, name, url->host_len) == 0;
}

bool url_is_loopback(const struct url *url) {
    return host_is(url, "localhost") || host_is(url, "127.0.0.1") || host_is(url, "[::1]");
}

bool url_is_secure(const char *text) {
    struct url url;
    return url_parse(text, &url) && (url.https || url_is_loopback(&url));
}

/* Returns the port that is meant: the written one, or the scheme's own. */
static long port_of(const struct url *url) {
    const char *colon = url->host + url->host_len;
    if (*colon != ':')
        return url->https ? 443 : 80;
    long port = 0;
    for (const char *digit = colon + 1; *digit >= '0' && *digit <= '9'; digit++)
        port = port * 10 + (*digit - '0');
    return port;
}

bool url_same_origin(const char *a, const char *b) {
    struct url first, second;
    if (!url_parse(a, &first) || !url_parse(b, &second))
        return false;
    return first.https == second.https && port_of(&first) == port_of(&second) && first.host_len == second.host_len &&
           strncasecmp(first.host, second.host, first.host_len) == 0;
}
