/* SPDX-License-Identifier: MIT */
#include "base/json_fault.h"

#include "base/json_excerpt.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { BRACKETS_MAX = 64 };

/* What may come next. The first of an object or a list may be its end. */
enum expected { FIRST_KEY, NEXT_KEY, COLON, FIRST_ITEM, NEXT_ITEM, VALUE, COMMA, NOTHING };

/* The state of reading a text. */
struct fault {
    const char *text, *end;
    const char *at;                   /* what is read next; of a fault: the place to show */
    const char *after;                /* the end of what was read last */
    const char *opened[BRACKETS_MAX]; /* the brackets that are open */
    size_t depth;                     /* how many of them */
    enum expected expected;
};

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static bool is_word(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '_' || byte == '-' || byte == '+' || byte == '.';
}

static bool in_object(const struct fault *fault) {
    return fault->depth != 0 && *fault->opened[fault->depth - 1] == '{';
}

static bool wants_value(const struct fault *fault) {
    return fault->expected == FIRST_ITEM || fault->expected == NEXT_ITEM || fault->expected == VALUE;
}

static bool wants_key(const struct fault *fault) {
    return fault->expected == FIRST_KEY || fault->expected == NEXT_KEY;
}

/* The functions below read one piece at fault->at. They return NULL, or what is wrong with it; then fault->at is where
 * the hand has to go. */

static const char *missing(struct fault *fault, const char *advice) {
    fault->at = fault->after;
    return advice;
}

/* What is wrong where a value begins that nothing is expected of. */
static const char *unexpected_start(struct fault *fault) {
    if (fault->expected == NOTHING)
        return "something follows the last bracket, or that one was closed too early; remove one of them";
    if (fault->expected == COLON)
        return missing(fault, "a colon is missing here");
    if (wants_key(fault))
        return "a key is expected here, a word between two \"";
    if (fault->after == fault->at && is_word(fault->at[-1]))
        return "a quote too many, or the one before the word is missing";
    return missing(fault, "a comma is missing here");
}

static void end_value(struct fault *fault) {
    fault->expected = fault->depth != 0 ? COMMA : NOTHING;
}

/* True for a backslash and what may follow one. The text ends with a NUL. */
static bool is_escape(const char *text) {
    if (text[1] == 'u')
        return strspn(text + 2, "0123456789abcdefABCDEF") >= 4;
    return text[1] != '\0' && strchr("\"\\/bfnrt", text[1]) != NULL;
}

static const char *read_string(struct fault *fault) {
    const char *at = fault->at + 1;
    if (!wants_key(fault) && !wants_value(fault))
        return unexpected_start(fault);
    if (fault->depth == 0)
        return "a { is missing before it";
    for (; at < fault->end && *at != '"' && *at != '\n'; at++) {
        if (*at != '\\')
            continue;
        if (!is_escape(at)) {
            fault->at = at;
            return "a single \\ in a text; write \\\\ in its place";
        }
        at++;
    }
    if (at == fault->end || *at == '\n')
        return "the text that begins here has no closing quote in its line";
    fault->at = at + 1;
    if (wants_key(fault))
        fault->expected = COLON;
    else
        end_value(fault);
    return NULL;
}

static bool is_literal(const char *word, size_t len) {
    static const char *const literals[] = {"true", "false", "null"};
    for (size_t i = 0; i < sizeof literals / sizeof *literals; i++)
        if (strlen(literals[i]) == len && memcmp(word, literals[i], len) == 0)
            return true;
    char *after;
    strtod(word, &after);
    return after == word + len && strspn(word, "+-.0123456789eE") >= len && *word != '+' && *word != '.';
}

static const char *read_word(struct fault *fault) {
    const char *after = fault->at;
    while (after < fault->end && is_word(*after))
        after++;
    const bool literal = is_literal(fault->at, (size_t)(after - fault->at));
    if (wants_key(fault) || (wants_value(fault) && !literal))
        return "a word without quotes; write \" before and behind it (true, false and null need none, in small "
               "letters)";
    if (!wants_value(fault))
        return unexpected_start(fault);
    fault->at = after;
    end_value(fault);
    return NULL;
}

static const char *open_bracket(struct fault *fault) {
    if (!wants_value(fault))
        return unexpected_start(fault);
    if (fault->depth == BRACKETS_MAX)
        return "it is nested too deeply";
    fault->opened[fault->depth++] = fault->at;
    fault->expected = *fault->at++ == '{' ? FIRST_KEY : FIRST_ITEM;
    return NULL;
}

