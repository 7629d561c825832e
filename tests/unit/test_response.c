/* response.c: header injection refused, cookie attributes, redirects, JSON and HTML headers, HEAD, what is whole, notes
 * safe for a log, and the exact bytes written.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "http/response.h"

/* What response_append gives. */
static char *written(const struct response *response, bool head, char *out, size_t size) {
    struct buffer text = BUFFER_EMPTY;
    response_append(response, head, &text);
    assert_true(!text.failed && text.len < size);
    memcpy(out, buffer_text(&text), text.len + 1);
    buffer_free(&text);
    return out;
}

static void redirect(struct response *response, const char *text) {
    struct buffer url = BUFFER_EMPTY;
    buffer_append_text(&url, text);
    response_redirect(response, &url);
    buffer_free(&url);
}

static void refuses_header_injection(void **state) {
    (void)state;
    static const char *const rows[] = {
        "a\r\nSet-Cookie: x=y", "a\nb", "a\rb", "\r\n", "a\x01", "a\x7F", "a\tb", "a\x1B[31m"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct response response = {.status = 200};
        response_header(&response, "X-A", rows[i]);
        assert_row(!response_is_whole(&response), rows[i]);
        assert_row(strcmp(buffer_text(&response.headers), "") == 0, rows[i]);
        response_reset(&response);
        redirect(&response, rows[i]);
        assert_row(!response_is_whole(&response), rows[i]);
        response_reset(&response);
        response_cookie(&response, "n", rows[i], 5);
        assert_row(!response_is_whole(&response), rows[i]);
        response_free(&response);
    }
}

static void writes_cookies(void **state) {
    (void)state;
    static const struct {
        const char *value;
        int64_t max_age;
        const char *line;
    } rows[] = {{"v", 600, "Set-Cookie: __Host-a=v; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600\r\n"},
                {"", 0, "Set-Cookie: __Host-a=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0\r\n"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct response response = {.status = 200};
        response_cookie(&response, "__Host-a", rows[i].value, rows[i].max_age);
        assert_string_equal(buffer_text(&response.headers), rows[i].line);
        assert_false(contains(buffer_text(&response.headers), "Domain"));
        response_free(&response);
    }
}

static void redirects(void **state) {
    (void)state;
    char out[4096];
    struct response response = {.status = 0};
    assert_false(response_is_whole(&response));
    redirect(&response, "https://www.example.com/profile");
    assert_true(response_is_whole(&response));
    written(&response, false, out, sizeof out);
    assert_int_equal(strncmp(out, "Status: 302 Found\r\n", 19), 0);
    assert_true(contains(out, "\r\nLocation: https://www.example.com/profile\r\n"));
    assert_true(contains(out, "\r\nCache-Control: no-store\r\n"));
    assert_string_equal(out + strlen(out) - 4, "\r\n\r\n");
    response_reset(&response);
    response_redirect(&response, &(const struct buffer){.failed = true});
    assert_false(response_is_whole(&response));
    response_free(&response);
}

static void writes_json(void **state) {
    (void)state;
    char out[4096];
    struct response response = {.status = 0};
    struct view view = view_new();
    view_text(&view, "a", "\xC3\xA9");
    response_json(&response, 401, "application/problem+json", &view);
    assert_true(response_is_whole(&response));
    written(&response, false, out, sizeof out);
    assert_int_equal(strncmp(out, "Status: 401 Unauthorized\r\n", 26), 0);
    assert_true(contains(out, "\r\nContent-Type: application/problem+json\r\n"));
    assert_true(contains(out, "\r\nVary: Accept\r\n"));
    assert_true(contains(out, "\r\nX-Content-Type-Options: nosniff\r\n"));
    assert_true(contains(out, "\r\nContent-Length: 11\r\n\r\n{\"a\":\"\xC3\xA9\"}\n"));
    response_free(&response);
    response = (struct response){.status = 0};
    view_add(&view, "b", NULL);
    response_json(&response, 200, "application/json", &view);
    assert_false(response_is_whole(&response));
    response_free(&response);
    view_free(&view);
}

static void head_has_no_body(void **state) {
    (void)state;
    char whole[4096], head[4096];
    struct response response = {.status = 0};
    response_html_headers(&response, 200, NULL);
    buffer_append_text(&response.body, "<p>hello</p>");
    written(&response, false, whole, sizeof whole);
    written(&response, true, head, sizeof head);
    assert_true(contains(head, "\r\nContent-Length: 12\r\n"));
    assert_string_equal(head + strlen(head) - 4, "\r\n\r\n");
    assert_int_equal(strncmp(whole, head, strlen(head)), 0);
    assert_string_equal(whole + strlen(head), "<p>hello</p>");
    response_free(&response);
}

static void html_headers(void **state) {
    (void)state;
    static const struct {
        const char *origin, *pictures;
    } rows[] = {{NULL, "img-src 'self';"}, {"https://cdn.example", "img-src 'self' https://cdn.example;"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct response response = {.status = 0};
        response_html_headers(&response, 200, rows[i].origin);
        const char *headers = buffer_text(&response.headers);
        assert_true(contains(headers, rows[i].pictures));
        assert_true(contains(headers, "default-src 'none'"));
        assert_true(contains(headers, "font-src 'self';"));
        assert_true(contains(headers, "frame-ancestors 'none'"));
        assert_true(contains(headers, "X-Frame-Options: DENY\r\n"));
        assert_true(contains(headers, "Content-Type: text/html; charset=utf-8\r\n"));
        assert_false(contains(headers, "script-src"));
        assert_false(contains(headers, "unsafe"));
        response_free(&response);
    }
}

static void reset_keeps_notes(void **state) {
    (void)state;
    struct response response = {.status = 0};
    response_note(&response, "first %d", 1);
    response_html_headers(&response, 200, NULL);
    response_cookie(&response, "a", "b\n", 1);
    buffer_append_text(&response.body, "x");
    response_reset(&response);
    assert_int_equal(response.status, 0);
    assert_int_equal(response.headers.len + response.body.len, 0);
    assert_string_equal(buffer_text(&response.notes), "first 1\n");
    redirect(&response, "https://a.example/");
    assert_true(response_is_whole(&response));
    response_free(&response);
}

static void notes_are_printable_lines(void **state) {
    (void)state;
    static char large[4 * LOG_LINE_MAX];
    struct response response = {.status = 0};
    response_note(&response, "a%sb", "\n\x1B[2J");
    assert_string_equal(buffer_text(&response.notes), "a\\x0a\\x1b[2Jb\n");
    memset(large, 'x', sizeof large - 1);
    response_note(&response, "%s", large);
    assert_int_equal(occurrences(buffer_text(&response.notes), "\n"), 2);
    assert_true(response.notes.len < 2 * LOG_LINE_MAX);
    response_free(&response);
}

static void every_status_has_its_phrase(void **state) {
    (void)state;
    char out[256];
    for (int code = 0; code < ERROR_CODES; code++) {
        struct response response = {.status = error_describe((enum error_code)code)->status};
        assert_false(contains(written(&response, false, out, sizeof out), "Unknown"));
        response_free(&response);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(refuses_header_injection),
                                       cmocka_unit_test(writes_cookies),
                                       cmocka_unit_test(redirects),
                                       cmocka_unit_test(writes_json),
                                       cmocka_unit_test(head_has_no_body),
                                       cmocka_unit_test(html_headers),
                                       cmocka_unit_test(reset_keeps_notes),
                                       cmocka_unit_test(notes_are_printable_lines),
                                       cmocka_unit_test(every_status_has_its_phrase)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
