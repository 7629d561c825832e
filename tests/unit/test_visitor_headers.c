/* visitor_headers.c: who is signed in, as headers: all of them, empty where nothing is known, in UTF-8
 * as it is.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "program/visitor_headers.h"

static void adds_them_all(void **state) {
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
         "X-Cgi-Login-User: mock:7\r\nX-Cgi-Login-Provider: mock\r\nX-Cgi-Login-Id: 7\r\nX-Cgi-Login-Username: \r\n"
         "X-Cgi-Login-Name: \r\nX-Cgi-Login-Email: \r\nX-Cgi-Login-Groups: \r\n"},
        {NULL, "X-Cgi-Login-User: \r\nX-Cgi-Login-Provider: \r\nX-Cgi-Login-Id: \r\nX-Cgi-Login-Username: \r\n"
               "X-Cgi-Login-Name: \r\nX-Cgi-Login-Email: \r\nX-Cgi-Login-Groups: \r\n"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct response response = {.status = 204};
        cJSON *profile = rows[i].profile != NULL ? cJSON_Parse(rows[i].profile) : NULL;
        const struct session session = {.provider = "mock", .profile = profile};
        visitor_headers_add(&response, profile != NULL ? &session : NULL);
        assert_true(response_is_whole(&response));
        assert_string_equal(buffer_text(&response.headers), rows[i].headers);
        response_free(&response);
        cJSON_Delete(profile);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(adds_them_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