static const char *close_bracket(struct fault *fault) {
    if (fault->depth == 0)
        return "a bracket too many; remove it";
    if (fault->expected == NEXT_KEY || fault->expected == NEXT_ITEM) {
        fault->at = fault->after - 1;
        return "a comma too many; remove it";
    }
    if (in_object(fault) != (*fault->at == '}'))
        return in_object(fault) ? "a ] where a } is expected" : "a } where a ] is expected";
    if (fault->expected == COLON || fault->expected == VALUE)
        return "a value is missing before it";
    fault->at++;
    fault->depth--;
    end_value(fault);
    return NULL;
}

static const char *read_comma(struct fault *fault) {
    if (fault->expected == COLON || fault->expected == VALUE)
        return "a value is missing before it";
    if (fault->expected != COMMA)
        return "a comma too many; remove it";
    fault->at++;
    fault->expected = in_object(fault) ? NEXT_KEY : NEXT_ITEM;
    return NULL;
}

static const char *read_colon(struct fault *fault) {
    if (fault->expected != COLON)
        return "a colon too many, or a key without its quotes before it";
    fault->at++;
    fault->expected = VALUE;
    return NULL;
}

static const char *odd_character(const struct fault *fault) {
    if (text_is_typographic_quote(fault->at))
        return "a typographic quote; write \" in its place";
    switch (*fault->at) {
    case '\'':
    case '`': return "a single quote; write \" in its place";
    case '/':
    case '#': return "a comment, which JSON does not have; remove it";
    case '=': return "a = where a : is expected";
    case ';': return "a ; where a , is expected";
    default: return "a character that has no place here";
    }
}

static const char *at_end(const struct fault *fault) {
    if (fault->expected == NOTHING)
        return NULL;
    if (fault->depth == 0)
        return "a { is expected";
    return in_object(fault) ? "a } is missing: what a { before it opens is not closed"
                            : "a ] is missing: what a [ before it opens is not closed";
}

static const char *read_piece(struct fault *fault) {
    switch (*fault->at) {
    case '"': return read_string(fault);
    case '{':
    case '[': return open_bracket(fault);
    case '}':
    case ']': return close_bracket(fault);
    case ',': return read_comma(fault);
    case ':': return read_colon(fault);
    default: return is_word(*fault->at) ? read_word(fault) : odd_character(fault);
    }
}

/* Reads the text up to its first fault. NULL: there is none. */
static const char *find(struct fault *fault) {
    const char *advice = NULL;
    fault->expected = VALUE;
    while (advice == NULL) {
        fault->after = fault->at;
        while (fault->at < fault->end && is_blank(*fault->at))
            fault->at++;
        if (fault->at == fault->end)
            return at_end(fault);
        advice = read_piece(fault);
    }
    return advice;
}

/* Files that are something else altogether. */
static const char *other_kind(const struct buffer *text) {
    const char *bytes = buffer_text(text);
    const bool marked = text->len > 1 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0);
    const bool nul = memchr(bytes, '\0', text->len) != NULL;
    if (bytes[strspn(bytes, " \t\r\n")] == '\0' && !nul)
        return "it is empty";
    if (marked || (nul && text->len > 1 && (bytes[0] == '\0') != (bytes[1] == '\0')))
        return "it is UTF-16, which some editors call Unicode; save it as UTF-8";
    if (nul)
        return "it holds a NUL byte; save it as plain text in UTF-8";
    if (text_starts_with(bytes, "{\\rtf"))
        return "it is a document of a word processor; save it as plain text";
    return text_starts_with(bytes, "<") ? "it is a web page, not JSON" : NULL;
}

/* Returns where the line of a place begins; *number becomes the line's number. */
static const char *find_line(const struct fault *fault, size_t *number) {
    const char *line = fault->text;
    *number = 1;
    for (const char *at = fault->text; at < fault->at; at++) {
        if (*at == '\n') {
            line = at + 1;
            ++*number;
        }
    }
    return line;
}

bool json_fault_append(struct buffer *out, const struct buffer *text) {
    const char *bytes = buffer_text(text);
    struct fault fault = {.text = bytes, .end = bytes + text->len, .at = bytes};
    const char *kind = other_kind(text);
    size_t number;
    if (kind != NULL) {
        buffer_append_text(out, kind);
        return true;
    }
    if (text_starts_with(bytes, "\xEF\xBB\xBF"))
        fault.at += 3;
    const char *advice = find(&fault);
    if (advice == NULL)
        return false;
    const char *line = find_line(&fault, &number);
    buffer_append_format(out, "line %zu, column %zu: %s; see ", number, (size_t)(fault.at - line) + 1, advice);
    json_excerpt_append(out, line, fault.at, fault.end);
    return true;
}
