/* ca_name.c: the names that OpenSSL looks for, and everything near them.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/ca_name.h"

static void knows_names(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool valid;
    } rows[] = {{"0a1b2c3d.0", true},
                {"ffffffff.9", true},
                {"00000000.10", true},
                {"12345678.999", true},
                {"", false},
                {".", false},
                {"..", false},
                {"0a1b2c3d", false},
                {"0a1b2c3d.", false},
                {"0a1b2c3d.x", false},
                {"0a1b2c3d.r0", false},
                {"0A1B2C3D.0", false},
                {"0a1b2c3d.1000", false},
                {"0a1b2c3d.0a", false},
                {"0a1b2c3d.0 ", false},
                {"0a1b2c3d.-1", false},
                {"0a1b2c3.0", false},
                {"0a1b2c3de.0", false},
                {"0a1b2c3g.0", false},
                {"0a1b2c3d/0", false},
                {"0a1b2c3d..0", false},
                {" 0a1b2c3d.0", false},
                {"0a1b2c3d.0.0", false},
                {"0a1b2c3d.0.pem", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guarded name = guarded_string(rows[i].name);
        assert_row(ca_name_is_valid(name.data) == rows[i].valid, rows[i].name);
        guarded_free(&name);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(knows_names)};
    return cmocka_run_group_tests_name("ca_name", tests, NULL, NULL);
}
