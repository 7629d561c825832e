/* config.c and settings.c: a whole and a smallest config; every key unknown, of a wrong type, missing, double; keys
 * that are placeholders or too many, and their rotation; base_url; the default provider; permissions, a file in the web
 * root, links, files that are no config; every message names the key and says what to do.
 * SPDX-License-Identifier: MIT */
#include "folder_fixture.h"
#include "sample.h"

#include "seal/seal.h"

#define KEY "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define OTHER_KEY "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define PROVIDERS "{\"instagram\":{\"client_id\":\"1\",\"client_secret\":\"s\"}}"

/* A smallest config with `key` set to `value` (NULL: taken out). */
static char *config_text(const char *key, const char *value) {
    static const char *const parts[][2] = {{"session", "{}"},
                                           {"base_url", "\"https://www.example.com\""},
                                           {"keys", "[\"" KEY "\"]"},
                                           {"store", "\"sqlite:///tmp/users.db\""},
                                           {"providers", PROVIDERS}};
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < COUNT(parts); i++)
        if (key == NULL || strcmp(parts[i][0], key) != 0)
            buffer_append_format(&text, "%s\"%s\":%s", text.len == 0 ? "{" : ",", parts[i][0], parts[i][1]);
    if (key != NULL && value != NULL)
        buffer_append_format(&text, ",\"%s\":%s", key, value);
    buffer_append_char(&text, '}');
    return buffer_take(&text);
}

struct loaded {
    struct config *config;
    struct problems problems;
    struct error error;
};

static enum error_code load_text(const char *text, struct loaded *loaded) {
    const char *path = folder_write(&folder, "config.json", text, 0600);
    *loaded = (struct loaded){.config = NULL};
    const enum error_code code =
        config_load(path, NULL, CONFIG_FOR_REQUEST, &loaded->config, &loaded->problems, &loaded->error);
    assert_int_equal(loaded->config != NULL, code == ERROR_NONE);
    assert_int_equal(loaded->problems.count != 0, code == ERROR_CONFIG);
    if (code == ERROR_CONFIG)
        assert_int_equal(strncmp(loaded->error.cause, loaded->problems.lines[0], ERROR_CAUSE_MAX - 1), 0);
    return code;
}

static void unload(struct loaded *loaded) {
    config_free(loaded->config);
    problems_clear(&loaded->problems);
}

/* True if a line says both. */
static bool says(const struct problems *problems, const char *start, const char *part) {
    for (size_t i = 0; i < problems->count; i++)
        if (strncmp(problems->lines[i], start, strlen(start)) == 0 && contains(problems->lines[i], part))
            return true;
    return false;
}

static void smallest_config_has_defaults(void **state) {
    (void)state;
    struct loaded loaded;
    char *text = config_text(NULL, NULL);
    assert_int_equal(load_text(text, &loaded), ERROR_NONE);
    const struct config *config = loaded.config;
    assert_string_equal(config->base_url, "https://www.example.com");
    assert_string_equal(config->store, "sqlite:///tmp/users.db");
    assert_string_equal(config->home, folder.path);
    assert_string_equal(config->state, folder.path);
    assert_int_equal(config->keys.count, 1);
    assert_int_equal(config->session_lifetime, 14 * 86400);
    assert_int_equal(config->session_recheck, 5 * 60);
    assert_int_equal(config->session_max_age, 0);
    assert_true(config->trust_on_outage);
    assert_string_equal(config->success, "/profile");
    assert_string_equal(config->failure, "/login");
    assert_string_equal(config->home_path, "/");
    assert_true(config->seal_tokens);
    assert_string_equal(config->default_provider, "instagram");
    buffer_free_text(text);
    unload(&loaded);
}

