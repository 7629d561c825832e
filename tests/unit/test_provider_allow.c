/* provider_allow.c: who the `allow` list lets in.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "config/provider_allow.h"

static void allow_list(void **state) {
    (void)state;
    static const char anna[] = "{\"id\":\"17841405793187218123\",\"user_id\":\"42\",\"username\":\"anna.b\"}";
    static const struct {
        const char *allow, *account;
        bool allowed;
    } rows[] = {{NULL, anna, true},
                {"[\"anna.b\"]", anna, true},
                {"[\"ANNA.B\"]", anna, true},
                {"[\"17841405793187218123\"]", anna, true},
                {"[\"42\"]", anna, true},
                {"[\"x\",\"anna.b\"]", anna, true},
                {"[\"anna\"]", anna, false},
                {"[\"anna.bc\"]", anna, false},
                {"[\"anna.b \"]", anna, false},
                {"[\"1784140579318721812\"]", anna, false},
                {"[\"x\"]", anna, false},
                {"[\"12345\"]", "{\"id\":\"1\",\"username\":\"12345\"}", false},
                {"[\"12345\"]", "{\"id\":\"12345\",\"username\":\"x\"}", true},
                {"[\"abc\"]", "{\"id\":\"abc\"}", true},
                {"[\"ABC\"]", "{\"id\":\"abc\"}", false},
                {"[\"anna\"]", "{\"id\":\"1\"}", false},
                {"[\"anna\"]", "{\"id\":\"1\",\"username\":5}", false},
                {"[\"anna\"]", "{\"id\":\"1\",\"full_name\":\"anna\"}", false},
                {"[]", anna, false},
                {"[\"anna.b\",5]", anna, false},
                {"\"anna.b\"", anna, false},
                {"{\"a\":\"anna.b\"}", anna, false},
                {"null", anna, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *allow = rows[i].allow != NULL ? sample_json(rows[i].allow) : NULL,
              *account = sample_json(rows[i].account);
        assert_row(provider_allows(allow, account) == rows[i].allowed, rows[i].allow);
        json_free(allow);
        json_free(account);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(allow_list)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
