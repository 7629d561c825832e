/* SPDX-License-Identifier: MIT */
#include "language/accept_language.h"

#include "language/language_file.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct range {
    char name[LANGUAGE_NAME_MAX + 1]; /* in small letters, or "*" */
    int quality;                      /* in thousandths */
};

struct ranges {
    struct range list[ACCEPT_LANGUAGE_RANGES_MAX];
    size_t count;
};

/* Reads the quality behind the range: 1000 if there is none, -1 for what is none (RFC 9110, section 12.4.2). */
static int read_quality(const char *text, size_t len) {
    size_t at = 0;
    int quality = 0;
    while (at < len && (text[at] == ' ' || text[at] == '\t'))
        at++;
    if (at == len)
        return 1000;
    if (len - at < 3 || (text[at] | 0x20) != 'q' || text[at + 1] != '=' || (text[at + 2] != '0' && text[at + 2] != '1'))
        return -1;
    quality = (text[at + 2] - '0') * 1000;
    at += 3;
    if (at < len && text[at] == '.') {
        at++;
        for (int unit = 100; unit != 0 && at < len && text[at] >= '0' && text[at] <= '9'; unit /= 10)
            quality += (text[at++] - '0') * unit;
    }
    while (at < len && (text[at] == ' ' || text[at] == '\t'))
        at++;
    return at == len && quality <= 1000 ? quality : -1;
}

static bool read_name(const char *text, size_t len, char name[LANGUAGE_NAME_MAX + 1]) {
    if (len > LANGUAGE_NAME_MAX)
        return false;
    for (size_t i = 0; i < len; i++)
        name[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20 : text[i]);
    name[len] = '\0';
    return strcmp(name, "*") == 0 || language_name_is_valid(name);
}

/* Puts a range behind those that are wanted as much. */
static void insert(struct ranges *ranges, const struct range *range) {
    size_t place = ranges->count;
    for (; place != 0 && ranges->list[place - 1].quality < range->quality; place--)
        ranges->list[place] = ranges->list[place - 1];
    ranges->list[place] = *range;
    ranges->count++;
}

static void read_ranges(const char *header, struct ranges *ranges) {
    while (*header != '\0' && ranges->count < ACCEPT_LANGUAGE_RANGES_MAX) {
        struct range range;
        header += strspn(header, " \t,");
        const size_t len = strcspn(header, ",");
        const size_t name_len = strcspn(header, " \t;,");
        const size_t blanks = strspn(header + name_len, " \t");
        const char *rest = header + name_len + blanks;
        const size_t rest_len = len - name_len - blanks;
        const bool weighed = rest_len != 0 && *rest == ';';
        range.quality = weighed ? read_quality(rest + 1, rest_len - 1) : rest_len == 0 ? 1000 : -1;
        if (range.quality >= 0 && read_name(header, name_len, range.name))
            insert(ranges, &range);
        header += len;
    }
}

static bool is_refused(const struct ranges *ranges, const char *name) {
    for (size_t i = 0; i < ranges->count; i++)
        if (ranges->list[i].quality == 0 && strcmp(ranges->list[i].name, name) == 0)
            return true;
    return false;
}

static void add(struct accepted_languages *accepted, const struct ranges *ranges, const char *name) {
    if (accepted->count == LANGUAGES_TRIED_MAX || is_refused(ranges, name))
        return;
    for (size_t i = 0; i < accepted->count; i++)
        if (strcmp(accepted->names[i], name) == 0)
            return;
    snprintf(accepted->names[accepted->count++], sizeof accepted->names[0], "%s", name);
}

/* Cuts the last part of a name off, and with it one of a single character that would then be the last. False if only
 * one part is left. */
static bool shorten(char *name) {
    char *end = strrchr(name, '-');
    if (end == NULL)
        return false;
    if (end - name > 2 && end[-2] == '-')
        end -= 2;
    *end = '\0';
    return true;
}

void accept_language_read(const char *header, const char *otherwise, struct accepted_languages *accepted) {
    struct ranges ranges = {.count = 0};
    accepted->count = 0;
    if (header == NULL || strnlen(header, ACCEPT_LANGUAGE_MAX + 1) > ACCEPT_LANGUAGE_MAX)
        return;
    read_ranges(header, &ranges);
    for (size_t i = 0; i < ranges.count && ranges.list[i].quality > 0; i++) {
        char name[LANGUAGE_NAME_MAX + 1];
        snprintf(name, sizeof name, "%s", strcmp(ranges.list[i].name, "*") == 0 ? otherwise : ranges.list[i].name);
        do
            add(accepted, &ranges, name);
        while (shorten(name));
    }
}
