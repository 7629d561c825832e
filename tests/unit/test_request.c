/* request.c: the Accept header; cookies by name; the environment with every variable missing, doubled, oversized or
 * malformed; PATH_INFO; CONTENT_LENGTH and form bodies; the plain CGI path; what is filled in when a fault is found.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/text.h"
#include "http/accept.h"
#include "http/request.h"

static void accept_header(void **state) {
    (void)state;
    static const struct {
        const char *accept;
        bool json;
    } rows[] = {{NULL, false},
                {"", false},
                {"*/*", false},
                {"application/json", true},
                {"APPLICATION/JSON", true},
                {"application/problem+json", true},
                {"application/*", true},
                {"text/*", false},
                {"text/html", false},
                {"application/json, text/plain, */*", true},
                {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false},
                {"text/html, application/json;q=0.5", false},
                {"text/html;q=0.5, application/json", true},
                {"text/html, application/json", false},
                {"application/json;q=0", false},
                {"application/json;q=0, */*", false},
                {"*/*, application/json;q=0.1", false},
                {"application/json;q=0.1, */*;q=0.05", true},
                {"application/json ; q=0.9 , text/html;q=0.8", true},
                {"application/json;charset=utf-8;q=0.9,text/html;q=0.95", false},
                {"application/json;Q=0.9,text/html;q=0.5", true},
                {"image/png", false},
                {",,, application/json", true},
                {";q=1", false},
                {"application/jsonx", false},
                {"application/json;q", true},
                {"text/html;q=0.001, application/json;q=0.002", true},
                {"application/json;q=0.8,text/html;q=0.8", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guarded input = guarded_string(rows[i].accept != NULL ? rows[i].accept : "");
        const char *accept = rows[i].accept != NULL ? input.data : NULL;
        assert_row(accept_prefers_json(accept) == rows[i].json, rows[i].accept);
        guarded_free(&input);
    }
}

/* Two names of one kind: the better one counts, wherever it stands. */
static void accept_takes_the_best_name(void **state) {
    (void)state;
    static const struct {
        const char *accept;
        bool json;
    } rows[] = {{"application/problem+json;q=0.1, application/json, text/html;q=0.5", true},
                {"application/json, application/problem+json;q=0.1, text/html;q=0.5", true},
                {"application/xhtml+xml;q=0.1, text/html, application/json;q=0.5", false}};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_row(accept_prefers_json(rows[i].accept) == rows[i].json, rows[i].accept);
}

/* A quality is 0 to 1 (RFC 9110, section 12.4.2); a client can write anything, and a double that does not fit an int
 * must not be made one. */
static void accept_with_senseless_quality(void **state) {
    (void)state;
    static const char *const numbers[] = {"nan", "inf", "-inf", "1e99", "-1e99",  "1e9",
                                          "5",   "-1",  "x",    "",     "0x1p99", "999999999999"};
    for (size_t i = 0; i < COUNT(numbers); i++) {
        char accept[64];
        snprintf(accept, sizeof accept, "text/html, application/json;q=%s", numbers[i]);
        assert_row(!accept_prefers_json(accept), accept);
    }
}

