/* redirect.c: a path that is taken, as it is or encoded, read as strictly as a browser or a proxy could, never leaves
 * the site: it has no scheme and no authority, nothing that the URL standard drops or turns into a slash, and no dot
 * segment in any spelling. Encoding changes how a text is written, and not what it says.
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
    return len != 0 && strchr("/?#", segment[len]) != NULL;
}

static void check_bytes(const char *path) {
    for (const char *at = path; *at != '\0'; at++) {
        const unsigned char byte = (unsigned char)*at;
        unsigned decoded = byte;
        must(byte > 0x20 && byte < 0x7F && byte != '\\');
        must(byte != '#' || strchr(path, '#') == at);
        if (byte == '%')
            must(sscanf(at + 1, "%2x", &decoded) == 1);
        must(decoded >= 0x20 && decoded != 0x7F && decoded != '\\');
    }
}

static void check_segments(const char *path) {
    for (const char *at = path; *at != '\0' && *at != '?' && *at != '#'; at++)
        must(*at != '/' || !is_dot_segment(at + 1));
}

static void check_local(const char *path) {
    static const char base[] = "https://www.example.com";
    char whole[sizeof base + RETURN_TO_MAX];
    struct url url;
    must(path[0] == '/' && path[1] != '/' && strlen(path) <= RETURN_TO_MAX);
    check_bytes(path);
    check_segments(path);
    snprintf(whole, sizeof whole, "%s%.*s", base, (int)strcspn(path, "#"), path);
    must(url_parse(whole, &url) && url.origin_len == strlen(base));
    must(url_same_origin(whole, base));
}

/* Reads one byte of what is percent-encoded or not, and moves behind it. */
static unsigned char next_byte(const char **text) {
    unsigned value = (unsigned char)**text;
    if (value == '%' && strspn(*text + 1, "0123456789abcdefABCDEF") >= 2) {
        must(sscanf(*text + 1, "%2x", &value) == 1);
        *text += 2;
    }
    ++*text;
    return (unsigned char)value;
}

static void check_same(const char *text, const char *path) {
    while (*text != '\0' && *path != '\0')
        must(next_byte(&text) == next_byte(&path));
    must(*text == '\0' && *path == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char path[RETURN_TO_MAX + 1], again[RETURN_TO_MAX + 1];
    char *text = fuzz_string(data, size);
    const bool taken = redirect_encode(text, path) == REDIRECT_IS_LOCAL;
    if (taken) {
        check_local(path);
        check_same(text, path);
        must(redirect_encode(path, again) == REDIRECT_IS_LOCAL && strcmp(again, path) == 0);
    } else {
        must(*path == '\0');
    }
    if (redirect_check(text) == REDIRECT_IS_LOCAL)
        must(taken && strcmp(path, text) == 0);
    free(text);
    return 0;
}
