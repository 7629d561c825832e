/* URLs that the product sends a browser or itself to, read by one strict grammar: scheme://host[:port][/path][?query].
 * And URLs that people wrote, which become links.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_URL_H
#define CGI_LOGIN_URL_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

struct url {
    bool https;
    const char *host; /* not NUL-terminated; with brackets for IPv6 */
    size_t host_len;
    size_t origin_len; /* how many bytes of the text are scheme://host[:port] */
    const char *path;  /* what follows the origin: "", or from "/" or "?" on */
};

/* Reads an http or https URL. False for anything else, for user information, for a fragment, and for characters that
 * RFC 3986 wants percent-encoded. `url` points into `text`. */
bool url_parse(const char *text, struct url *url);

/* Reads the origin of a URL as people write it: the host may have letters of any language, which the browser encodes,
 * and anything may follow the origin. False where there is no http or https origin, and for user information. */
bool url_parse_origin(const char *text, struct url *url);

/* Appends such a URL as it can be a link: all that RFC 3986 wants encoded behind the origin is, a "#" begins the
 * fragment, and white space around is left out. False, with nothing appended, if it has no origin. `url` points into
 * `text`. */
bool url_append_link(struct buffer *link, const char *text, struct url *url);

/* The length of such a URL, or of the rest of one, without white space at its end. */
size_t url_written_length(const char *text);

/* True for a host that is this machine: localhost, 127.0.0.1 and [::1]. */
bool url_is_loopback(const struct url *url);

/* True for https, and for http on this machine: what base_url and a provider's URLs must be. */
bool url_is_secure(const char *text);

/* True if both texts are URLs of the same origin (RFC 6454): scheme, host and port; host without regard to case. */
bool url_same_origin(const char *a, const char *b);

#endif
