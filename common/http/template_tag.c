/* SPDX-License-Identifier: MIT */
#include "http/template_tag.h"

#include "base/text.h"

#include <string.h>

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_."

/* Reads a name, and returns what follows it; NULL if there is none. */
static const char *read_characters(const char *text, const char *characters, char name[TEMPLATE_NAME_SIZE]) {
    const size_t len = strspn(text, characters);
    if (len == 0 || len >= TEMPLATE_NAME_SIZE)
        return NULL;
    memcpy(name, text, len);
    name[len] = '\0';
    return text + len;
}

/* Returns what follows the braces at the end of a tag; NULL if something else stands before them. */
static const char *skip_end(const char *text) {
    text += strspn(text, " ");
    return strncmp(text, "}}", 2) == 0 ? text + 2 : NULL;
}

/* Reads a tag's name, and returns what follows the tag; NULL if it is malformed. */
static const char *read_name(const char *text, char name[TEMPLATE_NAME_SIZE]) {
    const char *end = read_characters(text + strspn(text, " "), NAME_CHARACTERS, name);
    return end != NULL ? skip_end(end) : NULL;
}

/* A section, partial or comment that stands alone on its line takes the line with it, and leaves no blank one. */
static void take_line(const char *whole, struct template_tag *tag) {
    const char *start = tag->start;
    const char *end = tag->after + strspn(tag->after, " \t");
    while (start > whole && (start[-1] == ' ' || start[-1] == '\t'))
        start--;
    if (*end == '\n' && (start == whole || start[-1] == '\n')) {
        tag->start = start;
        tag->after = end + 1;
    }
}

/* Reads a tag of words, of which `text` is what stands in the braces. False if it is none; tag->after is NULL of a
 * malformed one. */
static bool read_words(const char *text, struct template_tag *tag) {
    static const char plain[] = "plain ";
    text += strspn(text, " ");
    const bool is_plain = text_starts_with(text, plain);
    if (is_plain)
        text += strlen(plain) + strspn(text + strlen(plain), " ");
    if (*text != '"')
        return false;
    const char *end = read_characters(text + 1, NAME_CHARACTERS "-", tag->name);
    tag->kind = is_plain ? TAG_PLAIN_WORDS : TAG_WORDS;
    tag->after = end != NULL && *end == '"' ? skip_end(end + 1) : NULL;
    return true;
}

bool template_tag_read(const char *whole, const char *text, struct template_tag *tag) {
    const bool marked = text[2] != '\0' && strchr("#^/!>", text[2]) != NULL;
    tag->start = text;
    if (read_words(text + 2, tag))
        return tag->after != NULL;
    tag->kind = marked ? (enum template_tag_kind)text[2] : TAG_VALUE;
    if (tag->kind == TAG_COMMENT) {
        const char *end = strstr(text, "}}");
        tag->after = end != NULL ? end + 2 : NULL;
    } else {
        tag->after = read_name(marked ? text + 3 : text + 2, tag->name);
    }
    if (tag->after != NULL && marked)
        take_line(whole, tag);
    return tag->after != NULL;
}
