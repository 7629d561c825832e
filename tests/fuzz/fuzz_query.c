/* query.c: whatever is read, a parameter that is found is text without control characters, and reads back when written;
 * one that is not is never given; and what a log shows of it is printable.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "base/query.h"
#include "base/text.h"

/* The parameters that the product reads, and one. */
static const char *const names[] = {"code", "state", "error", "return_to", "a"};

enum { NAMES = sizeof names / sizeof *names, SHOWN_MAX = 100 };

static void check_text(const char *text) {
    for (size_t at = 0, len = strlen(text), size = 0; at < len; at += size) {
        must((size = text_character(text + at, len - at)) != 0);
        must((unsigned char)text[at] >= 0x20 && text[at] != 0x7F);
    }
}

static void check_written(const char *name, const char *value) {
    struct buffer form = BUFFER_EMPTY;
    struct query again;
    struct error error;
    const char *read;
    query_append_to_form(&form, name, value);
    if (form.len <= QUERY_STRING_MAX) {
        must(query_parse(&again, buffer_text(&form), &error) == ERROR_NONE);
        must(query_find(&again, name, &read) == QUERY_FOUND && strcmp(read, value) == 0);
        query_free(&again);
    }
    buffer_free(&form);
}

static void check_shown(const struct query *query, const char *name) {
    struct buffer shown = BUFFER_EMPTY;
    query_append_printable(query, name, SHOWN_MAX, &shown);
    check_text(buffer_text(&shown));
    must(shown.len <= 4 * SHOWN_MAX);
    buffer_free(&shown);
}

static void check(const struct query *query, const char *name) {
    const char *value, *read;
    struct error error = {""};
    const enum query_found found = query_find(query, name, &value);
    const enum error_code code = query_read(query, name, &read, &error);
    must((value != NULL) == (found == QUERY_FOUND));
    must((code == ERROR_NONE) == (found == QUERY_FOUND || found == QUERY_ABSENT));
    must((code == ERROR_NONE) == (error.cause[0] == '\0'));
    must(read == value);
    if (value != NULL) {
        check_text(value);
        check_written(name, value);
    }
    check_shown(query, name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct query query;
    struct error error = {""};
    char *text = fuzz_string(data, size);
    const enum error_code code = query_parse(&query, text, &error);
    must(code == (strlen(text) > QUERY_STRING_MAX ? ERROR_QUERY_TOO_LONG : ERROR_NONE));
    for (size_t i = 0; i < NAMES; i++)
        check(&query, names[i]);
    query_free(&query);
    free(text);
    return 0;
}
