/* language/: any text as an Accept-Language header and as a file of words. Only names that lead out of no folder are
 * looked for, and what comes out of a file is UTF-8 without control characters, of the length that one may have.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "base/text.h"
#include "language/accept_language.h"
#include "language/language_file.h"
#include "language/sentence.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void check_header(const char *text) {
    struct accepted_languages accepted;
    accept_language_read(text, "en", &accepted);
    must(accepted.count <= LANGUAGES_TRIED_MAX);
    for (size_t i = 0; i < accepted.count; i++)
        must(language_name_is_valid(accepted.names[i]) && strpbrk(accepted.names[i], "./") == NULL);
}

static void check_text(const struct buffer *text) {
    const char *bytes = buffer_text(text);
    must(text->len != 0 && text->len <= LANGUAGE_SENTENCE_MAX);
    for (size_t at = 0, size; at < text->len; at += size) {
        size = text_character(bytes + at, text->len - at);
        must(size != 0 && (unsigned char)bytes[at] >= 0x20 && bytes[at] != 0x7F);
    }
    const char *at = bytes;
    struct sentence_part part;
    size_t total = 0;
    while (sentence_next(&at, &part))
        total += part.len + (part.is_name ? 2 : 0);
    must(total == text->len);
}

static void check_file(struct language_file *file) {
    char key[LANGUAGE_KEY_MAX + 1];
    for (size_t i = 0; *language_file_key(file, i, key) != '\0'; i++) {
        struct buffer sentence = BUFFER_EMPTY;
        must(i < LANGUAGE_WORDS_MAX);
        const enum language_result result = language_file_append(file, key, &sentence);
        if (result == LANGUAGE_FOUND)
            check_text(&sentence);
        else
            must(sentence.len == 0);
        buffer_free(&sentence);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_string(data, size), path[64];
    struct language_file *file;
    struct error fault;
    const int descriptor = memfd_create("words", MFD_CLOEXEC);
    check_header(text);
    must(descriptor >= 0 && write(descriptor, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    const enum language_result result = language_file_open(path, &file, &fault);
    must((result == LANGUAGE_FOUND) == (file != NULL));
    if (file != NULL)
        check_file(file);
    language_file_free(file);
    close(descriptor);
    free(text);
    return 0;
}
