/* authorization_response.c: what is a refusal, in the standard's words and in others; what becomes of it with a state
 * and without; the code and the state, whole, missing, twice, malformed, too long, and with a fragment at their end.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "oauth/authorization_response.h"

static struct query parsed(const char *text) {
    struct query query;
    struct error error;
    assert_row(query_parse(&query, text, &error) == ERROR_NONE, text);
    return query;
}

static void refusals(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum error_code code; /* ERROR_NONE: it is no refusal */
        const char *cause;
    } rows[] = {
        {"", ERROR_NONE, NULL},
        {"code=c&state=s", ERROR_NONE, NULL},
        {"code=c&error=", ERROR_NONE, NULL},
        {"code=c&error_code=0&error_message=", ERROR_NONE, NULL},
        {"code=c&error_description=x", ERROR_NONE, NULL},
        {"code=c&error_uri=x&errors=y", ERROR_NONE, NULL},
        {"error=access_denied", ERROR_ACCESS_DENIED, "with \"access_denied\": (no description)"},
        {"error=access_denied&code=c", ERROR_ACCESS_DENIED, "access_denied"},
        {"error=access_denied&error_reason=user_denied&error_description=The+user+denied+your+request.",
         ERROR_ACCESS_DENIED, "with \"access_denied\": The user denied your request."},
        {"error=ACCESS_DENIED", ERROR_ACCESS_DENIED, "ACCESS_DENIED"},
        {"error=user_cancelled_login&error_description=no", ERROR_ACCESS_DENIED, "\"user_cancelled_login\": no"},
        {"error=user_cancelled_authorize", ERROR_ACCESS_DENIED, "user_cancelled_authorize"},
        {"error_reason=user_denied", ERROR_ACCESS_DENIED, "with \"user_denied\""},
        {"error=access_denied%23_", ERROR_ACCESS_DENIED, "with \"access_denied#_\""},
        {"error=access_denied&error_reason=user_denied%23_%3D_", ERROR_ACCESS_DENIED, "access_denied"},
        {"error_reason=user_denied%23_%3D_", ERROR_ACCESS_DENIED, "user_denied"},
        {"error=access_denied%23", ERROR_PROVIDER, "access_denied#"},
        {"error_code=200&error_message=Permissions+error&error_reason=user_denied", ERROR_ACCESS_DENIED,
         "with \"200\": Permissions error"},
        {"error=server_error&error_description=later", ERROR_PROVIDER, "with \"server_error\": later"},
        {"error=login_required", ERROR_PROVIDER, "login_required"},
        {"error=consent_required", ERROR_PROVIDER, "consent_required"},
        {"error=interaction_required", ERROR_PROVIDER, "interaction_required"},
        {"error_code=1349048&error_message=Can%27t+Load+URL%3A+The+domain", ERROR_PROVIDER,
         "with \"1349048\": Can't Load URL: The domain"},
        {"error_message=Can%27t", ERROR_PROVIDER, "with the words: Can't"},
        {"error_description=words", ERROR_PROVIDER, "with the words: words"},
        {"error=", ERROR_PROVIDER, "without a code, and without a reason"},
        {"error", ERROR_PROVIDER, "without a code, and without a reason"},
        {"error=&code=", ERROR_PROVIDER, "without a code, and without a reason"},
        {"error=access_denied&error_description=AADSTS65004%0D%0ATrace+ID%3A+1&scope=a&scope=b", ERROR_ACCESS_DENIED,
         "AADSTS65004\\x0d\\x0aTrace ID: 1"},
        {"error=access_denied&error_description=refus%E9", ERROR_ACCESS_DENIED, "refus\\xe9"},
        {"error=access_denied&error_description=a&error_description=b", ERROR_ACCESS_DENIED, "\": a"},
        {"error=a&error=b", ERROR_BAD_REQUEST, "error stands twice"},
        {"error=%ff", ERROR_BAD_REQUEST, "error has malformed"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct query query = parsed(rows[i].text);
        struct error error = {""};
        assert_row(authorization_response_is_refusal(&query) == (rows[i].code != ERROR_NONE), rows[i].text);
        if (rows[i].code != ERROR_NONE) {
            assert_row(authorization_response_refusal(&query, &error) == rows[i].code, rows[i].text);
            assert_row(contains(error.cause, rows[i].cause), rows[i].text);
        }
        query_free(&query);
    }
}