static void cookies_by_name(void **state) {
    (void)state;
    static const struct {
        const char *cookies, *value; /* of "name" */
    } rows[] = {{"", NULL},
                {"name=x", "x"},
                {"name=", ""},
                {"name", NULL},
                {"a=b; name=x; c=d", "x"},
                {"a=b;name=x", "x"},
                {"Name=x", NULL},
                {"xname=y", NULL},
                {"namex=y", NULL},
                {"a=name=x", NULL},
                {"name=a=b", "a=b"},
                {"name=x; name=y", "x"},
                {";;; name=x;;", "x"},
                {"\tname=x", "x"},
                {"name=\"q\"", "\"q\""},
                {"a=; name=x", "x"},
                {"=name; name=x", "x"},
                {"nam", NULL},
                {"name =x", NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t len = 99;
        struct guarded input = guarded_string(rows[i].cookies);
        const struct request request = {.cookies = input.data};
        const char *value = request_cookie(&request, "name", &len);
        assert_row((value != NULL) == (rows[i].value != NULL), rows[i].cookies);
        assert_row(value == NULL || (len == strlen(rows[i].value) && memcmp(value, rows[i].value, len) == 0),
                   rows[i].cookies);
        guarded_free(&input);
    }
}

static enum error_code read_whole(struct request *request, char *const *environment, struct error *error) {
    request_begin(request, environment);
    return request_read(request, error);
}

static enum error_code read_one(struct request *request, const char *variable, struct error *error) {
    char copy[128];
    char *environment[] = {copy, NULL};
    snprintf(copy, sizeof copy, "%s", variable);
    const enum error_code code = read_whole(request, environment, error);
    return code;
}

static void everything_may_be_missing(void **state) {
    (void)state;
    const char *value;
    char *environment[] = {NULL};
    struct request request;
    struct error error;
    assert_int_equal(read_whole(&request, environment, &error), ERROR_NONE);
    assert_int_equal(request.method, METHOD_OTHER);
    assert_string_equal(request.provider, "");
    assert_string_equal(request.cookies, "");
    assert_string_equal(request.script_name, "");
    assert_null(request.referer);
    assert_null(request.fetch_site);
    assert_false(request.is_prefetch);
    assert_null(request.host);
    assert_null(request.forwarded_host);
    assert_null(request.document_root);
    assert_null(request.config_path);
    assert_false(request.wants_json);
    assert_false(request.plain_path);
    assert_int_equal(query_find(&request.query, "a", &value), QUERY_ABSENT);
    assert_true(request.now > 1700000000);
    request_free(&request);
}

static void reads_every_variable(void **state) {
    (void)state;
    const char *value;
    static char variables[][48] = {"REQUEST_METHOD=POST",
                                   "QUERY_STRING=a=b",
                                   "PATH_INFO=/instagram",
                                   "HTTP_COOKIE=c=d",
                                   "HTTP_ACCEPT=application/json",
                                   "HTTP_REFERER=https://r.example/",
                                   "HTTP_SEC_FETCH_SITE=same-origin",
                                   "HTTP_PURPOSE=prefetch",
                                   "HTTP_HOST=www.example.com:443",
                                   "HTTP_X_FORWARDED_HOST=a, b",
                                   "DOCUMENT_ROOT=/var/www",
                                   "CGI_LOGIN_CONFIG=/c.json",
                                   "CONTENT_LENGTH=5",
                                   "HTTP_PROXY=evil.example"};
    char *environment[COUNT(variables) + 1] = {NULL};
    struct request request;
    struct error error;
    for (size_t i = 0; i < COUNT(variables); i++)
        environment[i] = variables[i];
    assert_int_equal(read_whole(&request, environment, &error), ERROR_NONE);
    assert_int_equal(request.method, METHOD_POST);
    assert_string_equal(request.provider, "instagram");
    assert_int_equal(query_find(&request.query, "a", &value), QUERY_FOUND);
    assert_string_equal(value, "b");
    assert_string_equal(request.cookies, "c=d");
    assert_true(request.wants_json);
    assert_string_equal(request.referer, "https://r.example/");
    assert_string_equal(request.fetch_site, "same-origin");
    assert_true(request.is_prefetch);
    assert_string_equal(request.host, "www.example.com:443");
    assert_string_equal(request.forwarded_host, "a, b");
    assert_string_equal(request.document_root, "/var/www");
    assert_string_equal(request.config_path, "/c.json");
    request_free(&request);
}

static void prefetches(void **state) {
    (void)state;
    static const struct {
        const char *variable;
        bool is_prefetch;
    } rows[] = {{"HTTP_SEC_PURPOSE=prefetch", true},
                {"HTTP_SEC_PURPOSE=prefetch;prerender", true},
                {"HTTP_SEC_PURPOSE=prefetch;anonymous-client-ip", true},
                {"HTTP_PURPOSE=prefetch", true},
                {"HTTP_SEC_PURPOSE=Prefetch", true},
                {"HTTP_PURPOSE=preview", true},
                {"HTTP_X_PURPOSE=preview", true},
                {"HTTP_X_MOZ=prefetch", true},
                {"HTTP_SEC_PURPOSE=", false},
                {"HTTP_PURPOSE=", false},
                {"HTTP_SEC_FETCH_DEST=document", false},
                {"HTTP_X_PREFETCH=1", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request request;
        struct error error;
        assert_row(read_one(&request, rows[i].variable, &error) == ERROR_NONE, rows[i].variable);
        assert_row(request.is_prefetch == rows[i].is_prefetch, rows[i].variable);
        request_free(&request);
    }
}

static void methods(void **state) {
    (void)state;
    static const struct {
        const char *variable;
        enum method method;
    } rows[] = {{"REQUEST_METHOD=GET", METHOD_GET},    {"REQUEST_METHOD=HEAD", METHOD_HEAD},
                {"REQUEST_METHOD=POST", METHOD_POST},  {"REQUEST_METHOD=get", METHOD_OTHER},
                {"REQUEST_METHOD=", METHOD_OTHER},     {"REQUEST_METHOD=DELETE", METHOD_OTHER},
                {"REQUEST_METHODX=GET", METHOD_OTHER}, {"REQUEST_METHOD", METHOD_OTHER}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request request;
        struct error error;
        assert_row(read_one(&request, rows[i].variable, &error) == ERROR_NONE, rows[i].variable);
        assert_row(request.method == rows[i].method, rows[i].variable);
        request_free(&request);
    }
}

static void path_info(void **state) {
    (void)state;
    static const struct {
        const char *variable, *provider; /* NULL: refused */
    } rows[] = {{"PATH_INFO=", ""},
                {"PATH_INFO=/", ""},
                {"PATH_INFO=/instagram", "instagram"},
                {"PATH_INFO=/instagram/", "instagram"},
                {"PATH_INFO=instagram", "instagram"},
                {"PATH_INFO=/a/b", NULL},
                {"PATH_INFO=//a", NULL},
                {"PATH_INFO=/a//", NULL},
                {"PATH_INFO=//", ""},
                {"PATH_INFO=/../a", NULL},
                {"PATH_INFO=/012345678901234567890123456789012345678901234567890123456789012",
                 "012345678901234567890123456789012345678901234567890123456789012"},
                {"PATH_INFO=/0123456789012345678901234567890123456789012345678901234567890123", NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request request;
        struct error error;
        const enum error_code code = read_one(&request, rows[i].variable, &error);
        assert_row(code == (rows[i].provider != NULL ? ERROR_NONE : ERROR_NOT_FOUND), rows[i].variable);
        assert_row(strcmp(request.provider, rows[i].provider != NULL ? rows[i].provider : "") == 0, rows[i].variable);
        request_free(&request);
    }
}

static void content_length(void **state) {
    (void)state;
    static const struct {
        const char *variable;
        enum error_code code;
    } rows[] = {{"CONTENT_LENGTH=", ERROR_NONE},
                {"CONTENT_LENGTH=0", ERROR_NONE},
                {"CONTENT_LENGTH=" TEXT_OF(REQUEST_BODY_MAX), ERROR_NONE},
                {"CONTENT_LENGTH=" TEXT_OF(REQUEST_BODY_MAX) "0", ERROR_BODY_TOO_LARGE},
                {"CONTENT_LENGTH=99999999999999999999999", ERROR_BODY_TOO_LARGE},
                {"CONTENT_LENGTH=-1", ERROR_NONE},
                {"CONTENT_LENGTH=-2", ERROR_BAD_REQUEST},
                {"CONTENT_LENGTH=+1", ERROR_BAD_REQUEST},
                {"CONTENT_LENGTH= 1", ERROR_BAD_REQUEST},
                {"CONTENT_LENGTH=1x", ERROR_BAD_REQUEST},
                {"CONTENT_LENGTH=0x10", ERROR_BAD_REQUEST},
                {"CONTENT_LENGTH=abc", ERROR_BAD_REQUEST},
                {"CONTENT_LENGTH=1 ", ERROR_BAD_REQUEST}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request request;
        struct error error;
        assert_row(read_one(&request, rows[i].variable, &error) == rows[i].code, rows[i].variable);
        request_free(&request);
    }
}

static enum error_code read_form(const char *type, const char *body, size_t len, struct query *form) {
    char type_variable[64];
    char *environment[] = {type_variable, NULL};
    struct request request;
    struct error error;
    snprintf(type_variable, sizeof type_variable, "CONTENT_TYPE=%s", type);
    assert_int_equal(read_whole(&request, environment, &error), ERROR_NONE);
    const enum error_code code = request_parse_form(&request, body, len, form, &error);
    request_free(&request);
    return code;
}

static void forms(void **state) {
    (void)state;
    static const char type[] = "application/x-www-form-urlencoded";
    static const struct {
        const char *type, *body;
        size_t len;
        enum error_code code;
        const char *value; /* of "a" */
    } rows[] = {{type, "a=1", 3, ERROR_NONE, "1"},
                {"APPLICATION/X-WWW-FORM-URLENCODED; charset=utf-8", "a=1", 3, ERROR_NONE, "1"},
                {type, "a=1&b=2", 7, ERROR_NONE, "1"},
                {"", "", 0, ERROR_NONE, NULL},
                {type, "", 0, ERROR_NONE, NULL},
                {type, "a=\0", 3, ERROR_BAD_REQUEST, NULL},
                {type, "a=1&b=%zz&b", 11, ERROR_NONE, "1"},
                {type, "a=%zz", 5, ERROR_NONE, NULL},
                {type, "a=1&a=2", 7, ERROR_NONE, NULL},
                {"application/json", "a=1", 3, ERROR_BAD_REQUEST, NULL},
                {"", "a=1", 3, ERROR_BAD_REQUEST, NULL},
                {"application/x-www-form-urlencodedx", "a=1", 3, ERROR_BAD_REQUEST, NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct query form;
        const char *value;
        assert_row(read_form(rows[i].type, rows[i].body, rows[i].len, &form) == rows[i].code, rows[i].body);
        assert_row((query_find(&form, "a", &value) == QUERY_FOUND) == (rows[i].value != NULL), rows[i].body);
        assert_row(same(value, rows[i].value), rows[i].body);
        query_free(&form);
    }
}

/* A large variable at its limit, and one byte above it. */
static void check_limit(const char *name, const char *start, size_t limit, enum error_code above) {
    for (size_t len = limit; len <= limit + 1; len++) {
        struct buffer variable = BUFFER_EMPTY;
        struct request request;
        struct error error;
        char config[] = "CGI_LOGIN_CONFIG=/c.json", accept[] = "HTTP_ACCEPT=application/json",
             method[] = "REQUEST_METHOD=HEAD";
        buffer_append_format(&variable, "%s=%s", name, start);
        while (variable.len < strlen(name) + 1 + len)
            buffer_append_char(&variable, 'x');
        char *environment[] = {variable.data, config, accept, method, NULL};
        assert_int_equal(read_whole(&request, environment, &error), len > limit ? above : ERROR_NONE);
        assert_string_equal(request.config_path, "/c.json");
        assert_true(request.wants_json);
        assert_int_equal(request.method, METHOD_HEAD);
        if (len > limit)
            assert_false(contains(error.cause, "xxx"));
        request_free(&request);
        buffer_free(&variable);
    }
}

static void oversized(void **state) {
    (void)state;
    check_limit("QUERY_STRING", "a=", QUERY_STRING_MAX, ERROR_QUERY_TOO_LONG);
    check_limit("HTTP_COOKIE", "a=", COOKIE_HEADER_MAX, ERROR_COOKIES_TOO_LARGE);
}

static void oversized_cookies_are_not_kept(void **state) {
    (void)state;
    static char variable[COOKIE_HEADER_MAX + 64] = "HTTP_COOKIE=";
    char *environment[] = {variable, NULL};
    struct request request;
    struct error error;
    memset(variable + strlen(variable), 'x', COOKIE_HEADER_MAX + 1);
    assert_int_equal(read_whole(&request, environment, &error), ERROR_COOKIES_TOO_LARGE);
    assert_string_equal(request.cookies, "");
    request_free(&request);
}

/* A request is read whatever its query holds: who wants a parameter judges it. */
static void damaged_queries(void **state) {
    (void)state;
    static const char *const rows[] = {"QUERY_STRING=a=1&a=2", "QUERY_STRING=a=%00", "QUERY_STRING=a=%",
                                       "QUERY_STRING=a=\xFF"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request request;
        struct error error;
        assert_row(read_one(&request, rows[i], &error) == ERROR_NONE, rows[i]);
        request_free(&request);
    }
}

static void first_of_two_variables_counts(void **state) {
    (void)state;
    char first[] = "REQUEST_METHOD=GET", second[] = "REQUEST_METHOD=POST", cookie[] = "HTTP_COOKIE=a=1",
         other[] = "HTTP_COOKIE=a=2";
    char *environment[] = {first, second, cookie, other, NULL};
    struct request request;
    struct error error;
    assert_int_equal(read_whole(&request, environment, &error), ERROR_NONE);
    assert_int_equal(request.method, METHOD_GET);
    assert_string_equal(request.cookies, "a=1");
    request_free(&request);
}

static void config_path_comes_from_the_server_only(void **state) {
    (void)state;
    static const struct {
        const char *variable, *path;
    } rows[] = {{"CGI_LOGIN_CONFIG=/a", "/a"},
                {"REDIRECT_CGI_LOGIN_CONFIG=/b", "/b"},
                {"HTTP_CGI_LOGIN_CONFIG=/c", NULL},
                {"CGI_LOGIN_CONFIGX=/d", NULL},
                {"HTTP_REDIRECT_CGI_LOGIN_CONFIG=/e", NULL},
                {"REDIRECT_REDIRECT_CGI_LOGIN_CONFIG=/f", "/f"},
                {"REDIRECT_HTTP_CGI_LOGIN_CONFIG=/g", NULL},
                {"REDIRECT_=/h", NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char copy[64];
        char *environment[] = {copy, NULL};
        struct request request;
        struct error error;
        snprintf(copy, sizeof copy, "%s", rows[i].variable);
        assert_row(read_whole(&request, environment, &error) == ERROR_NONE, rows[i].variable);
        assert_row(same(request.config_path, rows[i].path), rows[i].variable);
        request_free(&request);
    }
}

static void plain_path(void **state) {
    (void)state;
    static const struct {
        const char *script, *uri;
        bool plain;
    } rows[] = {{"/cgi-bin/start", "/cgi-bin/start", true},
                {"/cgi-bin/start", "/cgi-bin/start/instagram", true},
                {"/cgi-bin/start", "/cgi-bin/start?x", true},
                {"/cgi-bin/start", "/cgi-bin/started", false},
                {"/cgi-bin/start", "/auth/instagram", false},
                {"/cgi-bin/start", "/", false},
                {"/cgi-bin/start", "", false},
                {"", "/cgi-bin/start", false},
                {"", "", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char script[64], uri[64];
        char *environment[] = {script, uri, NULL};
        struct request request;
        struct error error;
        snprintf(script, sizeof script, "SCRIPT_NAME=%s", rows[i].script);
        snprintf(uri, sizeof uri, "REQUEST_URI=%s", rows[i].uri);
        assert_row(read_whole(&request, environment, &error) == ERROR_NONE, uri);
        assert_row(request.plain_path == rows[i].plain, uri);
        request_free(&request);
    }
}

static void methods_by_their_names(void **state) {
    (void)state;
    static const struct {
        unsigned methods;
        const char *text;
    } rows[] = {{METHOD_GET, "GET"},
                {METHOD_POST, "POST"},
                {METHOD_GET | METHOD_HEAD, "GET, HEAD"},
                {METHOD_POST | METHOD_GET | METHOD_HEAD, "GET, HEAD, POST"},
                {METHOD_HEAD | METHOD_OTHER, "HEAD"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer text = BUFFER_EMPTY;
        request_append_methods(&text, rows[i].methods);
        assert_row(same(buffer_text(&text), rows[i].text), rows[i].text);
        buffer_free(&text);
    }
}

static void what_a_log_may_say(void **state) {
    (void)state;
    static const struct {
        const char *method, *uri, *summary;
    } rows[] = {{"GET", "/login", "GET /login"},
                {"GET", "/auth/instagram/callback?code=c&state=s", "GET /auth/instagram/callback"},
                {"POST", "/auth/instagram/callback%3Fcode=c", "POST /auth/instagram/callback…"},
                {"GET", "/a;code=c", "GET /a…"},
                {"GET", "/a=c", "GET /a…"},
                {"GET", "/a\r\nb", "GET /a…"},
                {"GET", "/\xff", "GET /…"},
                {"GET", "/x#code=c", "GET /x…"},
                {"PROPFIND", "/login", "(other method) /login"},
                {"HEAD", "", "HEAD /cgi-bin/start"},
                {"GET",
                 "/3456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012"
                 "34567890123456789012345678901234567890",
                 "GET /345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678"
                 "9012345678901234567890123456789…"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char method[64], uri[256], script[] = "SCRIPT_NAME=/cgi-bin/start";
        char *environment[] = {method, uri, script, NULL};
        struct request request;
        struct buffer text = BUFFER_EMPTY;
        snprintf(method, sizeof method, "REQUEST_METHOD=%s", rows[i].method);
        snprintf(uri, sizeof uri, "REQUEST_URI=%s", rows[i].uri);
        request_begin(&request, environment);
        request_append_summary(&text, &request);
        assert_row(same(buffer_text(&text), rows[i].summary), buffer_text(&text));
        buffer_free(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(methods_by_their_names),
                                       cmocka_unit_test(what_a_log_may_say),
                                       cmocka_unit_test(accept_header),
                                       cmocka_unit_test(accept_takes_the_best_name),
                                       cmocka_unit_test(accept_with_senseless_quality),
                                       cmocka_unit_test(cookies_by_name),
                                       cmocka_unit_test(everything_may_be_missing),
                                       cmocka_unit_test(reads_every_variable),
                                       cmocka_unit_test(prefetches),
                                       cmocka_unit_test(methods),
                                       cmocka_unit_test(path_info),
                                       cmocka_unit_test(content_length),
                                       cmocka_unit_test(forms),
                                       cmocka_unit_test(oversized),
                                       cmocka_unit_test(oversized_cookies_are_not_kept),
                                       cmocka_unit_test(damaged_queries),
                                       cmocka_unit_test(first_of_two_variables_counts),
                                       cmocka_unit_test(config_path_comes_from_the_server_only),
                                       cmocka_unit_test(plain_path)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
