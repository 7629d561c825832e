/* redirect.c: an accepted path, read as strictly as a browser or a proxy could, never leaves the site: it has no scheme
 * and no authority, nothing that the URL standard drops or turns into a slash, and no dot segment in any spelling.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "base/bounds.h"
#include "base/redirect.h"
#include "base/url.h"

#include <strings.h>

/* How many bytes a "." takes at `text`: itself, or "%2e" (URL standard, section 4.4). */
static size_t dot(const char *text) {
    return *text == '.' ? 1 : strncasecmp(text, "%2e", 3) == 0 ? 3 : 0;
}

static bool is_dot_segment(const char *segment) {
    size_t len = dot(segment);
    if (len != 0)
        len += dot(segment + len);
    return len != 0 && strchr("/?", segment[len]) != NULL;
}

static void check_bytes(const char *path) {
    for (const char *at = path; *at != '\0'; at++) {
        const unsigned char byte = (unsigned char)*at;
        unsigned decoded = byte;
        must(byte > 0x20 && byte < 0x7F && byte != '\\' && byte != '#');
        if (byte == '%')
            must(sscanf(at + 1, "%2x", &decoded) == 1);
        must(decoded >= 0x20 && decoded != 0x7F && decoded != '\\');
    }
}

static void check_segments(const char *path) {
    for (const char *at = path; *at != '\0' && *at != '?'; at++)
        must(*at != '/' || !is_dot_segment(at + 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char base[] = "https://www.example.com";
    char *path = fuzz_string(data, size);
    if (redirect_is_local_path(path)) {
        char whole[sizeof base + RETURN_TO_MAX];
        struct url url;
        must(path[0] == '/' && path[1] != '/' && strlen(path) <= RETURN_TO_MAX);
        check_bytes(path);
        check_segments(path);
        snprintf(whole, sizeof whole, "%s%s", base, path);
        must(url_parse(whole, &url) && url.origin_len == strlen(base) && strcmp(url.path, path) == 0);
        must(url_same_origin(whole, base));
    }
    free(path);
    return 0;
}