static void whole_config(void **state) {
    (void)state;
    struct loaded loaded;
    assert_int_equal(load_text("{\"base_url\":\"http://localhost:8080\",\"keys\":[\"" KEY "\",\"" OTHER_KEY
                               "\"],\"store\":\"sqlite:///x/y.db\",\"state\":\"/var/x\","
                               "\"session\":{\"lifetime_days\":1,\"recheck_minutes\":0,\"max_age\":30,\"on_store_"
                               "outage\":\"sign_out\"},\"redirects\":{\"success\":\"/"
                               "s?a=b\",\"failure\":\"/f\",\"home\":\"/h\"},"
                               "\"default_provider\":\"b\",\"seal_tokens\":false,\"providers\":{\"a\":{},\"b\":{}}}",
                               &loaded),
                     ERROR_NONE);
    const struct config *config = loaded.config;
    assert_int_equal(config->keys.count, 2);
    assert_int_equal(config->session_lifetime, 86400);
    assert_int_equal(config->session_recheck, 0);
    assert_int_equal(config->session_max_age, 30 * 60);
    assert_false(config->trust_on_outage);
    assert_string_equal(config->success, "/s?a=b");
    assert_string_equal(config->failure, "/f");
    assert_string_equal(config->home_path, "/h");
    assert_false(config->seal_tokens);
    assert_string_equal(config->state, "/var/x");
    assert_string_equal(config->default_provider, "b");
    unload(&loaded);
}

