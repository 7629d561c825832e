/* last_provider.c: the cookie that a response sets is read back, by the whole name and no other; nothing is removed
 * that the browser did not bring.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "session/last_provider.h"

static void remembers_the_whole_name(void **state) {
    (void)state;
    static const struct {
        const char *cookies;
        bool is_it;
    } rows[] = {
        {"__Host-cgi_login_last=google", true},
        {"a=b; __Host-cgi_login_last=google; c=d", true},
        {"", false},
        {"__Host-cgi_login_last=", false},
        {"__Host-cgi_login_last=goog", false},
        {"__Host-cgi_login_last=google2", false},
        {"__Host-cgi_login_last=Google", false},
        {"cgi_login_last=google", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct request request = sample_request(rows[i].cookies);
        assert_row(last_provider_is(&request, "google") == rows[i].is_it, rows[i].cookies);
    }
}

static void sets_and_removes_the_cookie(void **state) {
    (void)state;
    struct response response = {.status = 302}, other = {.status = 302};
    struct buffer cookies = BUFFER_EMPTY;
    last_provider_remember("google", &response);
    sample_take_cookies(&response, &cookies);
    struct request request = sample_request(buffer_text(&cookies));
    assert_true(last_provider_is(&request, "google"));
    last_provider_forget(&request, &other);
    assert_non_null(strstr(buffer_text(&other.headers), "__Host-cgi_login_last=; "));
    response_free(&other);
    request = sample_request("x=y");
    last_provider_forget(&request, &other);
    assert_int_equal(other.headers.len, 0);
    buffer_free(&cookies);
    response_free(&response);
    response_free(&other);
}

/* The two cookies are not taken for each other. */
static void a_failed_login_has_its_own(void **state) {
    (void)state;
    struct response response = {.status = 302};
    struct buffer cookies = BUFFER_EMPTY;
    failed_provider_remember("google", &response);
    sample_take_cookies(&response, &cookies);
    const struct request request = sample_request(buffer_text(&cookies));
    assert_true(failed_provider_is(&request, "google"));
    assert_false(failed_provider_is(&request, "goog"));
    assert_false(last_provider_is(&request, "google"));
    buffer_free(&cookies);
    response_free(&response);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(remembers_the_whole_name),
                                       cmocka_unit_test(sets_and_removes_the_cookie),
                                       cmocka_unit_test(a_failed_login_has_its_own)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
