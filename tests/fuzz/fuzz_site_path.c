/* site_path.c: what is read is in its one form: whole segments, none of dots, none empty, nothing that would decode
 * once more or that parts a path in two for some reader. Encoded anew it is read as the same. Readers that drop empty
 * segments before they resolve dots and those that do so afterwards find in it what we find.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "base/site_path.h"
#include "base/text.h"

static void check_characters(const char *path) {
    unsigned decoded;
    for (size_t at = 0, len = strlen(path), size; at < len; at += size) {
        const unsigned char byte = (unsigned char)path[at];
        must((size = text_character(path + at, len - at)) != 0);
        must(byte >= 0x20 && byte != 0x7F && strchr("\\;?#", byte) == NULL);
        must(byte != '%' || strspn(path + at + 1, "0123456789abcdefABCDEF") < 2 ||
             sscanf(path + at + 1, "%2x", &decoded) != 1);
        must(size != 2 || byte != 0xC2 || (unsigned char)path[at + 1] >= 0xA0);
    }
}

static void check_segments(const char *path) {
    must(*path == '/');
    for (const char *segment = path + 1; *segment != '\0';) {
        const size_t len = strcspn(segment, "/");
        must(len != 0 && segment[len - 1] != '.' && segment[len - 1] != ' ');
        segment += len + (segment[len] == '/');
    }
}

/* The path lies in each folder above it, in itself, and not in another whose name its own begins with. */
static void check_folders(const char *path) {
    char folder[SITE_PATH_MAX + 2];
    const size_t len = strlen(path);
    for (size_t i = 0; i <= len; i++) {
        memcpy(folder, path, i);
        folder[i] = '\0';
        const bool whole = i != 0 && (path[i - 1] == '/' || path[i] == '/' || path[i] == '\0');
        must(site_path_lies_in(path, folder, false) == whole);
        must(site_path_lies_in(path, folder, true) == whole);
    }
    snprintf(folder, sizeof folder, "%sx", path);
    must(!site_path_lies_in(path, folder, true));
    site_path_is_private(path);
}

static void merge_slashes(char *path) {
    char *to = path;
    for (const char *from = path; *from != '\0'; from++)
        if (*from != '/' || to == path || to[-1] != '/')
            *to++ = *from;
    *to = '\0';
}

/* As RFC 3986 does it, section 5.2.4: an empty segment counts as one. */
static void remove_dot_segments(char *path) {
    char *to = path;
    for (const char *from = path; *from != '\0';) {
        const size_t len = 1 + strcspn(from + 1, "/");
        const bool last = from[len] == '\0';
        if (len == 3 && memcmp(from, "/..", 3) == 0) {
            while (to > path && *--to != '/')
                ;
            if (last)
                *to++ = '/';
        } else if (len == 2 && from[1] == '.') {
            if (last)
                *to++ = '/';
        } else {
            memmove(to, from, len);
            to += len;
        }
        from += len;
    }
    *to = '\0';
}

static void check_readers(const char *decoded, const char *path) {
    char *early = strdup(decoded), *late = strdup(decoded);
    must(early != NULL && late != NULL);
    merge_slashes(early);
    remove_dot_segments(early);
    remove_dot_segments(late);
    merge_slashes(late);
    must(strcmp(early, path) == 0 && strcmp(late, path) == 0);
    free(early);
    free(late);
}

static void check_round_trip(const char *path) {
    char again[SITE_PATH_MAX + 1];
    struct buffer encoded = BUFFER_EMPTY;
    site_path_append_encoded(&encoded, path);
    must(strspn(buffer_text(&encoded),
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@/%") == encoded.len);
    must(site_path_read(buffer_text(&encoded), encoded.len, again) == SITE_PATH_IS_RIGHT && strcmp(again, path) == 0);
    must(site_path_read_decoded(path, strlen(path), again) == SITE_PATH_IS_RIGHT && strcmp(again, path) == 0);
    buffer_free(&encoded);
}

static void check(const char *path) {
    must(strlen(path) <= SITE_PATH_MAX);
    check_characters(path);
    check_segments(path);
    check_folders(path);
    check_round_trip(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char path[SITE_PATH_MAX + 1];
    if (site_path_read((const char *)data, size, path) == SITE_PATH_IS_RIGHT)
        check(path);
    else
        must(*path == '\0');
    if (site_path_read_decoded((const char *)data, size, path) == SITE_PATH_IS_RIGHT) {
        char *decoded = fuzz_string(data, size);
        check(path);
        check_readers(decoded, path);
        free(decoded);
    } else {
        must(*path == '\0');
    }
    return 0;
}
