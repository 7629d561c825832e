/* gate_forwarded.c and gate_target.c: what a web server in front says of the request. The variable that no client can
 * set counts more than the headers; two that differ are refused; both paths of nginx are read.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "program/gate_forwarded.h"
#include "program/gate_target.h"

/* Reads from variables that are separated by blanks. */
static enum error_code read_from(const char *variables, struct gate_target *target, bool *wants_status) {
    static char text[2048];
    static char *environment[16];
    size_t count = 0;
    struct error error = {""};
    snprintf(text, sizeof text, "%s", variables);
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
        environment[count++] = word;
    environment[count] = NULL;
    struct request request;
    request_begin(&request, environment);
    *wants_status = gate_forwarded_wants_status(&request);
    const enum error_code code = gate_target_read(&request, target, &error);
    assert_true((code == ERROR_NONE) == (*error.cause == '\0'));
    return code;
}

static void reads_a_path(void **state) {
    (void)state;
    static const struct {
        const char *variables, *path, *file_path, *query;
        bool wants_status;
    } rows[] = {
        {"CGI_LOGIN_GATE_URI=/a/b%20c?d=%26", "/a/b c", "", "d=%26", true},
        {"CGI_LOGIN_GATE_URI=/a CGI_LOGIN_GATE_PATH=/a", "/a", "", NULL, true},
        {"CGI_LOGIN_GATE_URI=/a/?x CGI_LOGIN_GATE_PATH=/a/index.html", "/a/", "/a/index.html", "x", true},
        {"CGI_LOGIN_GATE_URI=/a/./%62 CGI_LOGIN_GATE_PATH=/a/b", "/a/b", "", NULL, true},
        {"CGI_LOGIN_GATE_URI=/a HTTP_X_ORIGINAL_URI=/b HTTP_X_FORWARDED_URI=/c", "/a", "", NULL, true},
        {"CGI_LOGIN_GATE_URI=/a SCRIPT_FILENAME=/home/you/cgi-bin/gate", "/a", "", NULL, true},
        {"REDIRECT_STATUS=401 CGI_LOGIN_GATE_URI=/a REQUEST_URI=/b", "/a", "", NULL, true},
        {"REDIRECT_STATUS=401 REQUEST_URI=/a?b HTTP_X_FORWARDED_URI=/c", "/a", "", "b", false},
        {"HTTP_X_ORIGINAL_URI=/a?", "/a", "", "", true},
        {"HTTP_X_ORIGINAL_URI=/a HTTP_X_FORWARDED_URI=/a", "/a", "", NULL, true},
        {"HTTP_X_FORWARDED_URI=/a?b?c", "/a", "", "b?c", false},
        {"HTTP_X_FORWARDED_URI=/a HTTP_CGI_LOGIN_GATE_URI=/b HTTP_CGI_LOGIN_GATE_PATH=/c", "/a", "", NULL, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gate_target target;
        bool wants_status;
        assert_int_equal(read_from(rows[i].variables, &target, &wants_status), ERROR_NONE);
        assert_string_equal(target.path, rows[i].path);
        assert_string_equal(target.file_path, rows[i].file_path);
        assert_int_equal(wants_status, rows[i].wants_status);
        if (rows[i].query != NULL)
            assert_string_equal(target.query, rows[i].query);
        else
            assert_null(target.query);
    }
}

static void refuses_the_rest(void **state) {
    (void)state;
    static const struct {
        const char *variables;
        enum error_code code;
    } rows[] = {{"REQUEST_URI=/a", ERROR_CONFIG},
                {"CGI_LOGIN_GATE_PATH=/a", ERROR_CONFIG},
                {"CGI_LOGIN_GATE_URI=", ERROR_BAD_REQUEST},
                {"CGI_LOGIN_GATE_URI=/a CGI_LOGIN_GATE_PATH=", ERROR_CONFIG},
                {"CGI_LOGIN_GATE_URI=/a CGI_LOGIN_GATE_PATH=/a;b", ERROR_BAD_REQUEST},
                {"CGI_LOGIN_GATE_URI=/a CGI_LOGIN_GATE_PATH=/.htpasswd", ERROR_NOT_FOUND},
                {"CGI_LOGIN_GATE_URI=/a CGI_LOGIN_GATE_PATH=a", ERROR_BAD_REQUEST},
                {"CGI_LOGIN_GATE_URI=/a%2fb CGI_LOGIN_GATE_PATH=/a/b", ERROR_BAD_REQUEST},
                {"CGI_LOGIN_GATE_URI=/.htpasswd CGI_LOGIN_GATE_PATH=/a", ERROR_NOT_FOUND},
                {"CGI_LOGIN_GATE_URI=/a?\x01", ERROR_BAD_REQUEST},
                {"CGI_LOGIN_GATE_URI=/a?\x7f", ERROR_BAD_REQUEST},
                {"HTTP_X_ORIGINAL_URI=/a HTTP_X_FORWARDED_URI=/b", ERROR_BAD_REQUEST},
                {"HTTP_X_ORIGINAL_URI= HTTP_X_FORWARDED_URI=/b", ERROR_BAD_REQUEST},
                {"HTTP_X_FORWARDED_URI=https://a.example/", ERROR_BAD_REQUEST}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gate_target target;
        bool wants_status;
        assert_int_equal(read_from(rows[i].variables, &target, &wants_status), rows[i].code);
    }
}

static void takes_the_method_of_what_is_guarded(void **state) {
    (void)state;
    static const struct {
        const char *variables;
        enum method method;
    } rows[] = {{"CGI_LOGIN_GATE_URI=/ REQUEST_METHOD=POST", METHOD_POST},
                {"CGI_LOGIN_GATE_URI=/ REQUEST_METHOD=POST HTTP_X_FORWARDED_METHOD=GET", METHOD_POST},
                {"HTTP_X_FORWARDED_URI=/ REQUEST_METHOD=GET", METHOD_GET},
                {"HTTP_X_FORWARDED_URI=/ REQUEST_METHOD=GET HTTP_X_FORWARDED_METHOD=POST", METHOD_POST},
                {"HTTP_X_FORWARDED_URI=/ REQUEST_METHOD=GET HTTP_X_FORWARDED_METHOD=HEAD", METHOD_HEAD},
                {"HTTP_X_FORWARDED_URI=/ REQUEST_METHOD=GET HTTP_X_FORWARDED_METHOD=get", METHOD_OTHER}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct gate_target target;
        bool wants_status;
        assert_int_equal(read_from(rows[i].variables, &target, &wants_status), ERROR_NONE);
        assert_int_equal(target.method, rows[i].method);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_a_path), cmocka_unit_test(refuses_the_rest),
                                       cmocka_unit_test(takes_the_method_of_what_is_guarded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
