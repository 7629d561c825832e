/* http_client.c: what becomes of a response whose end is missing. Its status counts, so that a redirect, a limit or a
 * refusal is told as such; a success is trusted only when it is whole. Then calls that are opened before it is known
 * what they send, on which libcurl makes no promise: what it reads only when it sends is tested here. And what time a
 * host says it is.
 * SPDX-License-Identifier: MIT */
#include "local_server.h"
#include "sample.h"

#include "http/http_client.h"
#include "oauth/provider_response.h"

#include <poll.h>
#include <signal.h>

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
        const struct provider_call question = {
            .provider = &provider, .endpoint = "token endpoint", .wanted = wanted, .secrets = no_secrets};
        assert_row(call(rows[i].text, false, &response, &error) == ERROR_NONE, error.cause);
        assert_row(provider_response_read(&question, &response, &answer, &error) == rows[i].code, error.cause);
        assert_string_equal(error.cause, rows[i].cause);
        cJSON_Delete(wanted);
        http_response_free(&response);
    }
}

/* True if the server has been asked something within that many milliseconds. */
static bool is_asked(const struct local_server *server, int milliseconds) {
    struct pollfd asked = {.fd = server->asked, .events = POLLIN};
    return poll(&asked, 1, milliseconds) > 0;
}

static void an_opened_call_sends_what_is_known_later(void **state) {
    (void)state;
    static const struct {
        const char *opened, *sent; /* what follows the origin */
        const char *form, *user, *bearer, *accept;
        const char *parts[4]; /* of what the server is asked */
    } rows[] = {
        {"/x",
         "/y?fields=id&access_token=T%2B",
         NULL,
         NULL,
         NULL,
         NULL,
         {"GET /y?fields=id&access_token=T%2B HTTP/1.1\r\nHost: 127.0.0.1:", "\r\nAccept: application/json\r\n"}},
        {"/x",
         "/x",
         NULL,
         NULL,
         "T",
         "Accept: text/plain",
         {"GET /x HTTP/1.1\r\n", "\r\nAuthorization: Bearer T\r\n", "\r\nAccept: text/plain\r\n"}},
        {"", "?a=b", NULL, NULL, NULL, NULL, {"GET /?a=b HTTP/1.1\r\n"}},
        {"", "", NULL, NULL, NULL, NULL, {"GET / HTTP/1.1\r\n"}},
        {"/x",
         "/x",
         "code=C",
         "id",
         NULL,
         NULL,
         {"POST /x HTTP/1.1\r\n", "\r\nContent-Length: 6\r\n", "\r\n\r\ncode=C",
          "\r\nAuthorization: Basic aWQ6cHc=\r\n"}}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct local_server server;
        struct http_client *client;
        struct http_response response;
        struct error error = {.cause = ""};
        char opened[128], sent[128];
        local_server_start(&server, "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 2\r\n\r\n{}");
        const int origin = (int)(strlen(server.url) - strlen("/x"));
        snprintf(opened, sizeof opened, "%.*s%s", origin, server.url, rows[i].opened);
        snprintf(sent, sizeof sent, "%.*s%s", origin, server.url, rows[i].sent);
        assert_int_equal(http_client_new(NULL, &client, &error), ERROR_NONE);
        struct http_request call = {
            .url = opened, .form = rows[i].form, .user = rows[i].user, .password = rows[i].user != NULL ? "pw" : NULL};
        http_client_open(client, &call);
        assert_true(http_client_connects(client, deadline_in(10000)));
        assert_false(is_asked(&server, 50));
        const struct http_request known = {.url = sent,
                                           .form = call.form,
                                           .user = call.user,
                                           .password = call.password,
                                           .bearer = rows[i].bearer,
                                           .accept = rows[i].accept};
        http_client_send(client, &known);
        assert_true(is_asked(&server, 10000));
        assert_int_equal(http_client_call(client, &known, &response, &error), ERROR_NONE);
        local_server_finish(&server);
        for (size_t part = 0; part < COUNT(rows[i].parts) && rows[i].parts[part] != NULL; part++)
            assert_row(contains(server.request, rows[i].parts[part]), server.request);
        assert_string_equal(buffer_text(&response.body), "{}");
        assert_string_equal(response.content_type, "a/b");
        http_response_free(&response);
        http_client_free(client);
    }
}

