/* http_client.c: what becomes of a response whose end is missing. Its status counts, so that a redirect, a limit or a
 * refusal is told as such; a success is trusted only when it is whole.
 * SPDX-License-Identifier: MIT */
#include "local_server.h"
#include "sample.h"

#include "oauth/http_client.h"
#include "oauth/provider_response.h"

/* Calls a server that gives this response and ends the connection, properly or by a reset. */
static enum error_code call(const char *text, bool reset, struct http_response *response, struct error *error) {
    struct local_server server;
    struct http_client *client;
    local_server_start_ending(&server, text, reset);
    assert_int_equal(http_client_new(NULL, &client, error), ERROR_NONE);
    const struct http_request request = {.url = server.url, .response_max = 100};
    const enum error_code code = http_client_call(client, &request, response, error);
    local_server_finish(&server);
    http_client_free(client);
    return code;
}

static void a_status_counts_without_the_end(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool reset;
        long status;
        const char *body;
    } rows[] = {
        {"HTTP/1.1 301 Moved\r\nLocation: https://a.example/\r\nContent-Length: 50\r\n\r\n", false, 301, ""},
        {"HTTP/1.1 301 Moved\r\nLocation: https://a.example/\r\n\r\n", true, 301, ""},
        {"HTTP/1.1 429 Slow\r\nContent-Length: 50\r\n\r\n{\"error", false, 429, "{\"error"},
        {"HTTP/1.1 429 Slow\r\n\r\n", true, 429, ""},
        {"HTTP/1.1 400 No\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"a\"", false, 400, "{\"a\""},
        {"HTTP/1.1 500 No\r\nContent-Length: 500\r\n\r\n"
         "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789xxxxx",
         false, 500, ""}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct http_response response;
        struct error error = {.cause = ""};
        assert_row(call(rows[i].text, rows[i].reset, &response, &error) == ERROR_NONE, rows[i].text);
        assert_row(response.status == rows[i].status && response.cut, rows[i].text);
        assert_row(rows[i].status == 500 || strcmp(buffer_text(&response.body), rows[i].body) == 0, rows[i].text);
        http_response_free(&response);
    }
}

static void a_success_counts_only_whole(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool reset;
        enum error_code code;
        const char *cause;
    } rows[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", false, ERROR_NONE, ""},
        {"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", false, ERROR_NONE, ""},
        {"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}", false, ERROR_PROVIDER, "after the status 200"},
        {"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", true, ERROR_PROVIDER, "after the status 200"},
        {"HTTP/1.1 204 No\r\nTransfer-Encoding: x\r\n", true, ERROR_PROVIDER, "after the status 204"},
        {"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
         "01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890",
         false, ERROR_PROVIDER, "larger than 100 bytes"},
        {"", true, ERROR_PROVIDER_UNREACHABLE, "127.0.0.1"},
        {"nonsense\r\n\r\n", false, ERROR_PROVIDER_UNREACHABLE, "127.0.0.1"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct http_response response;
        struct error error = {.cause = ""};
        assert_row(call(rows[i].text, rows[i].reset, &response, &error) == rows[i].code, error.cause);
        assert_row(contains(error.cause, rows[i].cause), error.cause);
        assert_row(!response.cut || rows[i].code != ERROR_NONE, rows[i].text);
        http_response_free(&response);
    }
}

/* The status decides what is said and done; words that came whole are told. */
static void the_status_reaches_the_decision(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum error_code code;
        const char *cause;
    } rows[] = {{"HTTP/1.1 301 Moved\r\nContent-Length: 50\r\n\r\n", ERROR_PROVIDER,
                 "the token endpoint answered 301: a redirect, which is not followed (no content type)"},
                {"HTTP/1.1 429 Slow\r\nContent-Length: 50\r\n\r\n<htm", ERROR_TOO_MANY_CALLS,
                 "the token endpoint answered 429: a body without its end (no content type)"},
                {"HTTP/1.1 400 No\r\nContent-Length: 50\r\n\r\n{\"error\":\"invalid_grant\"}", ERROR_TOKEN_DEAD,
                 "the token endpoint answered 400: \"invalid_grant\""}};
    static const char *const no_secrets[] = {NULL};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct provider provider = {.name = "instagram"};
        struct http_response response;
        struct provider_response answer;
        struct error error = {.cause = ""};
        cJSON *wanted = cJSON_CreateString("/access_token");
        const struct provider_call question = {&provider, "token endpoint", wanted, no_secrets};
        assert_row(call(rows[i].text, false, &response, &error) == ERROR_NONE, error.cause);
        assert_row(provider_response_read(&question, &response, &answer, &error) == rows[i].code, error.cause);
        assert_string_equal(error.cause, rows[i].cause);
        cJSON_Delete(wanted);
        http_response_free(&response);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_status_counts_without_the_end),
                                       cmocka_unit_test(a_success_counts_only_whole),
                                       cmocka_unit_test(the_status_reaches_the_decision)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
