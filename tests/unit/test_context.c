/* context.c: a form that is whole, empty, cut short, of another type; the store before the form, and the provider
 * before both; a provider that is read once and kept until its file changes, goes or another is asked for, none, one
 * with several faults.
 * SPDX-License-Identifier: MIT */
#include "folder.h"
#include "sample.h"

#include "program/context.h"

/* A gateway whose body is a text. */
static bool read_text(const struct gateway *gateway, char *data, size_t len) {
    const char *text = gateway->stream;
    if (strlen(text) < len)
        return false;
    memcpy(data, text, len);
    return true;
}

static void forms(void **state) {
    (void)state;
    static const struct {
        const char *type, *announced, *body;
        enum error_code code;
        const char *value; /* of "a" */
    } rows[] = {{"application/x-www-form-urlencoded", "CONTENT_LENGTH=3", "a=1", ERROR_NONE, "1"},
                {"application/x-www-form-urlencoded", "CONTENT_LENGTH=3", "a=1&b=2", ERROR_NONE, "1"},
                {"application/x-www-form-urlencoded", "CONTENT_LENGTH=4", "a=1", ERROR_BAD_REQUEST, NULL},
                {"application/x-www-form-urlencoded", "CONTENT_LENGTH=0", "", ERROR_NONE, NULL},
                {"text/plain", "CONTENT_LENGTH=3", "a=1", ERROR_BAD_REQUEST, NULL}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char method[] = "REQUEST_METHOD=POST", type[64], announced[32], body[16];
        char *environment[] = {method, type, announced, NULL};
        struct request request;
        struct error error;
        const struct gateway gateway = {.stream = body, .read = read_text};
        struct context context = {.request = &request, .gateway = &gateway};
        snprintf(type, sizeof type, "CONTENT_TYPE=%s", rows[i].type);
        snprintf(announced, sizeof announced, "%s", rows[i].announced);
        snprintf(body, sizeof body, "%s", rows[i].body);
        request_begin(&request, environment);
        assert_int_equal(request_read(&request, &error), ERROR_NONE);
        assert_false(context.has_form);
        assert_row(context_prepare(&context, CONTEXT_FORM, &error) == rows[i].code, rows[i].body);
        assert_true(context.has_form);
        const char *value;
        assert_row((query_find(&context.form, "a", &value) == QUERY_FOUND) == (rows[i].value != NULL), rows[i].body);
        assert_row(rows[i].value == NULL ? value == NULL : value != NULL && strcmp(value, rows[i].value) == 0,
                   rows[i].body);
        context_clear(&context);
        request_free(&request);
    }
}

/* What was done, in its order: s for the store, f for the form. */
static char done[8];

static bool note_read(const struct gateway *gateway, char *data, size_t len) {
    (void)gateway, (void)data, (void)len;
    strcat(done, "f");
    return true;
}

static enum error_code note_open(struct process_cache *cache, const struct config *config, struct store **store,
                                 struct error *error) {
    (void)cache, (void)config, (void)store, (void)error;
    strcat(done, "s");
    return ERROR_NONE;
}

static enum error_code fail_to_open(struct process_cache *cache, const struct config *config, struct store **store,
                                    struct error *error) {
    (void)cache, (void)config, (void)store;
    return error_set(error, ERROR_STORE_UNAVAILABLE, "no store");
}