/* What is opened and not wanted is given up at once; another call goes its own way. */
static void an_opened_call_can_be_abandoned(void **state) {
    (void)state;
    struct local_server unasked, asked;
    struct http_client *client;
    struct http_response response;
    struct error error = {.cause = ""};
    const struct deadline soon = deadline_in(5000);
    local_server_start(&unasked, "");
    local_server_start(&asked, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    assert_int_equal(http_client_new(NULL, &client, &error), ERROR_NONE);
    const struct http_request first = {.url = unasked.url}, second = {.url = asked.url};
    http_client_open(client, &first);
    http_client_abandon(client);
    http_client_open(client, &first);
    assert_int_equal(http_client_call(client, &second, &response, &error), ERROR_NONE);
    http_response_free(&response);
    http_client_open(client, &first);
    http_client_free(client);
    kill(unasked.child, SIGKILL);
    local_server_finish(&unasked);
    local_server_finish(&asked);
    assert_string_equal(unasked.request, "");
    assert_true(contains(asked.request, "GET /x "));
    assert_true(deadline_left(soon) > 0);
}

/* A connection that was opened ahead and that the server has closed costs a second one; but what has a form is sent
 * once. */
static void an_opened_connection_may_be_closed(void **state) {
    (void)state;
    static const char *const forms[] = {NULL, "code=1"};
    for (size_t i = 0; i < COUNT(forms); i++) {
        struct local_server server;
        struct http_client *client;
        struct http_response response;
        struct error error = {.cause = ""};
        const int listener = local_server_listen(&server);
        assert_int_equal(http_client_new(NULL, &client, &error), ERROR_NONE);
        const struct http_request call = {.url = server.url, .form = forms[i]};
        http_client_open(client, &call);
        assert_true(http_client_connects(client, deadline_in(5000)));
        close(accept(listener, NULL, NULL));
        local_server_start_at(&server, listener, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", false);
        const enum error_code code = http_client_call(client, &call, &response, &error);
        assert_row(code == (forms[i] == NULL ? ERROR_NONE : ERROR_PROVIDER_UNREACHABLE), error.cause);
        assert_string_equal(buffer_text(&response.body), forms[i] == NULL ? "{}" : "");
        http_response_free(&response);
        http_client_free(client);
        kill(server.child, SIGKILL);
        local_server_finish(&server);
    }
}

/* The deadline of a client holds for each of its calls, begun or not, and for one beside it. */
static void no_call_outlasts_the_deadline(void **state) {
    /* Long enough for both calls to begin on a busy machine, and much shorter than what ends them without a limit. */
    enum { LIMIT_MS = 1500 };
    (void)state;
    struct local_server server;
    struct http_client *client;
    struct http_response response;
    struct error error = {.cause = ""};
    const int listener = local_server_listen(&server); /* nobody accepts there */
    assert_int_equal(http_client_new(NULL, &client, &error), ERROR_NONE);
    const struct http_request call = {.url = server.url};
    struct http_client *beside = http_client_beside(client);
    const struct deadline before = deadline_in(0);
    http_client_limit(client, deadline_in(LIMIT_MS));
    http_client_open(beside, &call);
    http_client_send(beside, &call);
    assert_int_equal(http_client_call(client, &call, &response, &error), ERROR_PROVIDER_UNREACHABLE);
    assert_true(contains(error.cause, "timed out"));
    http_response_free(&response);
    assert_int_equal(http_client_call(beside, &call, &response, &error), ERROR_PROVIDER_UNREACHABLE);
    http_response_free(&response);
    const int64_t took = deadline_in(0).at - before.at;
    assert_true(took >= LIMIT_MS - 10 && took < PROVIDER_TIMEOUT_MS);
    assert_int_equal(http_client_call(client, &call, &response, &error), ERROR_PROVIDER_UNREACHABLE);
    assert_true(contains(error.cause, "no time left"));
    http_response_free(&response);
    http_client_free(client);
    close(listener);
}

static void a_host_tells_the_time(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t date; /* -1: it does not tell */
    } rows[] = {
        {"HTTP/1.1 200 OK\r\nDate: Thu, 26 Nov 2026 04:00:00 GMT\r\n\r\n", 1795665600},
        {"HTTP/1.1 404 No\r\ndate:Thu, 26 Nov 2026 04:00:00 GMT\r\nContent-Length: 5\r\n\r\n", 1795665600},
        {"HTTP/1.1 301 Moved\r\nLocation: /x\r\nAge: 90\r\nDate: Thu, 26 Nov 2026 04:00:00 GMT\r\n\r\n", 1795665690},
        {"HTTP/1.1 200 OK\r\nAge: -5\r\nDate: Thu, 26 Nov 2026 04:00:00 GMT\r\n\r\n", -1},
        {"HTTP/1.1 200 OK\r\nDate: today\r\n\r\n", -1},
        {"HTTP/1.1 200 OK\r\nX-Date: Thu, 26 Nov 2026 04:00:00 GMT\r\n\r\n", -1},
        {"HTTP/1.1 200 OK\r\n\r\n", -1},
        {"", -1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct local_server server;
        struct http_client *client;
        struct error error;
        int64_t date;
        local_server_start(&server, rows[i].text);
        assert_int_equal(http_client_new(NULL, &client, &error), ERROR_NONE);
        const bool told = http_client_date(client, server.url, NULL, &date);
        local_server_finish(&server);
        assert_row(told == (rows[i].date >= 0) && (!told || date == rows[i].date), rows[i].text);
        assert_int_equal(strncmp(server.request, "HEAD / HTTP/1.1\r\n", 17), 0);
        http_client_free(client);
    }
}

/* libcurl takes "localhost" for ::1 and 127.0.0.1, in this order; one of the two does not answer. */
static void reaches_a_host_by_the_address_that_answers(void **state) {
    (void)state;
    static const struct { bool ipv6, by_name; } rows[] = {{false, false}, {false, true}, {true, false}, {true, true}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct local_server server;
        struct http_response response;
        struct http_client *client;
        struct error error = {.cause = ""};
        char url[64];
        const int listener = rows[i].ipv6 ? local_server_listen_ipv6(&server) : local_server_listen(&server);
        if (listener < 0)
            continue;
        local_server_start_at(&server, listener, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", false);
        snprintf(url, sizeof url, "http://localhost%s", strrchr(server.url, ':'));
        const struct http_request request = {.url = rows[i].by_name ? url : server.url};
        assert_int_equal(http_client_new(NULL, &client, &error), ERROR_NONE);
        assert_row(http_client_call(client, &request, &response, &error) == ERROR_NONE, error.cause);
        assert_string_equal(buffer_text(&response.body), "{}");
        local_server_finish(&server);
        http_response_free(&response);
        http_client_free(client);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_status_counts_without_the_end),
                                       cmocka_unit_test(a_success_counts_only_whole),
                                       cmocka_unit_test(reaches_a_host_by_the_address_that_answers),
                                       cmocka_unit_test(a_host_tells_the_time),
                                       cmocka_unit_test(the_status_reaches_the_decision),
                                       cmocka_unit_test(an_opened_call_sends_what_is_known_later),
                                       cmocka_unit_test(an_opened_call_can_be_abandoned),
                                       cmocka_unit_test(an_opened_connection_may_be_closed),
                                       cmocka_unit_test(no_call_outlasts_the_deadline)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
