/* What every unit test shares: cmocka with the headers it wants, rows of tables, and input that ends at a page which
 * nobody may touch, so that one byte read too far crashes.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TESTS_SUPPORT_H
#define CGI_LOGIN_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* Fails with the row that was wrong, since a table has one line for many rows. */
#define assert_row(condition, row)                                                                                     \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            fail_msg("row \"%s\": %s", row, #condition);                                                               \
    } while (0)

/* True for the same text, or NULL in both places. */
static inline bool same(const char *a, const char *b) {
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static inline bool contains(const char *text, const char *part) {
    return strstr(text, part) != NULL;
}

/* How often `part` stands in `text`. */
static inline size_t occurrences(const char *text, const char *part) {
    size_t count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        count++;
    return count;
}

struct guarded {
    char *data; /* `len` bytes, and behind them a page without any right */
    void *pages;
    size_t size;
};

static inline struct guarded guarded_copy(const void *data, size_t len) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t room = (len / page + 1) * page;
    struct guarded guarded = {.size = room + page};
    guarded.pages = mmap(NULL, guarded.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(guarded.pages != MAP_FAILED);
    assert_int_equal(mprotect((char *)guarded.pages + room, page, PROT_NONE), 0);
    guarded.data = (char *)guarded.pages + room - len;
    if (len != 0)
        memcpy(guarded.data, data, len);
    return guarded;
}

/* The same with the NUL: for what reads strings. */
static inline struct guarded guarded_string(const char *text) {
    return guarded_copy(text, strlen(text) + 1);
}

static inline void guarded_free(struct guarded *guarded) {
    munmap(guarded->pages, guarded->size);
}

/* Fills `out` with `count` copies of `part`; the array must be large enough. */
static inline char *repeat(char *out, const char *part, size_t count) {
    const size_t len = strlen(part);
    for (size_t i = 0; i < count; i++)
        memcpy(out + i * len, part, len);
    out[count * len] = '\0';
    return out;
}

#endif