/* The body must still be unread when the store is opened, and where it cannot be. */
static void store_before_form(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum method method;
        unsigned wants;
        context_store_opener store;
        enum error_code code;
        const char *done;
    } rows[] = {{"both", METHOD_POST, CONTEXT_FORM, note_open, ERROR_NONE, "sf"},
                {"no store", METHOD_POST, CONTEXT_FORM, NULL, ERROR_NONE, "f"},
                {"a store that may not be needed", METHOD_POST, 0, note_open, ERROR_NONE, ""},
                {"nothing is posted", METHOD_GET, CONTEXT_FORM, note_open, ERROR_NONE, ""},
                {"no store to be had", METHOD_POST, CONTEXT_FORM, fail_to_open, ERROR_STORE_UNAVAILABLE, ""}};
    struct config config;
    sample_config(&config);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct request request = {.method = rows[i].method, .content_type = ""};
        const struct gateway gateway = {.read = note_read};
        struct context context = {
            .config = &config, .request = &request, .gateway = &gateway, .open_store = rows[i].store};
        struct error error;
        *done = '\0';
        assert_row(context_prepare(&context, rows[i].wants, &error) == rows[i].code, rows[i].name);
        assert_row(same(done, rows[i].done), rows[i].name);
        context_clear(&context);
    }
    sample_config_clear(&config);
}

/* The provider of the path comes first: a request for one that is not there reads nothing. */
static void provider_of_the_path(void **state) {
    (void)state;
    struct config config;
    const struct request request = {.method = METHOD_POST, .provider = "nosuch", .content_type = ""};
    const struct gateway gateway = {.read = note_read};
    struct process_cache cache = {.store = NULL};
    struct context context = {
        .config = &config, .request = &request, .gateway = &gateway, .cache = &cache, .open_store = note_open};
    struct error error;
    sample_config(&config);
    *done = '\0';
    assert_int_equal(context_prepare(&context, CONTEXT_PROVIDER | CONTEXT_FORM, &error), ERROR_NOT_FOUND);
    assert_string_equal(done, "");
    sample_config_clear(&config);
}

static void provider(void **state) {
    (void)state;
#define REST                                                                                                           \
    ",\"authorize_url\":\"https://p.example/a\",\"token_url\":\"https://p.example/t\","                                \
    "\"profile_url\":\"https://p.example/me\",\"profile\":{\"id\":\"/id\"}}"
    static const char preset[] = "{\"title\":\"P\"" REST, changed[] = "{\"title\":\"Changed\"" REST;
    static const char broken[] = "{\"title\":1,\"authorize_url\":2}";
    struct folder folder;
    struct config config;
    struct error error;
    const struct provider *first, *again;
    struct process_cache cache = {.store = NULL};
    struct context context = {.config = &config, .cache = &cache};
    folder_make(&folder);
    folder_subfolder(&folder, "providers");
    folder_write(&folder, "providers/instagram.json", preset, 0644);
    sample_config(&config);
    config.state = config.home = folder.path;
    assert_int_equal(context_provider(&context, NULL, &first, &error), ERROR_NOT_FOUND);
    assert_int_equal(context_provider(&context, "instagram", &first, &error), ERROR_NONE);
    assert_string_equal(first->title, "P");
    assert_int_equal(context_provider(&context, "instagram", &again, &error), ERROR_NONE);
    assert_ptr_equal(first, again);
    folder_write(&folder, "providers/instagram.json", changed, 0644);
    assert_int_equal(context_provider(&context, "instagram", &again, &error), ERROR_NONE);
    assert_string_equal(again->title, "Changed");
    assert_int_equal(context_provider(&context, "other", &again, &error), ERROR_CONFIG);
    assert_null(again);
    context_clear(&context);
    assert_int_equal(context_provider(&context, "instagram", &again, &error), ERROR_NONE);
    folder_write(&folder, "providers/instagram.json", broken, 0644);
    assert_int_equal(context.problems.count, 0);
    assert_int_equal(context_provider(&context, "instagram", &again, &error), ERROR_CONFIG);
    assert_null(again);
    /* All faults are kept, and the first is the error. */
    assert_true(context.problems.count > 1);
    assert_string_equal(context.problems.lines[0], error.cause);
    assert_non_null(strstr(context.problems.lines[1], "authorize_url"));
    process_cache_clear(&cache);
    context_clear(&context);
    sample_config_clear(&config);
    folder_remove(&folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(forms), cmocka_unit_test(store_before_form),
                                       cmocka_unit_test(provider_of_the_path), cmocka_unit_test(provider)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
