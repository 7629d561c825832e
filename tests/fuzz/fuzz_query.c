/* query.c: what is accepted is text without control characters, names stand once, and it reads back when written.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "base/query.h"
#include "base/text.h"

static void check_text(const char *text) {
    for (size_t at = 0, len = strlen(text), size = 0; at < len; at += size) {
        must((size = text_character(text + at, len - at)) != 0);
        must((unsigned char)text[at] >= 0x20 && text[at] != 0x7F);
    }
}

static void check_written(const struct query *query) {
    struct buffer form = BUFFER_EMPTY;
    struct query again;
    struct error error;
    for (size_t i = 0; i < query->count; i++)
        query_append_to_form(&form, query->pairs[i].name, query->pairs[i].value);
    if (form.len <= QUERY_STRING_MAX) {
        must(query_parse(&again, buffer_text(&form), &error) == ERROR_NONE);
        must(again.count == query->count);
        for (size_t i = 0; i < query->count; i++)
            must(strcmp(query_get(&again, query->pairs[i].name), query->pairs[i].value) == 0);
        query_free(&again);
    }
    buffer_free(&form);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct query query;
    struct error error = {""};
    char *text = fuzz_string(data, size);
    const enum error_code code = query_parse(&query, text, &error);
    must((code == ERROR_NONE) == (error.cause[0] == '\0'));
    if (code == ERROR_NONE) {
        for (size_t i = 0; i < query.count; i++) {
            check_text(query.pairs[i].name);
            check_text(query.pairs[i].value);
            must(query_get(&query, query.pairs[i].name) == query.pairs[i].value);
        }
        check_written(&query);
    }
    query_free(&query);
    free(text);
    return 0;
}
