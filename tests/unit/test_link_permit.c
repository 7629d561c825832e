/* link_permit.c and session_handle.c: a permit is good for a minute, for its provider and for the session that the
 * browser has, and for nothing else; a handle names one session and is not its id.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "session/link_permit.h"
#include "session/session_handle.h"

#define SESSION_ONE "1111111111111111111111111111111111111111111"
#define SESSION_TWO "2222222222222222222222222222222222222222222"

/* The cookie of a browser that has the session with this id. */
static void sign_in(const struct config *config, const char *id, struct buffer *cookies) {
    const struct request request = sample_request("");
    struct response response = {.status = 200};
    struct session session = {.provider = "instagram", .expires = SAMPLE_NOW + 1000, .checked = SAMPLE_NOW};
    struct error error;
    snprintf(session.id, sizeof session.id, "%s", id);
    session.profile = sample_json("{\"id\":\"17\"}");
    assert_int_equal(session_write(config, &request, &session, &response, &error), ERROR_NONE);
    sample_take_cookies(&response, cookies);
    session_clear(&session);
    response_free(&response);
}

static enum error_code check(const struct config *config, const char *cookies, int64_t now, const char *provider,
                             const char *permit) {
    struct request request = sample_request(cookies);
    char id[SESSION_ID_SIZE] = "";
    struct error error;
    request.now = now;
    const enum error_code code = link_permit_check(config, &request, provider, permit, id, &error);
    assert_string_equal(id, code == ERROR_NONE ? SESSION_ONE : "");
    return code;
}

static void is_good_for_one_thing(void **state) {
    (void)state;
    struct config config;
    struct buffer one = BUFFER_EMPTY, two = BUFFER_EMPTY, permit = BUFFER_EMPTY, damaged = BUFFER_EMPTY;
    const struct request request = sample_request("");
    const struct session session = {.id = SESSION_ONE};
    sample_config(&config);
    sign_in(&config, SESSION_ONE, &one);
    sign_in(&config, SESSION_TWO, &two);
    assert_true(link_permit_append(&config, &request, &session, "google", &permit));
    buffer_append(&damaged, buffer_text(&permit), permit.len - 1);
    const struct {
        const char *cookies;
        int64_t later;
        const char *provider;
        const char *permit;
        enum error_code code;
    } rows[] = {
        {buffer_text(&one), 0, "google", buffer_text(&permit), ERROR_NONE},
        {buffer_text(&one), LINK_PERMIT_SECONDS - 1, "google", buffer_text(&permit), ERROR_NONE},
        {buffer_text(&one), LINK_PERMIT_SECONDS + 1, "google", buffer_text(&permit), ERROR_LINK_REFUSED},
        {buffer_text(&one), 0, "github", buffer_text(&permit), ERROR_LINK_REFUSED},
        {buffer_text(&two), 0, "google", buffer_text(&permit), ERROR_LINK_REFUSED},
        {"", 0, "google", buffer_text(&permit), ERROR_LINK_REFUSED},
        {buffer_text(&one), 0, "google", buffer_text(&damaged), ERROR_LINK_REFUSED},
        {buffer_text(&one), 0, "google", "", ERROR_LINK_REFUSED},
        {buffer_text(&one), 0, "google", SESSION_ONE, ERROR_LINK_REFUSED},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(check(&config, rows[i].cookies, SAMPLE_NOW + rows[i].later, rows[i].provider, rows[i].permit),
                         rows[i].code);
    buffer_free(&one);
    buffer_free(&two);
    buffer_free(&permit);
    buffer_free(&damaged);
    sample_config_clear(&config);
}

static void names_a_session(void **state) {
    (void)state;
    struct config config, other;
    char one[SESSION_HANDLE_SIZE], again[SESSION_HANDLE_SIZE], two[SESSION_HANDLE_SIZE], foreign[SESSION_HANDLE_SIZE];
    sample_config(&config);
    sample_config(&other);
    assert_true(session_handle(&config, SESSION_ONE, one));
    assert_true(session_handle(&config, SESSION_ONE, again));
    assert_true(session_handle(&config, SESSION_TWO, two));
    assert_true(session_handle(&other, SESSION_ONE, foreign));
    assert_int_equal(strspn(one, "0123456789abcdef"), SESSION_HANDLE_SIZE - 1);
    assert_string_equal(one, again);
    assert_string_not_equal(one, two);
    assert_string_not_equal(one, foreign);
    sample_config_clear(&config);
    sample_config_clear(&other);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_good_for_one_thing), cmocka_unit_test(names_a_session)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
