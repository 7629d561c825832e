/* What the fuzz targets share. A target is one function that libFuzzer calls with every input; run_seeds.c calls it
 * with the files of seeds/NAME/, as an ordinary test.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TESTS_FUZZ_H
#define CGI_LOGIN_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for every input; unlike assert() also where NDEBUG is set. */
#define must(condition) ((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #condition))

static inline void fuzz_fail(const char *file, int line, const char *condition) {
    fprintf(stderr, "%s:%d: must hold: %s\n", file, line, condition);
    abort();
}

/* The input as a string of its own (free), up to its first NUL. */
static inline char *fuzz_string(const uint8_t *data, size_t size) {
    const size_t len = strnlen((const char *)data, size);
    char *text = malloc(len + 1);
    must(text != NULL);
    if (len != 0)
        memcpy(text, data, len);
    text[len] = '\0';
    return text;
}

#endif