static const struct {
    const char *key, *value, *start, *remedy;
} wrong[] = {
    {"base_url", "5", "base_url: expected", "https://www.example.com"},
    {"base_url", "\"\"", "base_url: expected", "https"},
    {"base_url", "\"www.example.com\"", "base_url: expected", "https"},
    {"base_url", "\"http://www.example.com\"", "base_url: expected", "http only on localhost"},
    {"base_url", "\"https://u@www.example.com\"", "base_url: expected", "https"},
    {"base_url", "\"https://www.example.com/\"", "base_url: must end", "remove \"/\""},
    {"base_url", "\"https://www.example.com/x\"", "base_url: must end", "remove \"/x\""},
    {"base_url", "\"https://www.example.com?x\"", "base_url: must end", "remove \"?x\""},
    {"keys", "\"" KEY "\"", "keys: expected", "cgi-login new-key"},
    {"keys", "[]", "keys: expected", "cgi-login new-key"},
    {"keys", "[5]", "keys: expected", "cgi-login new-key"},
    {"keys", "[\"\"]", "keys: expected", "cgi-login new-key"},
    {"keys", "[\"BASE64 of 32 random bytes\"]", "keys[0]: ", "cgi-login new-key"},
    {"keys", "[\"" KEY "\",\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"]", "keys[1]: ", "cgi-login new-key"},
    {"keys", "[\"c2hvcnQ=\"]", "keys[0]: ", "cgi-login new-key"},
    {"keys",
     "[\"" KEY "\",\"" KEY "\",\"" KEY "\",\"" KEY "\",\"" KEY "\",\"" KEY "\",\"" KEY "\",\"" KEY "\",\"" KEY "\"]",
     "keys: more than 8", "remove"},
    {"store", "5", "store: expected", "sqlite:///"},
    {"store", "\"\"", "store: expected", "sqlite:///"},
    {"store", "\"users.db\"", "store: ", "sqlite:///"},
    {"store", "\"sqlite://users.db\"", "store: ", "three slashes"},
    {"session", "[]", "session: expected", "lifetime_days"},
    {"session", "{\"lifetime_days\":0}", "session.lifetime_days: expected", "1 to 400"},
    {"session", "{\"lifetime_days\":401}", "session.lifetime_days: expected", "400"},
    {"session", "{\"lifetime_days\":\"14\"}", "session.lifetime_days: expected", "whole number"},
    {"session", "{\"lifetime_days\":1.5}", "session.lifetime_days: expected", "whole number"},
    {"session", "{\"lifetime_days\":1e300}", "session.lifetime_days: expected", "whole number"},
    {"session", "{\"recheck_minutes\":-1}", "session.recheck_minutes: expected", "0"},
    {"session", "{\"recheck_minutes\":1441}", "session.recheck_minutes: expected", "1440"},
    {"session", "{\"recheck_minutes\":null}", "session.recheck_minutes: expected", "minutes"},
    {"session", "{\"days\":1}", "session.days: there is no such key", "lifetime_days, recheck_minutes"},
    {"redirects", "\"/\"", "redirects: expected", "success"},
    {"redirects", "{\"success\":\"https://evil.example\"}", "redirects.success: expected",
     "a path of this site, percent-encoded, such as"},
    {"redirects", "{\"success\":5}", "redirects.success: expected", "a path of this site, percent-encoded, such as"},
    {"redirects", "{\"failure\":\"//evil\"}", "redirects.failure: expected",
     "a path of this site, percent-encoded, such as"},
    {"redirects", "{\"home\":\"\"}", "redirects.home: expected", "path"},
    {"redirects", "{\"x\":\"/\"}", "redirects.x: there is no such key", "success, failure, home"},
    {"redirects", "{\"signed_out\":\"login\"}", "redirects.signed_out: expected", "a path of this site"},
    {"redirects", "{\"signed_out\":\"/profile/?a=1\"}", "redirects.signed_out: is where /profile leads",
     "name another"},
    {"site", "\"Bakery\"", "site: expected", "an object"},
    {"site", "{\"name\":\"\"}", "site.name: expected", "at most 60 characters"},
    {"site", "{\"name\":\" \"}", "site.name: expected", "one line"},
    {"site", "{\"name\":\"a\\nb\"}", "site.name: expected", "one line"},
    {"site", "{\"name\":\"a\\u202eb\"}", "site.name: expected", "one line"},
    {"site", "{\"name\":\"1234567890123456789012345678901234567890123456789012345678901\"}", "site.name: expected",
     "60"},
    {"site", "{\"logo\":\"//evil.example/logo.svg\"}", "site.logo: expected", "https URL"},
    {"site", "{\"logo\":\"https://a.example/;img-src *\"}", "site.logo: expected", "https URL"},
    {"site", "{\"logo\":\"javascript:alert(1)\"}", "site.logo: expected", "https URL"},
    {"site", "{\"logo\":\"data:image/png;base64,AAAA\"}", "site.logo: expected", "https URL"},
    {"site", "{\"colour\":\"#0f6\"}", "site.colour: expected", "#rrggbb"},
    {"site", "{\"colour\":\"#0f6b5g\"}", "site.colour: expected", "#rrggbb"},
    {"site", "{\"colour\":\"#0f6b56;}\"}", "site.colour: expected", "#rrggbb"},
    {"site", "{\"colour\":\" #0f6b56\"}", "site.colour: expected", "#rrggbb"},
    {"default_provider", "5", "default_provider: expected", "providers"},
    {"default_provider", "\"gone\"", "default_provider: \"gone\"", "providers"},
    {"seal_tokens", "\"true\"", "seal_tokens: expected", "true or false"},
    {"seal_tokens", "0", "seal_tokens: expected", "true or false"},
    {"providers", "[]", "providers: expected", "client_id"},
    {"providers", "{}", "providers: is empty", "instagram"},
    {"providers", "{\"instagram\":5}", "providers.instagram: expected", "client_id"},
    {"providers", "{\"Bad Name\":{}}", "providers: a name", "Bad Name"},
    {"Base_url", "\"x\"", "Base_url: there is no such key", "base_url"},
    {"gate", "true", "gate: expected", "[{\"path\": \"/members\", \"allow\": {\"signed_in\": true}}]"},
    {"gate", "{\"folders\":[\"/members\"]}", "gate: expected", "a list of rules"},
    {"gate", "[\"/members\"]", "gate: expected", "a list of rules"},
    {"gate", "[{\"path\":\"/a\",\"allow\":{}},{\"path\":\"/b/\"}]", "gate[1].allow: is missing", "whom it lets in"},
    {"x\\ny", "1", "x\\x0ay: there is no such key", "base_url"},
    {"", "1", ": there is no such key", "base_url"}};

static void wrong_values(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct loaded loaded;
        char *text = config_text(wrong[i].key, wrong[i].value);
        assert_row(load_text(text, &loaded) == ERROR_CONFIG, text);
        assert_row(says(&loaded.problems, wrong[i].start, wrong[i].remedy), text);
        buffer_free_text(text);
        unload(&loaded);
    }
}

