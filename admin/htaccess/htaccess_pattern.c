/* Each part of a pattern leads from a set of places in the path, where what comes before may end, to the set where the
 * part itself may end. A set is a number with a bit for each place, so nothing is tried twice.
 * SPDX-License-Identifier: MIT */
#include "admin/htaccess/htaccess_pattern.h"

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { STEPS_MAX = 20000, DEPTH_MAX = 20 };

struct walk {
    const char *at; /* in the pattern */
    const char *path;
    size_t len; /* of the path */
    unsigned steps, depth;
    bool lost; /* it is not known whether it matches */
};

static uint64_t alternatives(struct walk *walk, uint64_t from);

static bool is_letter(char letter) {
    return isalnum((unsigned char)letter) || letter == '_';
}

static bool is_same(char a, char b) {
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Whether "\d" and its like, by its letter, holds of a character; another letter stands for itself. */
static bool escape_has(char letter, char c) {
    switch (letter) {
    case 'd': return isdigit((unsigned char)c) != 0;
    case 'D': return !isdigit((unsigned char)c);
    case 'w': return is_letter(c);
    case 'W': return !is_letter(c);
    case 's': return isspace((unsigned char)c) != 0;
    case 'S': return !isspace((unsigned char)c);
    default: return is_same(letter, c);
    }
}

/* Whether "[a-z]" has a character. *end is behind the class afterwards; NULL if it is none that we know. */
static bool class_has(const char *class, char c, const char **end) {
    const char *at = class + 1;
    const bool turned = *at == '^';
    bool has = false;
    at += turned ? 1 : 0;
    for (const char *first = at; *at != '\0' && (*at != ']' || at == first); at++) {
        const bool escaped = *at == '\\' && at[1] != '\0';
        at += escaped ? 1 : 0;
        if (!escaped && at[0] == '[' && at[1] == ':') {
            *end = NULL;
            return true;
        }
        if (at[1] == '-' && at[2] != ']' && at[2] != '\0') {
            has = has || (tolower((unsigned char)c) >= *at && tolower((unsigned char)c) <= at[2]) ||
                  (toupper((unsigned char)c) >= *at && toupper((unsigned char)c) <= at[2]);
            at += 2;
        } else {
            has = has || (escaped ? escape_has(*at, c) : is_same(*at, c));
        }
    }
    *end = *at == ']' ? at + 1 : NULL;
    return has != turned;
}

/* Whether the one-character part at `part` holds of a character. */
static bool part_has(const char *part, char c) {
    const char *end;
    switch (*part) {
    case '.': return true;
    case '[': return class_has(part, c, &end);
    case '\\': return escape_has(part[1], c);
    default: return is_same(*part, c);
    }
}

/* A part that is one character of the path. */
static uint64_t character(struct walk *walk, uint64_t from) {
    const char *part = walk->at, *end = part + (*part == '\\' ? 2 : 1);
    uint64_t to = 0;
    if (*part == '[')
        class_has(part, 'a', &end);
    /* A number names a group, whose text is not kept. */
    if (end == NULL || (*part == '\\' && (part[1] == '\0' || (part[1] >= '1' && part[1] <= '9')))) {
        walk->lost = true;
        return 0;
    }
    for (size_t i = 0; i < walk->len; i++)
        if ((from >> i & 1) != 0 && part_has(part, walk->path[i]))
            to |= UINT64_C(1) << (i + 1);
    walk->at = end;
    return to;
}

/* What is in brackets. What looks ahead or behind, and what only sets a flag, changes nothing. */
static uint64_t group(struct walk *walk, uint64_t from) {
    const char *at = walk->at + 1;
    bool looks = false;
    if (*at == '?') {
        at += at[1] == 'P' ? 2 : 1;
        looks = strchr("=!", *at) != NULL || (*at == '<' && (at[1] == '=' || at[1] == '!'));
        at += *at == '<' && !looks ? strcspn(at, ">") : looks && *at == '<' ? 1 : 0;
        const size_t flags = strspn(at, "imsx-");
        looks = looks || (flags != 0 && at[flags] == ')');
        at += flags;
        at += *at != '\0' && *at != ')' ? 1 : 0;
    }
    walk->at = at;
    walk->depth++;
    const uint64_t to = alternatives(walk, from);
    walk->depth--;
    walk->lost = walk->lost || *walk->at != ')';
    walk->at += *walk->at == ')' ? 1 : 0;
    return looks ? from : to;
}

static uint64_t part(struct walk *walk, uint64_t from) {
    if (++walk->steps > STEPS_MAX || walk->depth > DEPTH_MAX)
        walk->lost = true;
    if (walk->lost)
        return 0;
    switch (*walk->at) {
    case '(': return group(walk, from);
    case '^': walk->at++; return from & 1;
    case '$': walk->at++; return from & UINT64_C(1) << walk->len;
    case '*':
    case '+':
    case '?': walk->lost = true; return 0;
    case '\\':
        if (walk->at[1] == 'b' || walk->at[1] == 'B') {
            walk->at += 2;
            return from;
        }
        return character(walk, from);
    default: return character(walk, from);
    }
}

/* A part, as often as it says. */
static uint64_t repetition(struct walk *walk, uint64_t from) {
    const char *start = walk->at;
    uint64_t to = part(walk, from);
    const char *sign = walk->at;
    if (walk->lost || *sign == '\0' || strchr("*+?{", *sign) == NULL)
        return to;
    to |= *sign != '+' ? from : 0;
    for (uint64_t before = 0; *sign != '?' && before != to && !walk->lost;) {
        before = to;
        walk->at = start;
        to |= part(walk, to);
    }
    const char *end = *sign == '{' ? sign + strcspn(sign, "}") : sign;
    end += *end != '\0' ? 1 : 0;
    walk->at = end + (*end == '?' || *end == '+' ? 1 : 0);
    return to;
}

static uint64_t alternatives(struct walk *walk, uint64_t from) {
    uint64_t all = 0, to = from;
    while (*walk->at != '\0' && *walk->at != ')' && !walk->lost) {
        if (*walk->at == '|') {
            all |= to;
            to = from;
            walk->at++;
        } else {
            to = repetition(walk, to);
        }
    }
    return all | to;
}

bool htaccess_pattern_matches(const char *pattern, const char *path) {
    struct walk walk = {.at = pattern, .path = path, .len = strlen(path)};
    if (walk.len > HTACCESS_PATH_MAX)
        return true;
    const uint64_t everywhere = UINT64_MAX >> (HTACCESS_PATH_MAX - walk.len);
    const uint64_t ends = alternatives(&walk, everywhere);
    return walk.lost || *walk.at != '\0' || ends != 0;
}
