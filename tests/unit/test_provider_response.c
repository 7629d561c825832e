/* provider_response.c: both shapes of a token answer and of a profile, what is no answer, every place where providers
 * put their error texts, dead tokens and limits told apart, secrets blotted out, control characters made printable,
 * long texts cut.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "oauth/provider_response.h"

static const char *const no_secrets[] = {NULL};

/* Reads an answer; root_text is the printed root, or NULL, to be freed. */
static enum error_code read_answer(long status, const char *roots, const char *wanted, const char *body,
                                   const char *const *secrets, char **root_text, struct error *error) {
    cJSON *too_many_calls = sample_json("[4,17,\"slow_down\"]"), *token_dead = sample_json("[190,\"bad_token\"]");
    struct provider provider = {.name = "instagram", .too_many_calls = too_many_calls, .token_dead = token_dead};
    struct http_response answer = {.status = status, .content_type = "application/json"};
    cJSON *pointers = roots != NULL ? sample_json(roots) : NULL;
    struct provider_response result;
    provider.response_root = pointers;
    buffer_append_text(&answer.body, body);
    cJSON *pointer = cJSON_CreateString(wanted), *refused = sample_json("[100,190]");
    const struct provider_call question = {
        .provider = &provider, .endpoint = "token endpoint", .wanted = pointer, .secrets = secrets, .refused = refused};
    const enum error_code code = provider_response_read(&question, &answer, &result, error);
    json_free(pointer);
    json_free(refused);
    json_free(too_many_calls);
    json_free(token_dead);
    *root_text = result.root != NULL ? json_print(result.root) : NULL;
    assert_int_equal(result.document != NULL, code == ERROR_NONE || code == ERROR_FIELD_REFUSED);
    assert_int_equal(result.root != NULL, code == ERROR_NONE);
    json_free(result.document);
    json_free(pointers);
    http_response_free(&answer);
    return code;
}

