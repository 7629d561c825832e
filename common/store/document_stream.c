/* SPDX-License-Identifier: MIT */
#include "store/document_stream.h"

#include "base/bounds.h"
#include "base/json.h"
#include "base/text.h"
#include "store/extended_json.h"

#include <stdbool.h>
#include <math.h>
#include <string.h>

struct document_stream document_stream_new(FILE *file) {
    return (struct document_stream){.file = file, .line = 1};
}

void document_stream_close(struct document_stream *stream) {
    buffer_free(&stream->text);
}

static int next_byte(struct document_stream *stream) {
    const int byte = getc(stream->file);
    if (byte == '\n')
        stream->line++;
    return byte;
}

/* Passes over what stands between documents: blanks, the brackets and commas of a list, the mark that some programs
 * begin a text with. Returns the first byte of something else, or EOF. */
static int skip_between(struct document_stream *stream) {
    static const char between[] = " \t\r\n,[]\xEF\xBB\xBF";
    int byte = next_byte(stream);
    while (byte != EOF && byte != '\0' && strchr(between, byte) != NULL)
        byte = next_byte(stream);
    return byte;
}

static void skip_line(struct document_stream *stream) {
    int byte;
    while ((byte = next_byte(stream)) != EOF && byte != '\n')
        continue;
}

/* Where a document is being scanned. */
struct scan {
    size_t depth;
    bool in_string, escaped;
    int previous; /* byte */
    int last;     /* byte that is no blank */
};

/* True for a brace that begins the next document, since this one has lost its end: it begins a line, and what stands
 * before it lets no object follow. */
static bool begins_another(const struct scan *scan, int byte) {
    return byte == '{' && !scan->in_string && scan->previous == '\n' && strchr("[:,", scan->last) == NULL;
}

/* Takes one more byte of a document; false if no document goes on with it. */
static bool scan_byte(struct scan *scan, int byte) {
    scan->previous = byte;
    if (strchr(" \t\r\n", byte) == NULL)
        scan->last = byte;
    if (scan->in_string) {
        if (byte == '\n')
            return false; /* a string ends in its line */
        scan->in_string = scan->escaped || byte != '"';
        scan->escaped = !scan->escaped && byte == '\\';
        return true;
    }
    scan->in_string = byte == '"';
    if (byte == '{')
        scan->depth++;
    else if (byte == '}')
        scan->depth--;
    return true;
}

static enum document_result refuse(struct document_stream *stream, enum document_result result, const char *problem) {
    stream->problem = problem;
    return result;
}

/* Collects a document, of which the first byte has been read. What is longer than the limit is dropped, up to its
 * end. */
static enum document_result collect(struct document_stream *stream) {
    struct scan scan = {.depth = 1, .last = '{'};
    stream->began = stream->line;
    buffer_append_char(&stream->text, '{');
    while (scan.depth != 0) {
        const int byte = next_byte(stream);
        if (byte == EOF)
            return refuse(stream, DOCUMENT_CUT,
                          ferror(stream->file) ? "the file cannot be read any further" : "it has no end");
        if (begins_another(&scan, byte)) {
            ungetc(byte, stream->file);
            return refuse(stream, DOCUMENT_MALFORMED, "it has no end");
        }
        if (!scan_byte(&scan, byte))
            return refuse(stream, DOCUMENT_MALFORMED, "a text in it does not end");
        buffer_append_char(&stream->text, (char)byte);
    }
    return DOCUMENT_READ;
}

/* False for text that would not come back as it is: malformed UTF-8, and a NUL, at which C's strings end. */
static bool is_faithful(const char *text, size_t len) {
    static const char nul[] = "\\u0000";
    for (size_t at = 0, size; at < len; at += size) {
        if ((size = text_character(text + at, len - at)) == 0 || strncmp(text + at, nul, strlen(nul)) == 0)
            return false;
        size = text[at] == '\\' ? 2 : size;
    }
    return true;
}

/* False where a number is beyond what can be counted, which would come back as null. */
static bool is_countable(const cJSON *value) {
    if (cJSON_IsNumber(value))
        return isfinite(value->valuedouble);
    for (const cJSON *child = value->child; child != NULL; child = child->next)
        if (!is_countable(child))
            return false;
    return true;
}

static enum document_result parse(struct document_stream *stream, cJSON **document) {
    const char *text = buffer_text(&stream->text), *problem = NULL;
    if (stream->text.failed)
        return stream->text.too_large ? refuse(stream, DOCUMENT_MALFORMED, "it is larger than 1 MiB")
                                      : DOCUMENT_NO_MEMORY;
    if (!is_faithful(text, stream->text.len))
        return refuse(stream, DOCUMENT_MALFORMED, "it has malformed UTF-8, or a text with a NUL");
    switch (json_parse_extended(text, stream->text.len, document, &problem)) {
    case JSON_PARSED: break;
    case JSON_MALFORMED: return refuse(stream, DOCUMENT_MALFORMED, problem);
    case JSON_NO_MEMORY: return DOCUMENT_NO_MEMORY;
    }
    if (!is_countable(*document)) {
        json_free(*document);
        *document = NULL;
        return refuse(stream, DOCUMENT_MALFORMED, "it has a number that is too large");
    }
    if (!json_has_duplicate_key(*document, NULL) && extended_json_settle(*document))
        return DOCUMENT_READ;
    const bool twice = json_has_duplicate_key(*document, NULL);
    json_free(*document);
    *document = NULL;
    return twice ? refuse(stream, DOCUMENT_MALFORMED, "it has a member twice") : DOCUMENT_NO_MEMORY;
}

enum document_result document_stream_next(struct document_stream *stream, cJSON **document) {
    *document = NULL;
    buffer_free(&stream->text);
    stream->text.limit = JSON_TEXT_MAX;
    const int byte = skip_between(stream);
    stream->began = stream->line;
    if (byte == EOF)
        return ferror(stream->file) ? refuse(stream, DOCUMENT_CUT, "the file cannot be read any further")
                                    : DOCUMENT_END;
    if (byte != '{') {
        skip_line(stream);
        return refuse(stream, DOCUMENT_MALFORMED, "it is no JSON object");
    }
    const enum document_result result = collect(stream);
    return result == DOCUMENT_READ ? parse(stream, document) : result;
}
