/* context.c: a form that is whole, empty, cut short, of another type; a provider that is read once and kept until its
 * file changes, goes or another is asked for, none, one with several faults.
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
        char type[64], announced[32], body[16];
        char *environment[] = {type, announced, NULL};
        struct request request;
        struct error error;
        const struct gateway gateway = {.stream = body, .read = read_text};
        struct context context = {.request = &request, .gateway = &gateway};
        snprintf(type, sizeof type, "CONTENT_TYPE=%s", rows[i].type);
        snprintf(announced, sizeof announced, "%s", rows[i].announced);
        snprintf(body, sizeof body, "%s", rows[i].body);
        assert_int_equal(request_read(&request, environment, &error), ERROR_NONE);
        assert_false(context.has_form);
        assert_row(context_read_form(&context, &error) == rows[i].code, rows[i].body);
        assert_true(context.has_form);
        const char *value = query_get(&context.form, "a");
        assert_row(rows[i].value == NULL ? value == NULL : value != NULL && strcmp(value, rows[i].value) == 0,
                   rows[i].body);
        context_clear(&context);
        request_free(&request);
    }
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
    struct response response = {.status = 0};
    struct error error;
    const struct provider *first, *again;
    struct process_cache cache = {.store = NULL};
    struct context context = {.config = &config, .response = &response, .cache = &cache};
    folder_make(&folder);
    folder_subfolder(&folder, "providers");
    folder_write(&folder, "providers/instagram.json", preset, 0644);
    sample_config(&config);
    config.home = folder.path;
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
    response_free(&response);
    response = (struct response){.status = 0};
    assert_int_equal(context_provider(&context, "instagram", &again, &error), ERROR_NONE);
    folder_write(&folder, "providers/instagram.json", broken, 0644);
    assert_int_equal(response.notes.len, 0);
    assert_int_equal(context_provider(&context, "instagram", &again, &error), ERROR_CONFIG);
    assert_null(again);
    /* The first fault is the error, the others are notes. */
    assert_non_null(strstr(buffer_text(&response.notes), "authorize_url"));
    assert_null(strstr(buffer_text(&response.notes), error.cause));
    process_cache_clear(&cache);
    response_free(&response);
    sample_config_clear(&config);
    folder_remove(&folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(forms), cmocka_unit_test(provider)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
