/* SPDX-License-Identifier: MIT */
#include "admin/gate/htaccess_block.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

#define BLANKS " \t"

/* The bytes of a line without its end; *next is behind that. */
static size_t line_length(const char *line, const char **next) {
    const size_t len = strcspn(line, "\n");
    *next = line + len + (line[len] == '\n' ? 1 : 0);
    return len != 0 && line[len - 1] == '\r' ? len - 1 : len;
}

static bool line_is(const char *line, size_t len, const char *mark) {
    while (len != 0 && strchr(BLANKS, line[len - 1]) != NULL)
        len--;
    return len == strlen(mark) && memcmp(line, mark, len) == 0;
}

static const char *skip_byte_order_mark(const char *text) {
    return text_starts_with(text, HTACCESS_BYTE_ORDER_MARK) ? text + strlen(HTACCESS_BYTE_ORDER_MARK) : text;
}

enum htaccess_block_state htaccess_block_find(const char *text, const struct htaccess_marks *marks, const char **start,
                                              const char **end) {
    size_t begins = 0, ends = 0;
    const char *next, *first = NULL, *behind = NULL;
    for (const char *line = skip_byte_order_mark(text); *line != '\0'; line = next) {
        const size_t len = line_length(line, &next);
        if (line_is(line, len, marks->begin)) {
            begins++;
            first = line;
        } else if (line_is(line, len, marks->end)) {
            ends++;
            behind = next;
        }
    }
    if (start != NULL && end != NULL) {
        *start = first;
        *end = behind;
    }
    if (begins == 0 && ends == 0)
        return HTACCESS_BLOCK_NONE;
    return begins == 1 && ends == 1 && first < behind ? HTACCESS_BLOCK_WHOLE : HTACCESS_BLOCK_TORN;
}

static enum htaccess_block_state find(const char *text, const char **start, const char **end) {
    return htaccess_block_find(text, HTACCESS_GATE_MARKS, start, end);
}

void htaccess_block_append_lines(struct buffer *out, const char *text, const char *stop, const char *line_end) {
    const char *next;
    for (const char *line = text; line < stop && *line != '\0'; line = next) {
        buffer_append(out, line, line_length(line, &next));
        buffer_append_text(out, line_end);
    }
}

void htaccess_block_append(struct buffer *out, const char *text) {
    const char *start, *end;
    if (find(text, &start, &end) == HTACCESS_BLOCK_WHOLE)
        htaccess_block_append_lines(out, start, end, "\n");
}

const char *htaccess_block_line_end(const char *text) {
    const char *newline = strchr(text, '\n');
    return newline != NULL && newline != text && newline[-1] == '\r' ? "\r\n" : "\n";
}

void htaccess_block_put(struct buffer *out, const char *text, const char *block) {
    const char *rest = skip_byte_order_mark(text), *start, *end;
    buffer_append(out, text, (size_t)(rest - text));
    htaccess_block_append_lines(out, block, block + strlen(block), htaccess_block_line_end(rest));
    if (find(text, &start, &end) == HTACCESS_BLOCK_WHOLE) {
        buffer_append(out, rest, (size_t)(start - rest));
        rest = end;
    }
    buffer_append_text(out, rest);
}

void htaccess_block_remove(struct buffer *out, const char *text) {
    const char *start, *end;
    if (find(text, &start, &end) != HTACCESS_BLOCK_WHOLE)
        start = end = text;
    buffer_append(out, text, (size_t)(start - text));
    buffer_append_text(out, end);
}

/* Returns which of the names the line begins with, or NULL. */
static const char *directive_of(const char *line, size_t len, const char *const *names) {
    const size_t blanks = strspn(line, BLANKS);
    for (; blanks < len && *names != NULL; names++) {
        const size_t length = strlen(*names);
        if (strncasecmp(line + blanks, *names, length) == 0 && strchr(BLANKS "\r\n", line[blanks + length]) != NULL)
            return *names;
    }
    return NULL;
}

size_t htaccess_find_directive(const char *text, const char *const *names, const char **name) {
    const char *start, *end, *next;
    size_t number = 1;
    find(text, &start, &end);
    for (const char *line = skip_byte_order_mark(text); *line != '\0'; line = next, number++) {
        const size_t len = line_length(line, &next);
        const bool ours = start != NULL && end != NULL && line >= start && line < end;
        *name = ours ? NULL : directive_of(line, len, names);
        if (*name != NULL)
            return number;
    }
    return 0;
}