/* Keys that a later version is to know: whoever sets one must not believe that it does anything. */
static void settings_of_a_later_version(void **state) {
    (void)state;
    static const struct {
        const char *key, *value, *start, *told;
    } rows[] = {{"session", "{\"outage_minutes\":5}", "session.outage_minutes: ", "on_store_outage"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (int reader = CONFIG_FOR_REQUEST; reader <= CONFIG_FOR_CHECK; reader++) {
            struct loaded loaded = {.config = NULL};
            char *text = config_text(rows[i].key, rows[i].value);
            const char *path = folder_write(&folder, "config.json", text, 0600);
            assert_row(config_load(path, NULL, (enum config_reader)reader, &loaded.config, &loaded.problems,
                                   &loaded.error) == ERROR_CONFIG,
                       text);
            assert_row(loaded.problems.count == 1 && says(&loaded.problems, rows[i].start, rows[i].told), text);
            assert_row(says(&loaded.problems, rows[i].start, "is not part of this version") &&
                           says(&loaded.problems, rows[i].start, "; remove it"),
                       text);
            buffer_free_text(text);
            unload(&loaded);
        }
    }
}

/* A slip of the finger is told from a key that nobody knows. */
static void the_nearest_key(void **state) {
    (void)state;
    static const struct {
        const char *key, *value, *told;
    } rows[] = {{"base_ulr", "1", "base_ulr: there is no such key; correct it to base_url, or remove it"},
                {"Keys", "1", "Keys: there is no such key; correct it to keys, or remove it"},
                {"provider", "1", "provider: there is no such key; correct it to providers, or remove it"},
                {"session", "{\"recheck_minute\":1}",
                 "session.recheck_minute: there is no such key; correct it to recheck_minutes"},
                {"colour", "1", "colour: there is no such key; remove it, or correct it to one of: base_url, keys, "},
                {"gates", "1", "gates: there is no such key; correct it to gate, or remove it"},
                {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "1", "one of: base_url, "}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct loaded loaded;
        char *text = config_text(rows[i].key, rows[i].value);
        assert_row(load_text(text, &loaded) == ERROR_CONFIG, text);
        assert_row(says(&loaded.problems, "", rows[i].told), loaded.problems.lines[0]);
        assert_row(!says(&loaded.problems, "", "outage_minutes"), text);
        buffer_free_text(text);
        unload(&loaded);
    }
}

/* The default as it would stand in the file. False if it is no value. */
static bool print_default(const struct setting *setting, char text[64]) {
    if (setting->text != NULL)
        snprintf(text, 64, "\"%s\"", setting->text);
    else if (setting->type == SETTING_BOOLEAN)
        snprintf(text, 64, "%s", setting->number != 0 ? "true" : "false");
    else
        snprintf(text, 64, "%d", setting->number);
    return setting->text != NULL || (setting->otherwise == NULL && !setting->required);
}

static void assert_takes(const struct setting *setting, const char *value) {
    struct problems problems = {.count = 0};
    const struct setting table[] = {*setting, {0}};
    char text[512];
    snprintf(text, sizeof text, "{\"%s\":%s}", setting->key, value);
    cJSON *object = sample_json(text);
    settings_check(object, "", table, false, &problems);
    assert_row(problems.count == 0, text);
    json_free(object);
    problems_clear(&problems);
}

/* Its example and its default are values that it takes, and it says what it is for. */
static void check_row(const struct setting *setting) {
    char text[64];
    assert_row(setting->meaning != NULL && setting->example != NULL, setting->key);
    assert_takes(setting, setting->example);
    if (print_default(setting, text))
        assert_takes(setting, text);
}

static void check_rows(const struct setting *table) {
    for (; table->key != NULL; table++) {
        if (table->members != NULL)
            check_rows(table->members);
        else if (table->unsupported == NULL)
            check_row(table);
    }
}

static void every_row_is_whole(void **state) {
    (void)state;
    check_rows(config_settings);
    check_rows(provider_settings);
}

/* The mark of a config with this gate; `other` is a setting that has nothing to do with it. */
static void mark_of(const char *gate, const char *other, char mark[CONFIG_MARK_SIZE]) {
    struct loaded loaded;
    char *text = config_text("session", other), *whole = NULL;
    struct buffer with_gate = BUFFER_EMPTY;
    buffer_append_format(&with_gate, "%.*s%s}", (int)strlen(text) - 1, text, gate);
    whole = buffer_take(&with_gate);
    assert_int_equal(load_text(whole, &loaded), ERROR_NONE);
    memcpy(mark, loaded.config->mark, CONFIG_MARK_SIZE);
    unload(&loaded);
    buffer_free_text(whole);
    buffer_free_text(text);
}

/* Any edit of a config with rules changes its mark; without rules there is none. */
static void marks_rules(void **state) {
    (void)state;
    static const char gate[] = ",\"gate\":[{\"path\":\"/a\",\"allow\":{}}]";
    static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char mark[CONFIG_MARK_SIZE], other[CONFIG_MARK_SIZE];
    mark_of("", "{}", mark);
    assert_string_equal(mark, "");
    mark_of(",\"gate\":[]", "{}", mark);
    assert_string_equal(mark, "");
    mark_of(gate, "{}", mark);
    assert_int_equal(strspn(mark, base64url), CONFIG_MARK_SIZE - 1);
    mark_of(gate, "{}", other);
    assert_string_equal(mark, other);
    mark_of(gate, "{ }", other);
    assert_string_not_equal(mark, other);
}

static void missing_keys(void **state) {
    (void)state;
    static const char *const keys[] = {"base_url", "keys", "store", "providers"};
    for (size_t i = 0; i < COUNT(keys); i++) {
        struct loaded loaded;
        char *text = config_text(keys[i], NULL), start[64];
        snprintf(start, sizeof start, "%s: is missing; expected ", keys[i]);
        assert_row(load_text(text, &loaded) == ERROR_CONFIG, keys[i]);
        assert_row(loaded.problems.count == 1 && says(&loaded.problems, start, ""), keys[i]);
        buffer_free_text(text);
        unload(&loaded);
    }
}

static void double_keys(void **state) {
    (void)state;
    static const struct {
        const char *text, *start;
    } rows[] = {{"{\"store\":\"sqlite:///a\",\"store\":\"sqlite:///b\"}", "store: stands twice"},
                {"{\"session\":{\"lifetime_days\":1,\"lifetime_days\":2}}", "lifetime_days: stands twice"},
                {"{\"providers\":{\"a\":{},\"a\":{}}}", "a: stands twice"},
                {"{\"providers\":{\"a\":{\"x\":1,\"x\":1}}}", "x: stands twice"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct loaded loaded;
        assert_row(load_text(rows[i].text, &loaded) == ERROR_CONFIG, rows[i].text);
        assert_row(says(&loaded.problems, rows[i].start, "remove one"), rows[i].text);
        unload(&loaded);
    }
}

static void all_problems_at_once(void **state) {
    (void)state;
    struct loaded loaded;
    assert_int_equal(load_text("{\"base_url\":5,\"colour\":1,\"session\":{\"lifetime_days\":\"x\"}}", &loaded),
                     ERROR_CONFIG);
    assert_int_equal(loaded.problems.count, 6);
    assert_true(says(&loaded.problems, "colour: ", "") && says(&loaded.problems, "base_url: ", "") &&
                says(&loaded.problems, "session.lifetime_days: ", ""));
    assert_true(says(&loaded.problems, "keys: is missing", "") && says(&loaded.problems, "store: is missing", "") &&
                says(&loaded.problems, "providers: is missing", ""));
    unload(&loaded);
}

static void files_that_are_no_config(void **state) {
    (void)state;
    static const struct {
        const char *text, *part;
    } rows[] = {{"", "it is empty"},
                {"{", "a } is missing"},
                {"{\"a\":1,}", "a comma too many"},
                {"[]", "one JSON object"},
                {"5", "one JSON object"},
                {"{} {}", "something follows"},
                {"base_url=x", "a word without quotes"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct loaded loaded;
        assert_row(load_text(rows[i].text, &loaded) == ERROR_CONFIG, rows[i].text);
        assert_row(loaded.problems.count == 1 && says(&loaded.problems, folder.path, rows[i].part), rows[i].text);
        unload(&loaded);
    }
}

/* Problems are a log line each: none shows a key, a secret or the store's password. */
static void problems_hold_no_secret(void **state) {
    (void)state;
    struct loaded loaded;
    assert_int_equal(load_text("{\"keys\":[\"SECRET1\",5],\"store\":\"mysql://u:SECRET2@h\",\"base_url\":\"https://"
                               "u:SECRET3@h\",\"providers\":{\"a\":\"SECRET4\"},"
                               "\"session\":\"SECRET5\"}",
                               &loaded),
                     ERROR_CONFIG);
    for (size_t i = 0; i < loaded.problems.count; i++)
        assert_row(!contains(loaded.problems.lines[i], "SECRET"), loaded.problems.lines[i]);
    unload(&loaded);
}

static void many_problems(void **state) {
    (void)state;
    struct buffer text = BUFFER_EMPTY;
    struct loaded loaded;
    for (size_t i = 0; i < 2 * CONFIG_PROBLEMS_MAX; i++)
        buffer_append_format(&text, "%s\"unknown%zu\":1", i == 0 ? "{" : ",", i);
    buffer_append_char(&text, '}');
    assert_int_equal(load_text(buffer_text(&text), &loaded), ERROR_CONFIG);
    assert_int_equal(loaded.problems.count, CONFIG_PROBLEMS_MAX);
    unload(&loaded);
    buffer_free(&text);
}

static void large_files(void **state) {
    (void)state;
    struct buffer text = BUFFER_EMPTY;
    struct loaded loaded;
    char *config = config_text(NULL, NULL);
    buffer_append_text(&text, config);
    while (text.len < CONFIG_FILE_MAX)
        buffer_append_char(&text, ' ');
    assert_int_equal(load_text(buffer_text(&text), &loaded), ERROR_NONE);
    unload(&loaded);
    buffer_append_char(&text, ' ');
    assert_int_equal(load_text(buffer_text(&text), &loaded), ERROR_CONFIG);
    unload(&loaded);
    buffer_free_text(config);
    buffer_free(&text);
}

static enum error_code load_file(const char *path, const char *root, enum config_reader reader, struct loaded *loaded) {
    *loaded = (struct loaded){.config = NULL};
    return config_load(path, root, reader, &loaded->config, &loaded->problems, &loaded->error);
}

static void permissions(void **state) {
    (void)state;
    static const struct {
        mode_t mode;
        bool request, command;
    } rows[] = {{0600, true, true},   {0400, true, true},   {0700, true, true},   {0640, false, true},
                {0644, false, false}, {0604, false, false}, {0602, false, false}, {0620, false, false},
                {0660, false, false}, {0666, false, false}, {0777, false, false}};
    char *text = config_text(NULL, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *path = folder_write(&folder, "modes.json", text, rows[i].mode);
        for (int reader = CONFIG_FOR_REQUEST; reader <= CONFIG_FOR_COMMAND; reader++) {
            struct loaded loaded;
            const bool fine = load_file(path, NULL, (enum config_reader)reader, &loaded) == ERROR_NONE;
            assert_int_equal(fine, reader == CONFIG_FOR_REQUEST ? rows[i].request : rows[i].command);
            assert_true(fine ||
                        (contains(loaded.error.cause, "other users") && contains(loaded.error.cause, "chmod 600 ")));
            unload(&loaded);
        }
        unlink(path);
    }
    buffer_free_text(text);
}

static void web_root(void **state) {
    (void)state;
    static const struct {
        const char *root; /* in the folder; NULL: not known */
        bool inside;
    } rows[] = {{NULL, false},  {"", true},         {"site", false},        {"hom", false},
                {"link", true}, {"missing", false}, {"site/../home", true}, {"home", true}};
    folder_subfolder(&folder, "site");
    folder_subfolder(&folder, "home");
    folder_subfolder(&folder, "hom");
    assert_int_equal(symlink("home", folder_path(&folder, "link")), 0);
    char *text = config_text(NULL, NULL);
    const char *path = folder_write(&folder, "home/config.json", text, 0600);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct loaded loaded;
        char root[PATH_MAX];
        snprintf(root, sizeof root, "%s/%s", folder.path, rows[i].root != NULL ? rows[i].root : "");
        const enum error_code code = load_file(path, rows[i].root != NULL ? root : NULL, CONFIG_FOR_REQUEST, &loaded);
        assert_row(code == (rows[i].inside ? ERROR_CONFIG : ERROR_NONE), root);
        assert_row(!rows[i].inside || contains(loaded.error.cause, "web root"), root);
        unload(&loaded);
    }
    buffer_free_text(text);
}

/* A link into the web root, from outside or the other way round, is judged by where the file really lies. */
static void links_are_followed(void **state) {
    (void)state;
    struct loaded loaded;
    char *text = config_text(NULL, NULL);
    folder_subfolder(&folder, "public");
    folder_subfolder(&folder, "private");
    const char *public_file = folder_write(&folder, "public/config.json", text, 0600);
    assert_int_equal(symlink(public_file, folder_path(&folder, "private/link.json")), 0);
    assert_int_equal(load_file(folder_path(&folder, "private/link.json"), folder_path(&folder, "public"),
                               CONFIG_FOR_REQUEST, &loaded),
                     ERROR_CONFIG);
    unload(&loaded);
    const char *private_file = folder_write(&folder, "private/config.json", text, 0600);
    assert_int_equal(symlink(private_file, folder_path(&folder, "public/link.json")), 0);
    assert_int_equal(load_file(folder_path(&folder, "public/link.json"), folder_path(&folder, "public"),
                               CONFIG_FOR_REQUEST, &loaded),
                     ERROR_NONE);
    assert_string_equal(loaded.config->home, folder_path(&folder, "private"));
    unload(&loaded);
    buffer_free_text(text);
}

static void files_that_cannot_be_read(void **state) {
    (void)state;
    struct loaded loaded;
    const char *const paths[] = {folder_path(&folder, "no-such-file.json"), folder.path};
    assert_int_equal(mkfifo(folder_path(&folder, "fifo"), 0600), 0);
    for (size_t i = 0; i < COUNT(paths); i++) {
        assert_row(load_file(paths[i], NULL, CONFIG_FOR_REQUEST, &loaded) == ERROR_CONFIG, paths[i]);
        assert_row(contains(loaded.error.cause, "cannot be read: ") && contains(loaded.error.cause, paths[i]),
                   paths[i]);
        unload(&loaded);
    }
    assert_int_equal(load_file(folder_path(&folder, "fifo"), NULL, CONFIG_FOR_REQUEST, &loaded), ERROR_CONFIG);
    unload(&loaded);
    config_free(NULL);
}

static void a_new_key_in_front_keeps_the_old_open(void **state) {
    (void)state;
    struct loaded before, after;
    struct buffer sealed = BUFFER_EMPTY;
    char *text = config_text("keys", "[\"" OTHER_KEY "\",\"" KEY "\"]"), *old = config_text(NULL, NULL);
    assert_int_equal(load_text(old, &before), ERROR_NONE);
    assert_int_equal(seal_close(&before.config->keys, KEY_FOR_SESSION, "", 100, "x", 1, &sealed), SEAL_DONE);
    assert_int_equal(load_text(text, &after), ERROR_NONE);
    struct secret *plain;
    assert_int_equal(seal_open(&after.config->keys, KEY_FOR_SESSION, "", 0, sealed.data, sealed.len, &plain),
                     SEAL_DONE);
    assert_non_null(plain);
    assert_memory_not_equal(after.config->keys.keys[0].id, before.config->keys.keys[0].id, KEY_ID_BYTES);
    assert_memory_equal(after.config->keys.keys[1].id, before.config->keys.keys[0].id, KEY_ID_BYTES);
    secret_free(plain);
    buffer_free(&sealed);
    buffer_free_text(text);
    buffer_free_text(old);
    unload(&before);
    unload(&after);
}

static void default_provider(void **state) {
    (void)state;
    static const struct {
        const char *providers, *expected;
    } rows[] = {{"{\"a\":{}}", "a"}, {"{\"a\":{},\"b\":{}}", NULL}, {"{\"x-1_y\":{}}", "x-1_y"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct loaded loaded;
        char *text = config_text("providers", rows[i].providers);
        assert_row(load_text(text, &loaded) == ERROR_NONE, text);
        assert_row(same(loaded.config->default_provider, rows[i].expected), text);
        buffer_free_text(text);
        unload(&loaded);
    }
}

/* Which CAs are trusted does not depend on whether the product's own folder of them can be looked at. */
static void the_folder_of_certificates(void **state) {
    (void)state;
    struct loaded loaded;
    char *text = config_text(NULL, NULL), *named = config_text("ca_folder", "\"/nowhere\"");
    assert_int_equal(load_text(text, &loaded), ERROR_NONE);
    assert_null(loaded.config->ca_folder);
    assert_string_equal(loaded.config->ca_place, folder_path(&folder, "ca"));
    unload(&loaded);
    folder_subfolder(&folder, "ca");
    assert_int_equal(load_text(text, &loaded), ERROR_NONE);
    assert_string_equal(loaded.config->ca_folder, folder_path(&folder, "ca"));
    unload(&loaded);
    assert_int_equal(rmdir(folder_path(&folder, "ca")), 0);
    assert_int_equal(symlink("ca", folder_path(&folder, "ca")), 0);
    assert_int_equal(load_text(text, &loaded), ERROR_NONE);
    assert_string_equal(loaded.config->ca_folder, folder_path(&folder, "ca"));
    unload(&loaded);
    unlink(folder_path(&folder, "ca"));
    assert_int_equal(load_text(named, &loaded), ERROR_NONE);
    assert_string_equal(loaded.config->ca_folder, "/nowhere");
    unload(&loaded);
    buffer_free_text(text);
    buffer_free_text(named);
}

static void the_log_is_named_or_beside(void **state) {
    (void)state;
    static const struct {
        const char *value;
        const char *log; /* NULL: refused */
    } rows[] = {{NULL, ""},
                {"\"/var/log/ours.log\"", "/var/log/ours.log"},
                {"\"ours.log\"", NULL},
                {"\"\"", NULL},
                {"1", NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct loaded loaded;
        char beside[PATH_MAX];
        char *text = config_text("log", rows[i].value);
        snprintf(beside, sizeof beside, "%s/error.log", folder.path);
        assert_row(load_text(text, &loaded) == (rows[i].log != NULL ? ERROR_NONE : ERROR_CONFIG), text);
        if (rows[i].log != NULL)
            assert_row(same(loaded.config->log, *rows[i].log != '\0' ? rows[i].log : beside), text);
        unload(&loaded);
        free(text);
    }
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(smallest_config_has_defaults),
                                       cmocka_unit_test(whole_config),
                                       cmocka_unit_test(the_log_is_named_or_beside),
                                       cmocka_unit_test(wrong_values),
                                       cmocka_unit_test(settings_of_a_later_version),
                                       cmocka_unit_test(the_nearest_key),
                                       cmocka_unit_test(every_row_is_whole),
                                       cmocka_unit_test(marks_rules),
                                       cmocka_unit_test(missing_keys),
                                       cmocka_unit_test(double_keys),
                                       cmocka_unit_test(all_problems_at_once),
                                       cmocka_unit_test(files_that_are_no_config),
                                       cmocka_unit_test(problems_hold_no_secret),
                                       cmocka_unit_test(many_problems),
                                       cmocka_unit_test(large_files),
                                       cmocka_unit_test(permissions),
                                       cmocka_unit_test(web_root),
                                       cmocka_unit_test(links_are_followed),
                                       cmocka_unit_test(files_that_cannot_be_read),
                                       cmocka_unit_test(a_new_key_in_front_keeps_the_old_open),
                                       cmocka_unit_test(default_provider),
                                       cmocka_unit_test(the_folder_of_certificates)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
