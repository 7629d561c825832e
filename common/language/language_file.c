/* SPDX-License-Identifier: MIT */
#include "language/language_file.h"

#include "base/file.h"
#include "base/file_fault.h"
#include "base/text.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A string of the file's text, without its quotes. */
struct span {
    uint32_t start;
    uint32_t len;
};

struct entry {
    struct span key;
    struct span sentence;
};

struct language_file {
    char path[PATH_MAX];
    struct buffer text;
    size_t count;
    size_t next; /* where the next look begins: a page asks for its words about as the file has them */
    struct entry entries[LANGUAGE_WORDS_MAX];
};

bool language_name_is_valid(const char *name) {
    size_t part = 0, len = 0;
    for (; len <= LANGUAGE_NAME_MAX && name[len] != '\0'; len++) {
        const bool letter = name[len] >= 'a' && name[len] <= 'z';
        const bool digit = name[len] >= '0' && name[len] <= '9' && part != len;
        if (name[len] == '-' && len != part && len - part <= 8)
            part = len + 1;
        else if (!letter && !digit)
            return false;
    }
    return len <= LANGUAGE_NAME_MAX && len != part && len - part <= 8;
}

/* Reading the text. */

struct reader {
    struct language_file *file;
    const char *start;
    const char *end;
    const char *at;
    const char *fault; /* or NULL */
};

static bool fail(struct reader *reader, const char *fault) {
    reader->fault = fault;
    return false;
}

