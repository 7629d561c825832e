/* store_uri.c: which URIs name a store, and that the words for the operator never repeat the URI.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "config/store_uri.h"

static void kinds(void **state) {
    (void)state;
    static const struct {
        const char *uri;
        enum store_kind kind;
    } rows[] = {{"sqlite:///home/you/users.db", STORE_SQLITE},
                {"sqlite:///a b?c#d", STORE_SQLITE},
                {"mongodb://h/d", STORE_MONGODB},
                {"mongodb+srv://u:hunter2@h.example/d?retryWrites=true", STORE_MONGODB},
                {"mongodb://h,i:5/d?tls=true&tlsCAFile=/ca.pem", STORE_MONGODB},
                {"sqlite://", STORE_UNKNOWN},
                {"sqlite:///", STORE_UNKNOWN},
                {"sqlite://users.db", STORE_UNKNOWN},
                {"sqlite:/users.db", STORE_UNKNOWN},
                {"SQLITE:///a", STORE_UNKNOWN},
                {"/home/you/users.db", STORE_UNKNOWN},
                {"", STORE_UNKNOWN},
                {"mysql://user:hunter2@host/db", STORE_UNKNOWN},
                {"mongodb://u:hunter2@h", STORE_UNKNOWN},
                {"mongodb://u:hunter2@h/", STORE_UNKNOWN},
                {"mongodb://u:hunter2@h/?tls=true", STORE_UNKNOWN},
                {"mongodb:///d", STORE_UNKNOWN},
                {"mongodb://u:hunter2@h/d?tlsInsecure=true", STORE_UNKNOWN},
                {"mongodb://h/d?x=1&TLSALLOWINVALIDCERTIFICATES=TRUE", STORE_UNKNOWN},
                {"mongodb:h/d", STORE_UNKNOWN}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *problem = NULL;
        struct guarded uri = guarded_string(rows[i].uri);
        const enum store_kind kind = store_uri_kind(uri.data, &problem);
        assert_row(kind == rows[i].kind, rows[i].uri);
        assert_row(kind != STORE_SQLITE || strcmp(store_uri_sqlite_path(uri.data), rows[i].uri + 9) == 0, rows[i].uri);
        assert_row(kind != STORE_UNKNOWN || (problem != NULL && *problem != '\0'), rows[i].uri);
        assert_row(kind != STORE_UNKNOWN || !contains(problem, "hunter2"), rows[i].uri);
        guarded_free(&uri);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(kinds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