static void finds_the_root(void **state) {
    (void)state;
    static const char instagram[] = "[\"/data/0\",\"/data\",\"\"]";
    static const struct {
        const char *roots, *wanted, *body, *root;
    } rows[] = {
        {instagram, "/access_token", "{\"data\":[{\"access_token\":\"t\",\"user_id\":1}]}",
         "{\"access_token\":\"t\",\"user_id\":1}"},
        {instagram, "/access_token", "{\"access_token\":\"t\",\"user_id\":17841405793187218123}",
         "{\"access_token\":\"t\",\"user_id\":\"17841405793187218123\"}"},
        {instagram, "/access_token", "{\"data\":{\"access_token\":\"t\"}}", "{\"access_token\":\"t\"}"},
        {instagram, "/access_token", "{\"data\":[],\"access_token\":\"t\"}", "{\"data\":[],\"access_token\":\"t\"}"},
        {NULL, "/access_token", "{\"access_token\":\"t\"}", "{\"access_token\":\"t\"}"},
        {"[\"/a\"]", "/x", "{\"a\":{\"x\":null}}", NULL},
        {instagram, "/access_token", "{\"data\":[{\"token\":\"t\"}]}", NULL},
        {instagram, "/access_token", "{}", NULL},
        {instagram, "/access_token", "[]", NULL},
        {instagram, "/access_token", "\"access_token\"", NULL},
        {instagram, "/access_token", "{\"access_token\":\"t\"", NULL},
        {instagram, "/access_token", "<html>", NULL},
        {instagram, "/access_token", "", NULL},
        {NULL, "/access_token", "[\"access_token\"]", NULL},
        {"[\"/a\"]", "/x", "{\"x\":1}", NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error = {""};
        char *root;
        const enum error_code code =
            read_answer(200, rows[i].roots, rows[i].wanted, rows[i].body, no_secrets, &root, &error);
        assert_row(code == (rows[i].root != NULL ? ERROR_NONE : ERROR_PROVIDER), rows[i].body);
        assert_row(same(root, rows[i].root), rows[i].body);
        assert_row(code == ERROR_NONE || error.cause[0] != '\0', rows[i].body);
        json_free_text(root);
    }
}

static void only_success_is_an_answer(void **state) {
    (void)state;
    static const struct {
        long status;
        bool answer;
    } rows[] = {{200, true},  {201, true},  {299, true},  {300, false}, {302, false},
                {400, false}, {401, false}, {500, false}, {0, false},   {199, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error;
        char *root;
        assert_int_equal(read_answer(rows[i].status, NULL, "/a", "{\"a\":1}", no_secrets, &root, &error) == ERROR_NONE,
                         rows[i].answer);
        json_free_text(root);
    }
}

static void quotes_the_providers_words(void **state) {
    (void)state;
    static const struct {
        long status;
        const char *body, *cause;
    } rows[] = {
        {400, "{\"error_type\":\"OAuthException\",\"code\":400,\"error_message\":\"Invalid platform app\"}",
         "the token endpoint answered 400: \"Invalid platform app\" (OAuthException, code 400)"},
        {400, "{\"error\":{\"message\":\"Bad token\",\"type\":\"IGApiException\",\"code\":190}}",
         "the token endpoint answered 400: \"Bad token\" (IGApiException, code 190)"},
        {401, "{\"error\":\"invalid_client\",\"error_description\":\"no such client\"}",
         "the token endpoint answered 401: \"no such client\" (invalid_client)"},
        {400, "{\"error\":\"invalid_grant\"}", "the token endpoint answered 400: \"invalid_grant\""},
        {400, "{\"meta\":{\"error_message\":\"old\"}}", "the token endpoint answered 400: \"old\""},
        {403, "{\"message\":\"rate limited\"}", "the token endpoint answered 403: \"rate limited\""},
        {200, "{\"error\":\"bad_code\"}", "the token endpoint answered 200: \"bad_code\""},
        {200, "{\"message\":\"all is well\"}",
         "the token endpoint answered 200: JSON without what was asked for (application/json), and the words \"all "
         "is well\""},
        {500, "<html>", "the token endpoint answered 500: it is not well-formed JSON (application/json)"},
        {502, "", "the token endpoint answered 502: an empty body (application/json)"},
        {200, "{}", "the token endpoint answered 200: JSON without what was asked for (application/json)"},
        {302, "{}", "the token endpoint answered 302: a redirect, which is not followed (application/json)"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error;
        char *root;
        assert_row(read_answer(rows[i].status, NULL, "/access_token", rows[i].body, no_secrets, &root, &error) !=
                       ERROR_NONE,
                   rows[i].body);
        assert_string_equal(error.cause, rows[i].cause);
    }
}

static void tells_dead_tokens_and_limits_apart(void **state) {
    (void)state;
    static const struct {
        long status;
        const char *body;
        enum error_code code;
    } rows[] = {{400, "{\"error\":{\"message\":\"x\",\"code\":190}}", ERROR_TOKEN_DEAD},
                {400, "{\"error\":\"invalid_grant\"}", ERROR_TOKEN_DEAD},
                {400, "{\"error\":{\"message\":\"x\",\"code\":4}}", ERROR_TOO_MANY_CALLS},
                {400, "{\"error\":{\"message\":\"x\",\"code\":17}}", ERROR_TOO_MANY_CALLS},
                {400, "{\"error\":\"slow_down\"}", ERROR_TOO_MANY_CALLS},
                {400, "{\"error\":{\"type\":\"slow_down\",\"code\":1}}", ERROR_TOO_MANY_CALLS},
                {400, "{\"code\":\"bad_token\"}", ERROR_TOKEN_DEAD},
                {400, "{\"code\":\"190\"}", ERROR_TOKEN_DEAD},
                {400, "{\"error\":{\"message\":\"slow_down\",\"code\":41}}", ERROR_PROVIDER},
                {400, "{\"code\":1900}", ERROR_PROVIDER},
                {429, "{}", ERROR_TOO_MANY_CALLS},
                {429, "<html>", ERROR_TOO_MANY_CALLS},
                {400, "{\"error\":{\"message\":\"x\",\"code\":100}}", ERROR_FIELD_REFUSED},
                {400, "{\"error\":\"invalid_request\"}", ERROR_PROVIDER},
                {200, "{\"error\":{\"message\":\"x\",\"code\":190}}", ERROR_TOKEN_DEAD},
                {200, "{\"error\":\"invalid_grant\"}", ERROR_TOKEN_DEAD},
                {200, "{\"error\":null,\"code\":190}", ERROR_PROVIDER},
                {200, "{\"code\":190}", ERROR_PROVIDER},
                {500, "", ERROR_PROVIDER_FAULT},
                {503, "{\"error\":{\"message\":\"x\",\"code\":2}}", ERROR_PROVIDER_FAULT},
                {499, "", ERROR_PROVIDER}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error;
        char *root;
        assert_row(read_answer(rows[i].status, NULL, "/a", rows[i].body, no_secrets, &root, &error) == rows[i].code,
                   rows[i].body);
    }
}

static void blots_secrets_out(void **state) {
    (void)state;
    static const char *const secrets[] = {"", "SECRET", "SEC", "CODE+1", NULL};
    static const char *const rows[] = {"{\"error\":\"SECRET\"}", "{\"error\":\"a SECRETSECRET b\"}",
                                       "{\"error\":\"SESECRET\"}",
                                       "{\"error_message\":\"x\",\"error_type\":\"SECRET\"}",
                                       "{\"error\":{\"message\":\"CODE+1\",\"type\":\"SECRET\",\"code\":\"SECRET\"}}"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error;
        char *root;
        read_answer(400, NULL, "/a", rows[i], secrets, &root, &error);
        assert_row(contains(error.cause, "[hidden]"), rows[i]);
        assert_row(!contains(error.cause, "SECRET") && !contains(error.cause, "CODE+1"), rows[i]);
    }
}

/* Of secrets that start alike the longer one is what stands there. */
static void blots_the_longer_secret_out(void **state) {
    (void)state;
    static const char *const secrets[] = {"SEC", "SECRET", NULL};
    struct error error;
    char *root;
    read_answer(400, NULL, "/a", "{\"error\":\"SECRET\"}", secrets, &root, &error);
    assert_false(contains(error.cause, "RET"));
}

/* An endpoint that echoes what was sent echoes it as it was sent: percent-encoded. */
static void blots_encoded_secrets_out(void **state) {
    (void)state;
    static const char *const secrets[] = {"a/b+c=SECRET", NULL};
    struct error error;
    char *root;
    read_answer(400, NULL, "/a", "{\"error\":\"bad request: code=a%2Fb%2Bc%3DSECRET\"}", secrets, &root, &error);
    assert_false(contains(error.cause, "SECRET"));
}

static void causes_are_printable(void **state) {
    (void)state;
    static const char *const bodies[] = {"{\"error\":\"a\\n\\r\\u001b[31mb\"}", "{\"error\":\"\\u0000\\u009b\\u202e\"}",
                                         "{\"error\":\"\xFF\xFE\"}", "\x1B]0;x\x07"};
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct error error;
        char *root;
        read_answer(400, NULL, "/a", bodies[i], no_secrets, &root, &error);
        for (const char *at = error.cause; *at != '\0'; at++)
            assert_row((unsigned char)*at >= 0x20 && *at != 0x7F, bodies[i]);
        assert_row(!contains(error.cause, "\xE2\x80\xAE") && !contains(error.cause, "\xC2\x9B"), bodies[i]);
    }
}

static void cuts_long_texts(void **state) {
    (void)state;
    static char body[20000] = "{\"error\":\"";
    static const char *const secrets[] = {"xSECRET", NULL};
    struct error error;
    char *root;
    repeat(body + strlen(body), "xSECRET", 2000);
    strcat(body, "\"}");
    read_answer(400, NULL, "/a", body, secrets, &root, &error);
    assert_true(strlen(error.cause) < ERROR_CAUSE_MAX);
    assert_false(contains(error.cause, "SECRET"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_the_root),
                                       cmocka_unit_test(only_success_is_an_answer),
                                       cmocka_unit_test(quotes_the_providers_words),
                                       cmocka_unit_test(tells_dead_tokens_and_limits_apart),
                                       cmocka_unit_test(blots_secrets_out),
                                       cmocka_unit_test(blots_the_longer_secret_out),
                                       cmocka_unit_test(blots_encoded_secrets_out),
                                       cmocka_unit_test(causes_are_printable),
                                       cmocka_unit_test(cuts_long_texts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
