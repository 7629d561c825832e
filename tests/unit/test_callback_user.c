/* callback_user.c: what is posted about the person comes back for its own state, for two minutes, and for nothing else;
 * what is no JSON object, or too long, does not go on.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "oauth/callback_user.h"

static struct query parsed(const char *text) {
    struct query query;
    struct error error;
    assert_int_equal(query_parse(&query, text, &error), ERROR_NONE);
    return query;
}

static const struct provider apple = {.name = "apple", .callback_user = "user"};

/* Seals what the form has. */
static struct buffer seal(const struct config *config, const struct provider *provider, const char *form) {
    struct buffer sealed = BUFFER_EMPTY;
    struct error error;
    struct query query = parsed(form);
    assert_int_equal(callback_user_seal(config, provider, &query, SAMPLE_NOW, &sealed, &error), ERROR_NONE);
    query_free(&query);
    return sealed;
}

/* Opens the sealed text again, and tells whether it was taken. */
static bool opens(const struct config *config, const struct provider *provider, const char *text, const char *state,
                  int64_t now) {
    struct buffer form = BUFFER_EMPTY;
    struct error error;
    cJSON *user;
    buffer_append_format(&form, "user=%s&state=%s", text, state);
    struct query query = parsed(buffer_text(&form));
    assert_int_equal(callback_user_open(config, provider, &query, now, &user, &error), ERROR_NONE);
    const bool opened = user != NULL;
    if (opened)
        assert_string_equal(json_string(json_member(user, "name"), "firstName"), "Anna");
    json_free(user);
    query_free(&query);
    buffer_free(&form);
    return opened;
}

#define FORM "state=S&code=c&user=%7B%22name%22%3A%7B%22firstName%22%3A%22Anna%22%7D%7D"

static void comes_back(void **state) {
    (void)state;
    struct config config, other;
    const struct provider plain = {.name = "plain"};
    sample_config(&config);
    sample_config(&other);
    struct buffer sealed = seal(&config, &apple, FORM);
    const char *text = buffer_text(&sealed);
    assert_false(contains(text, "Anna"));
    assert_true(opens(&config, &apple, text, "S", SAMPLE_NOW));
    assert_true(opens(&config, &apple, text, "S", SAMPLE_NOW + CALLBACK_USER_SECONDS - 1));
    assert_false(opens(&config, &apple, text, "S", SAMPLE_NOW + CALLBACK_USER_SECONDS));
    assert_false(opens(&config, &apple, text, "T", SAMPLE_NOW));
    assert_false(opens(&config, &apple, text, "", SAMPLE_NOW));
    assert_false(opens(&config, &plain, text, "S", SAMPLE_NOW));
    assert_false(opens(&other, &apple, text, "S", SAMPLE_NOW));
    assert_false(opens(&config, &apple, "%7B%22name%22%3A%7B%22firstName%22%3A%22Anna%22%7D%7D", "S", SAMPLE_NOW));
    assert_false(opens(&config, &apple, "", "S", SAMPLE_NOW));
    buffer_free(&sealed);
    sample_config_clear(&config);
    sample_config_clear(&other);
}

static void what_does_not_go_on(void **state) {
    (void)state;
    static char large[CALLBACK_USER_MAX + 64] = "state=S&user=%7B%22a%22%3A%22";
    const size_t start = strlen(large);
    repeat(large + start, "x", CALLBACK_USER_MAX);
    static const char *const rows[] = {"state=S&code=c",
                                       "state=S&user=",
                                       "state=S&user=%5B%5D",
                                       "state=S&user=%22a%22",
                                       "state=S&user=%7B",
                                       "state=S&user=%7B%22a%22%3A1%2C%22a%22%3A2%7D",
                                       "state=S&user=%7B%7D&user=%7B%7D",
                                       "state=S&user=%zz",
                                       "state=S&state=S&user=%7B%7D",
                                       "user=%7B%7D",
                                       large};
    struct config config;
    sample_config(&config);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer sealed = seal(&config, &apple, rows[i]);
        assert_row(sealed.len == 0, rows[i]);
        buffer_free(&sealed);
    }
    sample_config_clear(&config);
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(comes_back), cmocka_unit_test(what_does_not_go_on)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
