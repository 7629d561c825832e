/* SPDX-License-Identifier: MIT */
#include "base/site_path.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

static const char HEX[] = "0123456789ABCDEFabcdef";

/* True if each of the `count` bytes at `at` is a hexadecimal digit, and none lies behind `end`. */
static bool are_hex(const char *at, const char *end, size_t count) {
    if ((size_t)(end - at) < count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (at[i] == '\0' || strchr(HEX, at[i]) == NULL)
            return false;
    return true;
}

/* True for a "%" that someone would decode: "%41", or "%u0041", which some servers of Microsoft take for a letter. */
static bool is_encoding(const char *at, const char *end) {
    return *at == '%' && (are_hex(at + 1, end, 2) || (end - at > 1 && at[1] == 'u' && are_hex(at + 2, end, 4)));
}

static unsigned hex_digit(char digit) {
    return digit <= '9' ? (unsigned)(digit - '0') : (unsigned)((digit | 0x20) - 'a') + 10;
}

/* Decodes `encoded` once. An encoded slash is told here, since afterwards it is one like any other. */
static enum site_path_fault decode(const char *encoded, size_t len, char text[SITE_PATH_MAX], size_t *text_len) {
    const char *const end = encoded + len;
    size_t to = 0;
    for (const char *at = encoded; at < end; at++) {
        if (to == SITE_PATH_MAX)
            return SITE_PATH_TOO_LONG;
        text[to] = *at;
        if (*at == '%') {
            if (!are_hex(at + 1, end, 2))
                return SITE_PATH_ENCODING;
            text[to] = (char)(hex_digit(at[1]) << 4 | hex_digit(at[2]));
            at += 2;
            if (text[to] == '/')
                return SITE_PATH_SEPARATOR;
        }
        to++;
    }
    *text_len = to;
    return SITE_PATH_IS_RIGHT;
}

/* A control character of ASCII, or one of those from U+0080 to U+009F. */
static bool is_control(const char *at, size_t size) {
    const unsigned char first = (unsigned char)at[0];
    return first < 0x20 || first == 0x7F || (size == 2 && first == 0xC2 && (unsigned char)at[1] < 0xA0);
}

static enum site_path_fault check_characters(const char *text, size_t len) {
    const char *const end = text + len;
    for (size_t size; text < end; text += size) {
        size = text_character(text, (size_t)(end - text));
        if (size == 0)
            return SITE_PATH_NO_UTF8;
        if (is_control(text, size))
            return SITE_PATH_CONTROL;
        if (strchr("\\;?#", *text) != NULL)
            return SITE_PATH_SEPARATOR;
        if (is_encoding(text, end))
            return SITE_PATH_ENCODING;
    }
    return SITE_PATH_IS_RIGHT;
}

static bool is_dots(const char *segment, size_t len, size_t dots) {
    return len == dots && memcmp(segment, "..", dots) == 0;
}

/* Resolves dot segments (RFC 3986, section 5.2.4), and leaves out empty ones. Behind an empty segment ".." is refused:
 * for some readers it takes that one away, and for others, which drop it first, the one before. */
static enum site_path_fault resolve(const char *text, size_t len, char path[SITE_PATH_MAX + 1]) {
    const char *const end = text + len;
    bool doubled = false;
    size_t to = 1;
    path[0] = '/';
    for (const char *segment = text + 1, *stop; segment < end; segment = stop + 1) {
        stop = memchr(segment, '/', (size_t)(end - segment));
        stop = stop != NULL ? stop : end;
        const size_t size = (size_t)(stop - segment);
        if (size == 0) {
            doubled = true;
        } else if (is_dots(segment, size, 2)) {
            if (doubled || to == 1)
                return SITE_PATH_RELATIVE;
            for (to--; path[to - 1] != '/';)
                to--;
        } else if (!is_dots(segment, size, 1)) {
            if (stop[-1] == '.' || stop[-1] == ' ')
                return SITE_PATH_TRAILING_DOT;
            memcpy(path + to, segment, size);
            to += size;
            if (stop < end)
                path[to++] = '/';
        }
    }
    path[to] = '\0';
    return SITE_PATH_IS_RIGHT;
}

enum site_path_fault site_path_read_decoded(const char *decoded, size_t len, char path[SITE_PATH_MAX + 1]) {
    enum site_path_fault fault = SITE_PATH_IS_RIGHT;
    if (len > SITE_PATH_MAX)
        fault = SITE_PATH_TOO_LONG;
    else if (len == 0 || *decoded != '/')
        fault = SITE_PATH_RELATIVE;
    if (fault == SITE_PATH_IS_RIGHT)
        fault = check_characters(decoded, len);
    if (fault == SITE_PATH_IS_RIGHT)
        fault = resolve(decoded, len, path);
    if (fault != SITE_PATH_IS_RIGHT)
        *path = '\0';
    return fault;
}

enum site_path_fault site_path_read(const char *encoded, size_t len, char path[SITE_PATH_MAX + 1]) {
    char text[SITE_PATH_MAX];
    size_t text_len = 0;
    /* A slash that is written as "%2F" does not begin a path. */
    enum site_path_fault fault =
        len == 0 || *encoded != '/' ? SITE_PATH_RELATIVE : decode(encoded, len, text, &text_len);
    if (fault == SITE_PATH_IS_RIGHT)
        return site_path_read_decoded(text, text_len, path);
    *path = '\0';
    return fault;
}

void site_path_append_encoded(struct buffer *out, const char *path) {
    /* What RFC 3986 lets stand in a segment, without ";", which no path holds. */
    static const char bare[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@/";
    while (*path != '\0') {
        const size_t run = strspn(path, bare);
        buffer_append(out, path, run);
        path += run;
        if (*path != '\0')
            buffer_append_format(out, "%%%02X", (unsigned char)*path++);
    }
}

bool site_path_lies_in(const char *path, const char *folder, bool ignore_case) {
    size_t len = strlen(folder);
    if (*path != '/' || *folder != '/')
        return false;
    if (folder[len - 1] == '/')
        len--;
    /* Where the folder's name would end is looked at first, which is the quickest difference to find. */
    if (strnlen(path, len) < len || (path[len] != '\0' && path[len] != '/'))
        return false;
    return (ignore_case ? strncasecmp(path, folder, len) : strncmp(path, folder, len)) == 0;
}

/* Names. */

static bool starts_with(const char *name, size_t len, const char *start) {
    const size_t size = strlen(start);
    return len >= size && memcmp(name, start, size) == 0;
}

static bool ends_with(const char *name, size_t len, const char *end) {
    const size_t size = strlen(end);
    return len >= size && memcmp(name + len - size, end, size) == 0;
}

/* The names that FilesMatch in htaccess.example has; a test compares the two. */
static bool is_private_name(const char *name, size_t len) {
    static const char *const endings[] = {".db",  ".sqlite", ".sqlite3", ".db-journal", ".db-wal", ".db-shm", ".key",
                                          ".pem", ".bak",    ".old",     ".orig",       ".swp",    "~"};
    static const char config[] = "config", json[] = ".json";
    static const char *const starts[] = {".", "error.log", "console.log", "session-keys", "refresh-report"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (starts_with(name, len, starts[i]))
            return true;
    if (starts_with(name, len, config) && memmem(name + strlen(config), len - strlen(config), json, strlen(json)))
        return true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (ends_with(name, len, endings[i]))
            return true;
    return false;
}

bool site_path_is_private(const char *path) {
    /* The folder where others look for what a site publishes of itself (RFC 8615): certificates are renewed by it. */
    static const char well_known[] = "/.well-known";
    if (site_path_lies_in(path, well_known, false))
        path += strlen(well_known);
    while (*path != '\0') {
        const char *name = path + 1;
        const size_t len = strcspn(name, "/");
        if (len != 0 && is_private_name(name, len))
            return true;
        path = name + len;
    }
    return false;
}

const char *site_path_describe(enum site_path_fault fault) {
    switch (fault) {
    case SITE_PATH_IS_RIGHT: break;
    case SITE_PATH_RELATIVE: return "does not begin with a slash, or goes up beyond it or behind an empty segment";
    case SITE_PATH_ENCODING: return "holds a \"%\" without two hexadecimal digits, or is encoded twice";
    case SITE_PATH_CONTROL: return "holds a control character, bare or encoded";
    case SITE_PATH_SEPARATOR: return "holds a backslash or \";\", bare or encoded, or an encoded \"/\", \"?\" or \"#\"";
    case SITE_PATH_NO_UTF8: return "holds bytes that are no UTF-8";
    case SITE_PATH_TRAILING_DOT: return "has a segment that ends in a dot or a blank";
    case SITE_PATH_TOO_LONG: return "has more than " TEXT_OF(SITE_PATH_MAX) " bytes, decoded";
    }
    return "is a path of this site";
}