/* The cause has room for the provider's words, however many it has. */
static void long_words_are_cut(void **state) {
    (void)state;
    char text[3072], words[2048];
    struct error error;
    snprintf(text, sizeof text, "error=access_denied&error_description=%s", repeat(words, "w", sizeof words - 1));
    struct query query = parsed(text);
    assert_int_equal(authorization_response_refusal(&query, &error), ERROR_ACCESS_DENIED);
    assert_true(strlen(error.cause) < 300);
    query_free(&query);
}

/* A token has no business in a URL, whatever it holds and stands beside. */
static void tokens(void **state) {
    (void)state;
    static const struct {
        const char *text, *name; /* NULL: nothing is refused */
    } rows[] = {{"code=c&state=s", NULL},
                {"code=c&state=s&access_tokens=x&token=y&token_type=bearer", NULL},
                {"access_token=SECRET&token_type=bearer&state=s", "access_token"},
                {"code=c&state=s&id_token=SECRET", "id_token"},
                {"code=c&state=s&id_token=", "id_token"},
                {"code=c&state=s&id_token=%zzSECRET", "id_token"},
                {"code=c&refresh_token=SECRET&refresh_token=SECRET", "refresh_token"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct query query = parsed(rows[i].text);
        struct error error = {""};
        assert_row(authorization_response_refuse_tokens(&query, &error) ==
                       (rows[i].name != NULL ? ERROR_BAD_REQUEST : ERROR_NONE),
                   rows[i].text);
        assert_row(rows[i].name == NULL || contains(error.cause, rows[i].name), error.cause);
        assert_row(!contains(error.cause, "SECRET"), error.cause);
        query_free(&query);
    }
}

static void states(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum error_code code;
        const char *state;
    } rows[] = {{"state=S", ERROR_NONE, "S"},
                {"state=S&error=access_denied", ERROR_NONE, "S"},
                {"state=S%23_", ERROR_NONE, "S"},
                {"state=S#_=_", ERROR_NONE, "S"},
                {"state=S%23", ERROR_NONE, "S#"},
                {"state=S%23_%23_", ERROR_NONE, "S#_"},
                {"state=%23_", ERROR_BAD_REQUEST, ""},
                {"state=S&note=Andr%E9&x=100%&tag=a&tag=b", ERROR_NONE, "S"},
                {"", ERROR_BAD_REQUEST, ""},
                {"state=", ERROR_BAD_REQUEST, ""},
                {"state=S&state=S", ERROR_BAD_REQUEST, ""},
                {"state=%ff", ERROR_BAD_REQUEST, ""},
                {"error=access_denied", ERROR_ACCESS_DENIED, ""},
                {"error=access_denied&state=", ERROR_ACCESS_DENIED, ""},
                {"error=server_error", ERROR_PROVIDER, ""},
                {"error=access_denied&state=S&state=S", ERROR_BAD_REQUEST, ""}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char found[AUTHORIZATION_STATE_MAX + 1];
        struct query query = parsed(rows[i].text);
        struct error error;
        assert_row(authorization_response_state(&query, found, &error) == rows[i].code, rows[i].text);
        assert_row(same(found, rows[i].state), rows[i].text);
        query_free(&query);
    }
}

