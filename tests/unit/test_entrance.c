/* entrance.c: which faults of a config leave the owner's page open, by a code or to owners, what is left of a config
 * then, and that no fault of what it is entered by, or of the file itself, opens anything.
 * SPDX-License-Identifier: MIT */
#include "folder_fixture.h"
#include "sample.h"

#include "base/buffer.h"
#include "config/config.h"
#include "config/owners.h"

#include <sys/stat.h>

#define KEY "\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\""
#define CODE "\"3c1f9a7705e2d8b64c1f9a7705e2d8b6\""
#define OTHER_CODE "\"00000000000000000000000000000001\""

enum { CODE_OPENS = 1, OWNERS_OPEN = 2, STORE_IS_LEFT = 4, ALL = 7 };

/* A config with `more` in it, and with `key` set to `value` (NULL: taken out). */
static char *config_text(const char *key, const char *value, const char *more) {
    static const char *const parts[][2] = {{"base_url", "\"https://www.example.com\""},
                                           {"keys", "[" KEY "]"},
                                           {"store", "\"sqlite:///tmp/users.db\""},
                                           {"setup_code", CODE},
                                           {"owners", "[\"instagram:1\"]"},
                                           {"providers", "{\"instagram\":{\"client_id\":\"1\"}}"}};
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < COUNT(parts); i++)
        if (key == NULL || strcmp(parts[i][0], key) != 0)
            buffer_append_format(&text, "%s\"%s\":%s", text.len == 0 ? "{" : ",", parts[i][0], parts[i][1]);
    if (key != NULL && value != NULL)
        buffer_append_format(&text, ",\"%s\":%s", key, value);
    buffer_append_format(&text, "%s}", more);
    return buffer_take(&text);
}

/* Loads the text, and returns what opens the page, none of it with a fault; -1 if the config is right. */
static int load(const char *text, const char *document_root, mode_t mode) {
    struct problems problems = {.count = 0};
    struct config *config;
    struct error error;
    const char *path = folder_write(&folder, "config.json", text, mode);
    const enum error_code code = config_load(path, document_root, CONFIG_FOR_OWNER, &config, &problems, &error);
    int opens = code == ERROR_NONE ? -1 : 0;
    if (code != ERROR_NONE)
        assert_int_equal(code, ERROR_CONFIG);
    if (code != ERROR_NONE && config != NULL) {
        assert_true(config->is_faulty && config->keys.count != 0 && owners_have_page(config));
        assert_string_equal(config->base_url, "");
        assert_string_equal(config->home_path, "/");
        assert_string_equal(config->signed_out, "/");
        assert_true(config->state != NULL && config->allow == NULL && config->gate == NULL);
        assert_true(config->site_logo == NULL && config->refresh_key == NULL && config->language == NULL);
        opens = (config->setup_code != NULL ? CODE_OPENS : 0) | (config->owners != NULL ? OWNERS_OPEN : 0) |
                (config->store != NULL ? STORE_IS_LEFT : 0);
    }
    config_free(config);
    problems_clear(&problems);
    unlink(path);
    return opens;
}

static void faults(void **state) {
    (void)state;
    static const struct {
        const char *key, *value;
        int opens;
    } rows[] = {{"session", "{}", -1},
                {"nothing", "1", ALL},
                {"session", "7", ALL},
                {"session", "{\"lifetime_days\":\"x\"}", ALL},
                {"base_url", NULL, ALL},
                {"base_url", "\"javascript:alert(1)\"", ALL},
                {"redirects", "{\"home\":\"//elsewhere\",\"signed_out\":3}", ALL},
                {"redirects", "[]", ALL},
                {"gate", "[7]", ALL},
                {"gate", "{}", ALL},
                {"allow", "7", ALL},
                {"log", "\"/\\u0001\",\"nothing\":1", ALL},
                {"language", "\"../../x\"", ALL},
                {"site", "{\"logo\":\"javascript:1\"}", ALL},
                {"refresh_key", "\"short\"", ALL},
                {"refresh_key", CODE, OWNERS_OPEN | STORE_IS_LEFT},
                {"store", NULL, CODE_OPENS | OWNERS_OPEN},
                {"store", "7", CODE_OPENS | OWNERS_OPEN},
                {"store", "\"\"", CODE_OPENS | OWNERS_OPEN},
                {"store", "\"nothing://\"", CODE_OPENS | OWNERS_OPEN},
                {"ca_folder", "\"ca\"", CODE_OPENS | OWNERS_OPEN},
                {"providers", NULL, CODE_OPENS | STORE_IS_LEFT},
                {"providers", "[]", CODE_OPENS | STORE_IS_LEFT},
                {"providers", "{}", CODE_OPENS | STORE_IS_LEFT},
                {"providers", "{\"instagram\":7}", ALL},
                {"providers", "{\"console\":{},\"instagram\":{}}", ALL},
                {"owners", "7", CODE_OPENS | STORE_IS_LEFT},
                {"owners", "[]", CODE_OPENS | STORE_IS_LEFT},
                {"owners", "[7]", CODE_OPENS | STORE_IS_LEFT},
                {"owners", "{}", CODE_OPENS | STORE_IS_LEFT},
                {"owners", "{\"signed_in\":true}", CODE_OPENS | STORE_IS_LEFT},
                {"owners", "[\"elsewhere:1\"]", CODE_OPENS | STORE_IS_LEFT},
                {"setup_code", "7", OWNERS_OPEN | STORE_IS_LEFT},
                {"setup_code", "\"\"", OWNERS_OPEN | STORE_IS_LEFT},
                {"setup_code", "\"password\"", OWNERS_OPEN | STORE_IS_LEFT},
                {"setup_code", CODE ",\"setup_code\":" OTHER_CODE, 0},
                {"state", "\"state\"", 0},
                {"state", "7", 0},
                {"keys", NULL, 0},
                {"keys", "7", 0},
                {"keys", "[]", 0},
                {"keys", "[7]", 0},
                {"keys", "[\"x\"]", 0},
                {"keys", "[" KEY ",\"x\"]", 0}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = config_text(rows[i].key, rows[i].value, "");
        assert_row(load(text, NULL, 0600) == rows[i].opens, text);
        buffer_free_text(text);
    }
}

static void file_itself(void **state) {
    (void)state;
    char *text = config_text(NULL, NULL, ",\"nothing\":1");
    char *without = config_text("setup_code", NULL, ",\"nothing\":1,\"owners\":[]");
    assert_int_equal(load(text, NULL, 0600), ALL);
    assert_int_equal(load(text, NULL, 0640), 0);
    assert_int_equal(load(text, NULL, 0644), 0);
    assert_int_equal(load(text, folder.path, 0600), 0);
    assert_int_equal(load(without, NULL, 0600), 0);
    assert_int_equal(load("[1]", NULL, 0600), 0);
    assert_int_equal(load("{\"keys\":", NULL, 0600), 0);
    buffer_free_text(text);
    buffer_free_text(without);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults), cmocka_unit_test(file_itself)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
