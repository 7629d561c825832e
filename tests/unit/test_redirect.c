/* redirect.c: which paths of this site are accepted, and that everything else is refused. What it is tried with is in
 * tests/payloads/open_redirect.txt, which the end-to-end test and the fuzz target read too.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/bounds.h"
#include "base/query.h"
#include "base/redirect.h"

#define PAYLOADS "tests/payloads/open_redirect.txt"

enum { PAYLOAD_MAX = 1024 };

static bool is_local(const char *path) {
    struct guarded input = guarded_string(path);
    const bool local = redirect_is_local_path(input.data);
    guarded_free(&input);
    return local;
}

/* As start and login have it: whole in a query, where a parameter that is no text is no parameter. */
static bool is_taken(const char *payload, size_t len) {
    char text[sizeof "return_to=" + 3 * PAYLOAD_MAX] = "return_to=";
    struct query query;
    struct error error;
    for (size_t at = 0; at < len; at++)
        snprintf(text + strlen(text), 4, "%%%02X", (unsigned char)payload[at]);
    const char *path;
    assert_int_equal(query_parse(&query, text, &error), ERROR_NONE);
    const bool taken = query_find(&query, "return_to", &path) == QUERY_FOUND && is_local(path);
    query_free(&query);
    return taken;
}

/* Undoes the escapes of a line of the file, where it stands; returns the length. */
static size_t decode(char *line) {
    char *to = line;
    for (const char *from = line; *from != '\0'; from++) {
        unsigned byte = (unsigned char)*from;
        if (*from == '\\' && from[1] == 'x') {
            assert_int_equal(sscanf(from + 2, "%2x", &byte), 1);
            from += 3;
        } else if (*from == '\\') {
            byte = (unsigned char)*++from;
        }
        *to++ = (char)byte;
    }
    *to = '\0';
    return (size_t)(to - line);
}

static void payloads(void **state) {
    (void)state;
    char line[PAYLOAD_MAX], row[PAYLOAD_MAX];
    size_t taken = 0, refused = 0;
    FILE *file = fopen(PAYLOADS, "r");
    assert_non_null(file); /* unit tests run in the project's folder */
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        snprintf(row, sizeof row, "%s", line);
        if (line[0] == '#' || line[0] == '\0')
            continue;
        const bool wanted = line[0] == '+';
        const size_t len = decode(line + 2);
        assert_row(is_taken(line + 2, len) == wanted, row);
        /* What holds a NUL is another text here. */
        if (strlen(line + 2) == len)
            assert_row(is_local(line + 2) == wanted, row);
        *(wanted ? &taken : &refused) += 1;
    }
    fclose(file);
    assert_true(taken > 40 && refused > 600);
}

static void refuses_nothing(void **state) {
    (void)state;
    assert_false(redirect_is_local_path(NULL));
}

static void limits_length(void **state) {
    (void)state;
    char path[RETURN_TO_MAX + 2] = "/";
    memset(path + 1, 'a', RETURN_TO_MAX - 1);
    assert_true(is_local(path));
    path[RETURN_TO_MAX] = 'a';
    assert_false(is_local(path));
}

/* Every byte in every place of "/X", "/aX" and "/a?X": only the grammar's are accepted. */
static void every_byte(void **state) {
    (void)state;
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?";
    static const char *const starts[] = {"/", "/a", "/a?"};
    for (size_t i = 0; i < COUNT(starts); i++) {
        for (int byte = 1; byte < 256; byte++) {
            char path[8];
            snprintf(path, sizeof path, "%s%c", starts[i], byte);
            const bool expected = strchr(allowed, byte) != NULL && strcmp(path, "//") != 0 && strcmp(path, "/.") != 0;
            assert_row(is_local(path) == expected, path);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(payloads), cmocka_unit_test(refuses_nothing),
                                       cmocka_unit_test(limits_length), cmocka_unit_test(every_byte)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
