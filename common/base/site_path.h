/* The path of a request, read once into the one form that is judged and that the web server is then given: what two
 * readers could take for two paths is refused (RFC 3986, section 7.3; OWASP ASVS 5.0, 1.1.1).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SITE_PATH_H
#define CGI_LOGIN_SITE_PATH_H

#include "base/bounds.h"
#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

/* Why a path is refused. */
enum site_path_fault {
    SITE_PATH_IS_RIGHT,
    SITE_PATH_RELATIVE,     /* does not begin with a slash, or goes up beyond it or behind an empty segment */
    SITE_PATH_ENCODING,     /* "%" without two hexadecimal digits, or an encoding that is left after decoding */
    SITE_PATH_CONTROL,      /* a control character, bare or encoded */
    SITE_PATH_SEPARATOR,    /* a backslash or ";", bare or encoded, or an encoded "/", "?" or "#" */
    SITE_PATH_NO_UTF8,      /* bytes that are no UTF-8, such as an overlong form */
    SITE_PATH_TRAILING_DOT, /* a segment that ends in a dot or a blank, and is no dot segment */
    SITE_PATH_TOO_LONG
};

/* Reads the percent-encoded path of a URL, `len` bytes without the query: decodes it once, resolves "." and "..", and
 * makes one slash of several. `path` becomes the decoded path, which begins with "/" and ends with one if the URL's
 * does; "" on a fault. */
enum site_path_fault site_path_read(const char *encoded, size_t len, char path[SITE_PATH_MAX + 1]);

/* The same for a path that somebody else has decoded already: PATH_INFO, or the name of a file below the web root. */
enum site_path_fault site_path_read_decoded(const char *decoded, size_t len, char path[SITE_PATH_MAX + 1]);

/* Appends a path that was read, percent-encoded anew: site_path_read gives the same again. */
void site_path_append_encoded(struct buffer *out, const char *path);

/* True if `path` is `folder` or lies in it, by whole segments: "/a" holds "/a", "/a/" and "/a/b", and not "/ab". "/"
 * holds all. A slash at the end of `folder` changes nothing. `ignore_case`: whatever the case of ASCII letters. */
bool site_path_lies_in(const char *path, const char *folder, bool ignore_case);

/* True if a segment begins with a dot, or has a name that settings, users, keys and backups have: what htaccess.example
 * keeps from the web, too. Each segment counts, since more may follow a file's name (CGI's PATH_INFO). "/.well-known"
 * at the top is not private (RFC 8615). */
bool site_path_is_private(const char *path);

/* The fault in plain words: what the path does or holds. */
const char *site_path_describe(enum site_path_fault fault);

#endif
