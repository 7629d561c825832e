/* SPDX-License-Identifier: MIT */
#include "base/url.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* RFC 3986: what may stand in a path or a query as it is, "%" included. */
static const char PATH_CHARACTERS[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?%";
static const char HOST_CHARACTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
static const char IPV6_CHARACTERS[] = "0123456789abcdefABCDEF:.";
static const char DIGITS[] = "0123456789";

static size_t host_length(const char *host) {
    if (*host != '[')
        return strspn(host, HOST_CHARACTERS);
    const size_t inner = strspn(host + 1, IPV6_CHARACTERS);
    return inner != 0 && host[inner + 1] == ']' ? inner + 2 : 0;
}

bool url_parse(const char *text, struct url *url) {
    if (text == NULL)
        return false;
    url->https = strncasecmp(text, "https://", 8) == 0;
    if (!url->https && strncasecmp(text, "http://", 7) != 0)
        return false;
    url->host = text + (url->https ? 8 : 7);
    url->host_len = host_length(url->host);
    if (url->host_len == 0)
        return false;
    const char *after = url->host + url->host_len;
    if (*after == ':') {
        const size_t digits = strspn(after + 1, DIGITS);
        if (digits == 0 || digits > 5 || strtol(after + 1, NULL, 10) > 65535)
            return false;
        after += 1 + digits;
    }
    if (*after != '\0' && *after != '/' && *after != '?')
        return false;
    url->origin_len = (size_t)(after - text);
    url->path = after;
    return after[strspn(after, PATH_CHARACTERS)] == '\0';
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
