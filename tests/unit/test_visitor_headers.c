/* visitor_headers.c: who is signed in, as headers: only what is known, in UTF-8 as it is.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "program/visitor_headers.h"

static void adds_what_is_known(void **state) {
    (void)state;
    static const struct {
        const char *profile, *headers;
    } rows[] = {
        {"{\"id\":\"7\",\"username\":\"anna\",\"full_name\":\"Zoë "
         "Çelik\",\"email\":\"a@b.example\",\"email_verified\":true,"
         "\"groups\":[\"staff\",\"a,b\"]}",
         "X-Cgi-Login-User: mock:7\r\nX-Cgi-Login-Provider: mock\r\nX-Cgi-Login-Id: 7\r\nX-Cgi-Login-Username: anna\r\n"
         "X-Cgi-Login-Name: Zoë Çelik\r\nX-Cgi-Login-Email: a@b.example\r\nX-Cgi-Login-Groups: staff,a%2Cb\r\n"},
        {"{\"id\":\"7\",\"username\":\"a\\r\\nX-Cgi-Login-User: mock:1\",\"email\":\"a@b.example\"}",
         "X-Cgi-Login-User: mock:7\r\nX-Cgi-Login-Provider: mock\r\nX-Cgi-Login-Id: 7\r\n"},
        {"{}", "X-Cgi-Login-Provider: mock\r\n"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct response response = {.status = 204};
        cJSON *profile = cJSON_Parse(rows[i].profile);
        const struct session session = {.provider = "mock", .profile = profile};
        visitor_headers_add(&response, &session);
        assert_true(response_is_whole(&response));
        assert_string_equal(buffer_text(&response.headers), rows[i].headers);
        response_free(&response);
        cJSON_Delete(profile);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(adds_what_is_known)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
