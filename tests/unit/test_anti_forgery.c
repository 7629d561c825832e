/* anti_forgery.c: a form that holds its session's token; the token of another session or key, a damaged one, none; no
 * "--" in it; the keys of a rotation.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "session/anti_forgery.h"

/* Whether a form with this body is taken for this session. */
static bool holds(const struct config *config, const struct session *session, const char *body) {
    struct request request = sample_request("");
    struct query form;
    struct error error;
    request.method = METHOD_POST;
    request.content_type = "application/x-www-form-urlencoded";
    assert_int_equal(request_parse_form(&request, body, strlen(body), &form, &error), ERROR_NONE);
    const enum error_code code = anti_forgery_check(config, &form, session, &error);
    const bool held = code == ERROR_NONE;
    assert_true(held || code == ERROR_BAD_REQUEST);
    query_free(&form);
    request_free(&request);
    return held;
}

static bool holds_token(const struct config *config, const struct session *session, const char *token) {
    char body[256];
    snprintf(body, sizeof body, ANTI_FORGERY_FIELD "=%s", token);
    return holds(config, session, body);
}

static struct session session_of(const char *id) {
    struct session session = {.provider = "instagram"};
    snprintf(session.id, sizeof session.id, "%s", id);
    return session;
}

static void belongs_to_the_session(void **state) {
    (void)state;
    struct config config;
    char token[ANTI_FORGERY_SIZE], again[ANTI_FORGERY_SIZE], other_token[ANTI_FORGERY_SIZE];
    const struct session session = session_of("one"), other = session_of("two");
    sample_config(&config);
    assert_true(anti_forgery_token(&config, &session, token));
    assert_true(anti_forgery_token(&config, &session, again));
    assert_true(anti_forgery_token(&config, &other, other_token));
    assert_int_equal(strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                     ANTI_FORGERY_SIZE - 1);
    assert_string_equal(token, again);
    assert_string_not_equal(token, other_token);
    assert_true(holds_token(&config, &session, token));
    assert_false(holds_token(&config, &session, other_token));
    assert_false(holds_token(&config, &other, token));
    /* The session's id itself, which a log could show, is no token. */
    assert_false(holds_token(&config, &session, session.id));
    sample_config_clear(&config);
}

static void refuses_a_damaged_one(void **state) {
    (void)state;
    struct config config;
    char token[ANTI_FORGERY_SIZE], body[256];
    const struct session session = session_of("one");
    sample_config(&config);
    assert_true(anti_forgery_token(&config, &session, token));
    for (size_t at = 0; at < ANTI_FORGERY_SIZE - 1; at++) {
        const char kept = token[at];
        token[at] = kept == 'A' ? 'B' : 'A';
        assert_false(holds_token(&config, &session, token));
        token[at] = kept;
    }
    snprintf(body, sizeof body, ANTI_FORGERY_FIELD "=%sA", token);
    assert_false(holds(&config, &session, body));
    snprintf(body, sizeof body, ANTI_FORGERY_FIELD "=%.*s", ANTI_FORGERY_SIZE - 2, token);
    assert_false(holds(&config, &session, body));
    snprintf(body, sizeof body, "CSRF_TOKEN=%s", token);
    assert_false(holds(&config, &session, body));
    assert_false(holds(&config, &session, ANTI_FORGERY_FIELD "="));
    assert_false(holds(&config, &session, ANTI_FORGERY_FIELD));
    assert_false(holds(&config, &session, ""));
    snprintf(body, sizeof body, ANTI_FORGERY_FIELD "=%s&" ANTI_FORGERY_FIELD "=%s", token, token);
    assert_false(holds(&config, &session, body));
    snprintf(body, sizeof body, "a=%%zz&b=%%ff&b&" ANTI_FORGERY_FIELD "=%s&a=1", token);
    assert_true(holds(&config, &session, body));
    assert_true(holds_token(&config, &session, token));
    sample_config_clear(&config);
}

static void holds_no_comment(void **state) {
    (void)state;
    struct config config;
    char id[SESSION_ID_SIZE], token[ANTI_FORGERY_SIZE];
    sample_config(&config);
    for (int i = 0; i < 5000; i++) {
        snprintf(id, sizeof id, "session %d", i);
        const struct session session = session_of(id);
        assert_true(anti_forgery_token(&config, &session, token));
        assert_row(strstr(token, "--") == NULL, token);
        assert_row(holds_token(&config, &session, token), token);
    }
    sample_config_clear(&config);
}

static void a_form_from_before_a_rotation_is_taken(void **state) {
    (void)state;
    struct config config, rotated, other;
    char key[KEY_TEXT_SIZE], token[ANTI_FORGERY_SIZE], newer[ANTI_FORGERY_SIZE];
    const struct session session = session_of("one");
    sample_config(&config);
    sample_config(&rotated);
    sample_config(&other);
    keyring_clear(&config.keys);
    keyring_generate(key);
    assert_int_equal(keyring_add(&config.keys, key), KEY_ADDED);
    assert_int_equal(keyring_add(&rotated.keys, key), KEY_ADDED);
    assert_true(anti_forgery_token(&config, &session, token));
    assert_true(anti_forgery_token(&rotated, &session, newer));
    assert_string_not_equal(token, newer);
    assert_true(holds_token(&rotated, &session, token));
    assert_true(holds_token(&rotated, &session, newer));
    assert_false(holds_token(&config, &session, newer));
    assert_false(holds_token(&other, &session, token));
    sample_config_clear(&config);
    sample_config_clear(&rotated);
    sample_config_clear(&other);
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(belongs_to_the_session),
                                       cmocka_unit_test(refuses_a_damaged_one), cmocka_unit_test(holds_no_comment),
                                       cmocka_unit_test(a_form_from_before_a_rotation_is_taken)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
