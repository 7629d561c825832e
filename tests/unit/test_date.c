/* date.c: days that there are and are not, leap years, every other form, and when a day begins.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/date.h"

static void days(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds; /* -1: no day */
    } rows[] = {{"1970-01-01", 0},          {"1970-01-02", 86400},
                {"2026-11-25", 1795564800}, {"2024-02-29", 1709164800},
                {"2000-02-29", 951782400},  {"2100-02-29", -1},
                {"2026-02-29", -1},         {"2026-02-30", -1},
                {"2026-04-31", -1},         {"2026-13-01", -1},
                {"2026-00-10", -1},         {"2026-01-00", -1},
                {"2026-01-32", -1},         {"", -1},
                {"2026-1-1", -1},           {"26-01-01", -1},
                {"2026/01/01", -1},         {"2026-01-01 ", -1},
                {" 2026-01-01", -1},        {"2026-01-01T00:00:00Z", -1},
                {"2026-01-0", -1},          {"2026-01-0x", -1},
                {"+026-01-01", -1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guarded text = guarded_copy(rows[i].text, strlen(rows[i].text) + 1);
        int64_t seconds = -1;
        assert_row(date_read(text.data, &seconds) == (rows[i].seconds >= 0), rows[i].text);
        assert_row(date_is_valid(text.data) == (rows[i].seconds >= 0), rows[i].text);
        assert_row(rows[i].seconds < 0 || seconds == rows[i].seconds, rows[i].text);
        guarded_free(&text);
    }
    assert_false(date_is_valid(NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(days)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