static void codes(void **state) {
    (void)state;
    static const struct {
        const char *text, *code; /* NULL: refused */
    } rows[] = {{"code=C", "C"},
                {"code=4%2FP7q+a", "4/P7q a"},
                {"code=C%23_", "C"},
                {"code=C%23_%3D_", "C"},
                {"code=C#_", "C"},
                {"code=C%23D", "C#D"},
                {"code=C%23_D", "C#_D"},
                {"code=C&note=Andr%E9&x=100%&tag=a&tag=b", "C"},
                {"", NULL},
                {"code=", NULL},
                {"code=%23_", NULL},
                {"code=C&code=C", NULL},
                {"code=C&code=D", NULL},
                {"code=%00", NULL},
                {"code=C%0A", NULL},
                {"code=%zz", NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char code[AUTHORIZATION_CODE_MAX + 1];
        struct query query = parsed(rows[i].text);
        struct error error;
        const enum error_code result = authorization_response_code(&query, code, &error);
        assert_row(result == (rows[i].code != NULL ? ERROR_NONE : ERROR_BAD_REQUEST), rows[i].text);
        assert_row(rows[i].code == NULL || same(code, rows[i].code), rows[i].text);
        query_free(&query);
    }
}

static void limits(void **state) {
    (void)state;
    char text[QUERY_STRING_MAX + 1], part[QUERY_STRING_MAX - 8], out[AUTHORIZATION_CODE_MAX + 1];
    char found[AUTHORIZATION_STATE_MAX + 1];
    struct error error;
    for (size_t over = 0; over < 2; over++) {
        snprintf(text, sizeof text, "code=%s", repeat(part, "c", AUTHORIZATION_CODE_MAX + over));
        struct query query = parsed(text);
        assert_int_equal(authorization_response_code(&query, out, &error), over ? ERROR_BAD_REQUEST : ERROR_NONE);
        query_free(&query);
    }
    /* A state that is too long is not refused, since it cannot be one of ours. */
    snprintf(text, sizeof text, "state=%s", repeat(part, "s", 1000));
    struct query query = parsed(text);
    assert_int_equal(authorization_response_state(&query, found, &error), ERROR_NONE);
    assert_int_equal(strlen(found), AUTHORIZATION_STATE_MAX);
    query_free(&query);
}

/* Where an issuer is known the response must be of it (RFC 9207); without one the parameter counts for nothing. */
static void issuers(void **state) {
    (void)state;
    static const struct {
        const char *issuer, *metadata, *text;
        enum error_code code;
    } rows[] = {
        {NULL, NULL, "iss=https://evil.example", ERROR_NONE},
        {NULL, NULL, "iss=a&iss=b", ERROR_NONE},
        {"https://i.example", NULL, "code=c", ERROR_NONE},
        {"https://i.example", NULL, "iss=https%3A%2F%2Fi.example", ERROR_NONE},
        {"https://i.example", NULL, "iss=https://i.example/", ERROR_PROVIDER},
        {"https://i.example", NULL, "iss=https://evil.example&error=access_denied", ERROR_PROVIDER},
        {"https://i.example", NULL, "iss=", ERROR_PROVIDER},
        {"https://i.example", NULL, "iss=https://i.example&iss=https://i.example", ERROR_BAD_REQUEST},
        {"https://i.example", NULL, "iss=%ff", ERROR_BAD_REQUEST},
        {"https://i.example", "{\"authorization_response_iss_parameter_supported\":true}", "code=c", ERROR_PROVIDER},
        {"https://i.example", "{\"authorization_response_iss_parameter_supported\":\"true\"}", "code=c", ERROR_NONE},
        {"https://i.example", "{\"authorization_response_iss_parameter_supported\":true}", "iss=https://i.example",
         ERROR_NONE}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct provider provider = {.issuer = rows[i].issuer,
                                          .id_token_issuer = rows[i].issuer,
                                          .metadata = rows[i].metadata != NULL ? sample_json(rows[i].metadata) : NULL};
        struct query query = parsed(rows[i].text);
        struct error error;
        assert_row(authorization_response_check_issuer(&query, &provider, &error) == rows[i].code, rows[i].text);
        query_free(&query);
        json_free(provider.metadata);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals), cmocka_unit_test(issuers), cmocka_unit_test(long_words_are_cut),
        cmocka_unit_test(tokens),   cmocka_unit_test(states),  cmocka_unit_test(codes),
        cmocka_unit_test(limits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