/* A page reads some hundred strings here: strspn() and its like would take longer to begin than to look. */
static void skip_blanks(struct reader *reader) {
    while (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\r' || *reader->at == '\t')
        reader->at++;
}

/* Takes one character behind blanks. */
static bool take(struct reader *reader, char character) {
    skip_blanks(reader);
    if (*reader->at != character)
        return false;
    reader->at++;
    return true;
}

/* True if the quote at `quote` is a character of the string that begins at `start`: behind an odd number of "\\". */
static bool is_escaped(const char *start, const char *quote) {
    const char *at = quote;
    while (at > start && at[-1] == '\\')
        at--;
    return (quote - at) % 2 != 0;
}

/* Reads a string up to its closing quote. One that is missing is told where its line ends. */
static bool read_string(struct reader *reader, struct span *span) {
    if (!take(reader, '"'))
        return false;
    const char *start = reader->at, *end = start;
    while ((end = memchr(end, '"', (size_t)(reader->end - end))) != NULL && is_escaped(start, end))
        end++;
    const size_t len = (size_t)((end != NULL ? end : reader->end) - start);
    const char *line_end = memchr(start, '\n', len);
    if (end == NULL || line_end != NULL) {
        reader->at = line_end != NULL ? line_end : reader->end;
        return fail(reader, "the quote at the end of a text is missing");
    }
    *span = (struct span){(uint32_t)(start - reader->start), (uint32_t)len};
    reader->at = end + 1;
    return true;
}

static bool read_entry(struct reader *reader, struct entry *entry) {
    if (!read_string(reader, &entry->key))
        return reader->fault != NULL ? false : fail(reader, "expected a key in quotes (is there a comma too many?)");
    if (entry->key.len == 0 || entry->key.len > LANGUAGE_KEY_MAX)
        return fail(reader, "a key has from 1 to " TEXT_OF(LANGUAGE_KEY_MAX) " characters");
    if (!take(reader, ':'))
        return fail(reader, "expected a colon behind the key");
    if (!read_string(reader, &entry->sentence))
        return reader->fault != NULL ? false : fail(reader, "expected a sentence in quotes behind the key");
    return true;
}

static bool read_entries(struct reader *reader) {
    struct language_file *file = reader->file;
    if (!take(reader, '{'))
        return fail(reader, "expected one JSON object, { … }");
    if (take(reader, '}'))
        return true;
    do {
        if (file->count == LANGUAGE_WORDS_MAX)
            return fail(reader, "there are more than " TEXT_OF(LANGUAGE_WORDS_MAX) " sentences");
        if (!read_entry(reader, &file->entries[file->count]))
            return false;
        file->count++;
    } while (take(reader, ','));
    return take(reader, '}') || fail(reader, "expected a comma or the closing brace");
}

static bool read_text(struct language_file *file, struct error *fault) {
    static const char byte_order_mark[] = "\xEF\xBB\xBF"; /* some editors put it there */
    const char *text = buffer_text(&file->text);
    struct reader reader = {.file = file, .start = text, .end = text + file->text.len, .at = text};
    if (text_starts_with(text, byte_order_mark))
        reader.at += strlen(byte_order_mark);
    if (read_entries(&reader)) {
        skip_blanks(&reader);
        if (reader.at == reader.end)
            return true;
        reader.fault = "expected nothing behind the closing brace";
    }
    size_t line = 1;
    for (const char *at = text; at < reader.at; at++)
        line += *at == '\n' ? 1 : 0;
    error_set(fault, ERROR_CONFIG, "%s, line %zu: %s", file->path, line, reader.fault);
    return false;
}

static enum language_result read_file(struct language_file *file, struct error *fault) {
    char why[FILE_FAULT_MAX];
    if (file_read(file->path, LANGUAGE_FILE_MAX, &file->text, NULL))
        return read_text(file, fault) ? LANGUAGE_FOUND : LANGUAGE_FAULTY;
    if (errno == ENOENT || errno == ENOTDIR)
        return LANGUAGE_ABSENT;
    if (errno == ENOMEM)
        return LANGUAGE_NO_MEMORY;
    error_set(fault, ERROR_CONFIG, "%s cannot be read: %s", file->path, file_fault(file->path, errno, why));
    return LANGUAGE_FAULTY;
}

enum language_result language_file_open(const char *path, struct language_file **file, struct error *fault) {
    struct language_file *opened = malloc(sizeof *opened);
    *file = NULL;
    if (opened == NULL)
        return LANGUAGE_NO_MEMORY;
    opened->text = BUFFER_EMPTY;
    opened->count = opened->next = 0;
    const enum language_result result =
        text_copy(opened->path, sizeof opened->path, path) ? read_file(opened, fault) : LANGUAGE_ABSENT;
    if (result == LANGUAGE_FOUND)
        *file = opened;
    else
        language_file_free(opened);
    return result;
}

/* Decoding a sentence. */

static int hex_digit(char character) {
    if (character >= '0' && character <= '9')
        return character - '0';
    const char letter = (char)(character | 0x20);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* Reads the four digits of \uXXXX. -1 if they are none. */
static int32_t read_unit(const char *text, size_t len) {
    int32_t unit = 0;
    for (size_t i = 0; i < 4; i++) {
        const int digit = i < len ? hex_digit(text[i]) : -1;
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static void append_point(struct buffer *out, uint32_t point) {
    if (point < 0x80) {
        buffer_append_char(out, (char)point);
        return;
    }
    if (point < 0x800) {
        buffer_append_char(out, (char)(0xC0 | point >> 6));
    } else {
        if (point < 0x10000) {
            buffer_append_char(out, (char)(0xE0 | point >> 12));
        } else {
            buffer_append_char(out, (char)(0xF0 | point >> 18));
            buffer_append_char(out, (char)(0x80 | (point >> 12 & 0x3F)));
        }
        buffer_append_char(out, (char)(0x80 | (point >> 6 & 0x3F)));
    }
    buffer_append_char(out, (char)(0x80 | (point & 0x3F)));
}

/* True for a character that no sentence needs: C0, DEL and C1. */
static bool is_control(uint32_t point) {
    return point < 0x20 || (point >= 0x7F && point < 0xA0);
}

/* Appends what \uXXXX stands for, of a pair of surrogates too. Returns how many bytes behind the "\" that took; 0 if it
 * stands for nothing that a sentence may hold. */
static size_t append_unit(struct buffer *out, const char *text, size_t len) {
    const int32_t high = read_unit(text + 1, len - 1);
    if (high < 0 || is_control((uint32_t)high) || (high >= 0xDC00 && high <= 0xDFFF))
        return 0;
    if (high < 0xD800 || high > 0xDFFF) {
        append_point(out, (uint32_t)high);
        return 5;
    }
    const bool pair = len > 7 && text[5] == '\\' && text[6] == 'u';
    const int32_t low = pair ? read_unit(text + 7, len - 7) : -1;
    if (low < 0xDC00 || low > 0xDFFF)
        return 0;
    append_point(out, 0x10000u + (((uint32_t)high - 0xD800u) << 10) + ((uint32_t)low - 0xDC00u));
    return 11;
}

static size_t append_escaped(struct buffer *out, const char *text, size_t len) {
    if (len == 0)
        return 0;
    if (*text == 'u')
        return append_unit(out, text, len);
    if (strchr("\"\\/", *text) == NULL)
        return 0;
    buffer_append_char(out, *text);
    return 1;
}

/* The length of the run at `text` that is plain: UTF-8 without control characters, up to a "\". */
static size_t plain_length(const char *text, size_t len) {
    size_t at = 0;
    while (at < len && text[at] != '\\') {
        const unsigned char byte = (unsigned char)text[at];
        if (byte >= 0x20 && byte < 0x7F) {
            at++;
            continue;
        }
        const size_t size = byte < 0x80 ? 1 : text_character(text + at, len - at);
        if (size == 0 || (size == 1 && is_control(byte)) ||
            (size == 2 && byte == 0xC2 && (unsigned char)text[at + 1] < 0xA0))
            break;
        at += size;
    }
    return at;
}

static bool decode(const char *text, size_t len, struct buffer *out) {
    for (size_t at = 0; at < len;) {
        const size_t plain = plain_length(text + at, len - at);
        buffer_append(out, text + at, plain);
        at += plain;
        if (at == len)
            break;
        const size_t escaped = text[at] == '\\' ? append_escaped(out, text + at + 1, len - at - 1) : 0;
        if (escaped == 0)
            return false;
        at += 1 + escaped;
    }
    return true;
}

/* Looking words up. */

static const struct entry *find_from(const struct language_file *file, size_t begin, size_t end, const char *key,
                                     size_t len) {
    const char *text = buffer_text(&file->text);
    for (size_t i = begin; i < end; i++) {
        const struct entry *entry = &file->entries[i];
        if (entry->key.len == len && memcmp(text + entry->key.start, key, len) == 0)
            return entry;
    }
    return NULL;
}

static const struct entry *find(struct language_file *file, const char *key) {
    const size_t len = strlen(key);
    const struct entry *entry = find_from(file, file->next, file->count, key, len);
    if (entry == NULL)
        entry = find_from(file, 0, file->next, key, len);
    if (entry != NULL)
        file->next = (size_t)(entry - file->entries);
    return entry;
}

enum language_result language_file_append(struct language_file *file, const char *key, struct buffer *out) {
    const struct entry *entry = find(file, key);
    const size_t before = out->len;
    if (entry == NULL)
        return LANGUAGE_ABSENT;
    if (entry->sentence.len != 0 && entry->sentence.len <= LANGUAGE_SENTENCE_MAX &&
        decode(buffer_text(&file->text) + entry->sentence.start, entry->sentence.len, out))
        return LANGUAGE_FOUND;
    buffer_cut(out, before);
    return LANGUAGE_FAULTY;
}

bool language_file_has(struct language_file *file, const char *key) {
    return find(file, key) != NULL;
}

const char *language_file_key(const struct language_file *file, size_t index, char key[LANGUAGE_KEY_MAX + 1]) {
    const struct span span = index < file->count ? file->entries[index].key : (struct span){0, 0};
    memcpy(key, buffer_text(&file->text) + span.start, span.len);
    key[span.len] = '\0';
    return key;
}

const char *language_file_path(const struct language_file *file) {
    return file->path;
}

void language_file_free(struct language_file *file) {
    if (file == NULL)
        return;
    buffer_free(&file->text);
    free(file);
}
