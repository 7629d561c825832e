/* site_report.c: who has the keys learns how the program runs, for one challenge; anybody else learns nothing.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/json.h"
#include "program/site_report.h"

#include <string.h>
#include <unistd.h>

enum { NOW = 1700000000, LIFE = 60 };

struct asked {
    struct config config;
    struct keyring others; /* of another site */
    char nonce[SITE_REPORT_NONCE_SIZE];
    struct buffer challenge;
};

static void add_key(struct keyring *ring) {
    char key[KEY_TEXT_SIZE];
    keyring_generate(key);
    assert_int_equal(keyring_add(ring, key), KEY_ADDED);
}

static void ask(struct asked *asked) {
    static char path[] = "/home/you/cgi-login/config.json";
    *asked = (struct asked){.config = {.path = path}};
    add_key(&asked->config.keys);
    add_key(&asked->others);
    assert_true(site_report_challenge(&asked->config.keys, NOW, asked->nonce, &asked->challenge));
}

static void forget(struct asked *asked) {
    keyring_clear(&asked->config.keys);
    keyring_clear(&asked->others);
    buffer_free(&asked->challenge);
}

/* What the program adds to its response, for free; NULL: nothing. */
static char *answer(const struct config *config, const char *challenge, bool wants_json, int64_t now) {
    char variable[1024];
    char *environment[] = {variable, NULL};
    snprintf(variable, sizeof variable, SITE_REPORT_VARIABLE "=%s", challenge);
    const struct request request = {
        .environment = environment, .wants_json = wants_json, .now = now, .document_root = "/tmp"};
    const struct context context = {.config = config, .request = &request};
    struct view view = view_new();
    site_report_add(&context, &view);
    const char *report = json_string(view_json(&view), SITE_REPORT_MEMBER);
    char *copy = report != NULL ? strdup(report) : NULL;
    view_free(&view);
    return copy;
}

static void the_keys_open_the_report(void **state) {
    (void)state;
    struct asked asked;
    struct site_report report;
    ask(&asked);
    char *text = answer(&asked.config, buffer_text(&asked.challenge), true, NOW + LIFE - 1);
    assert_non_null(text);
    assert_int_equal(site_report_open(&asked.config.keys, NOW, asked.nonce, text, &report), SEAL_DONE);
    assert_int_equal(report.user, geteuid());
    assert_true(report.groups_count != 0);
    assert_int_equal(report.groups[0], getegid());
    assert_int_equal(report.time, NOW + LIFE - 1);
    assert_string_equal(report.config, "/home/you/cgi-login/config.json");
    assert_string_equal(report.document_root, "/tmp");
    assert_string_equal(report.version, CGI_LOGIN_VERSION);
    assert_non_null(strstr(report.folder, "/tests"));
    free(text);
    forget(&asked);
}

static void nobody_else_opens_it(void **state) {
    (void)state;
    struct asked asked, another;
    struct site_report report;
    ask(&asked);
    ask(&another);
    char *text = answer(&asked.config, buffer_text(&asked.challenge), true, NOW);
    assert_non_null(text);
    assert_int_equal(site_report_open(&asked.others, NOW, asked.nonce, text, &report), SEAL_REFUSED);
    assert_int_equal(site_report_open(&asked.config.keys, NOW, another.nonce, text, &report), SEAL_REFUSED);
    assert_int_equal(site_report_open(&asked.config.keys, NOW + LIFE, asked.nonce, text, &report), SEAL_REFUSED);
    /* A challenge is no report. */
    assert_int_equal(site_report_open(&asked.config.keys, NOW, asked.nonce, buffer_text(&asked.challenge), &report),
                     SEAL_REFUSED);
    free(text);
    forget(&asked);
    forget(&another);
}

static void only_a_challenge_is_answered(void **state) {
    (void)state;
    struct asked asked, another;
    ask(&asked);
    ask(&another);
    const char *right = buffer_text(&asked.challenge);
    struct buffer cut = BUFFER_EMPTY;
    buffer_append(&cut, right, strlen(right) - 1);
    assert_null(answer(&asked.config, right, false, NOW));
    assert_null(answer(&asked.config, right, true, NOW + LIFE));
    assert_null(answer(&asked.config, "", true, NOW));
    assert_null(answer(&asked.config, buffer_text(&cut), true, NOW));
    assert_null(answer(&asked.config, buffer_text(&another.challenge), true, NOW));
    buffer_free(&cut);
    forget(&asked);
    forget(&another);
}

/* Its size tells nothing, and a path that would not fit is left out. */
static void a_report_has_one_size(void **state) {
    (void)state;
    static char path[5000];
    struct asked asked;
    struct site_report report;
    size_t size = 0;
    ask(&asked);
    for (size_t len = 1; len < sizeof path; len += 700) {
        memset(path, 'a', len);
        path[0] = '/';
        path[len] = '\0';
        asked.config.path = path;
        char *text = answer(&asked.config, buffer_text(&asked.challenge), true, NOW);
        assert_non_null(text);
        assert_true(size == 0 || size == strlen(text));
        size = strlen(text);
        assert_int_equal(site_report_open(&asked.config.keys, NOW, asked.nonce, text, &report), SEAL_DONE);
        assert_string_equal(report.config, len <= 800 ? path : "");
        free(text);
    }
    forget(&asked);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_keys_open_the_report), cmocka_unit_test(nobody_else_opens_it),
        cmocka_unit_test(only_a_challenge_is_answered), cmocka_unit_test(a_report_has_one_size)};
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
