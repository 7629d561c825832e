/* provider_outline.c: the title and the map from the config or the file; a file that cannot be used is told and is no
 * failure; what of a stored profile is the provider's.
 * SPDX-License-Identifier: MIT */
#include "folder.h"
#include "sample.h"

#include "config/provider_outline.h"

static struct folder folder;

static int make_folder(void **state) {
    (void)state;
    folder_make(&folder);
    folder_subfolder(&folder, "providers");
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    folder_remove(&folder);
    return 0;
}

/* The outline of provider "p" with `own` in the config. The config must be freed after it. */
static struct provider_outline *load(const char *own, cJSON **document, struct problems *problems) {
    struct buffer text = BUFFER_EMPTY;
    struct error error;
    struct provider_outline *outline;
    buffer_append_format(&text, "{\"p\":%s}", own);
    *document = sample_json(buffer_text(&text));
    buffer_free(&text);
    const struct config config = {.home = folder.path, .document = *document, .providers = *document};
    assert_int_equal(provider_outline_load(&config, "p", &outline, problems, &error), ERROR_NONE);
    assert_non_null(outline);
    return outline;
}

static void reads(void **state) {
    (void)state;
    static const struct {
        const char *file, *own, *title, *type, *problem; /* file NULL: none; problem NULL: none */
    } rows[] = {{"{\"title\":\"P\",\"account_types\":{\"A\":\"B\"}}", "{}", "P", "B", NULL},
                {"{\"title\":\"P\",\"account_types\":{\"A\":\"B\"}}", "{\"title\":\"Q\"}", "Q", "B", NULL},
                {"{\"title\":\"P\"}", "{\"account_types\":{\"A\":\"C\"}}", "P", "C", NULL},
                /* What is wrong elsewhere is none of its business. */
                {"{\"titel\":5,\"title\":\"P\",\"token_url\":\"javascript:x\"}", "{\"client_id\":5}", "P", NULL, NULL},
                {NULL, "{\"title\":\"Q\"}", "Q", NULL, NULL},
                {NULL, "{}", "p", NULL, "providers.p.title cannot be read"},
                {"{\"title\":5,\"account_types\":[]}", "{}", "p", NULL, "providers.p.title cannot be read"},
                {"{\"title\":\"\"}", "{}", "p", NULL, "providers.p.title cannot be read"},
                {"[]", "{}", "p", NULL, "providers.p.title cannot be read"},
                {"{\"title\":\"P\"", "{}", "p", NULL, "providers/p.json is no JSON: line 1, column 13: "},
                {"{\"title\":\"P\"}", "{\"preset\":\"../p\"}", "p", NULL, "providers.p.title cannot be read"},
                {"{\"title\":\"P\"}", "{\"preset\":\"other\"}", "p", NULL, "providers.p.title cannot be read"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct problems problems = {.count = 0};
        cJSON *document;
        unlink(folder_path(&folder, "providers/p.json"));
        if (rows[i].file != NULL)
            folder_write(&folder, "providers/p.json", rows[i].file, 0644);
        struct provider_outline *outline = load(rows[i].own, &document, &problems);
        const char *line = problems.count != 0 ? problems.lines[0] : "";
        assert_string_equal(outline->title, rows[i].title);
        assert_true(same(json_string(outline->account_types, "A"), rows[i].type));
        assert_row((problems.count == 0) == (rows[i].problem == NULL), line);
        assert_row(rows[i].problem == NULL || contains(line, rows[i].problem), line);
        provider_outline_free(outline);
        problems_clear(&problems);
        json_free(document);
    }
}

static void sees_that_its_file_has_changed(void **state) {
    (void)state;
    struct problems problems = {.count = 0};
    cJSON *document;
    folder_write(&folder, "providers/p.json", "{\"title\":\"P\"}", 0644);
    struct provider_outline *outline = load("{}", &document, &problems);
    assert_true(provider_outline_is_current(outline));
    folder_write(&folder, "providers/p.json", "{\"title\":\"Other\"}", 0644);
    assert_false(provider_outline_is_current(outline));
    provider_outline_free(outline);
    json_free(document);
    provider_outline_free(NULL);
}

/* What another program keeps in the account is not shown. */
static void keeps_what_is_mapped(void **state) {
    (void)state;
    static const char stored[] = "{\"id\":\"1\",\"user_id\":\"2\",\"username\":\"anna\",\"email\":\"a@b.example\","
                                 "\"email_verified\":true,\"groups\":[\"crew\"],\"other\":\"x\",\"tokenSecret\":\"x\","
                                 "\"reconnect\":true,\"counts\":{\"media\":1,\"stars\":2}}";
    static const struct {
        const char *map, *kept;
    } rows[] = {
        /* In the map's order. */
        {"{\"counts\":{\"stars\":\"/s\",\"media\":\"/m\"},\"email\":\"/e\",\"username\":\"/u\",\"id\":\"/i\"}",
         "{\"user_id\":\"2\",\"reconnect\":true,\"counts\":{\"stars\":2,\"media\":1},\"email\":\"a@b.example\","
         "\"username\":\"anna\",\"id\":\"1\"}"},
        {"{\"id\":\"/id\",\"tokenSecret\":\"/t\",\"email\":\"/email\",\"counts\":{\"stars\":\"/stars\"}}",
         "{\"user_id\":\"2\",\"reconnect\":true,\"id\":\"1\",\"email\":\"a@b.example\",\"counts\":{\"stars\":2}}"},
        {"{\"id\":\"/id\"}", "{\"user_id\":\"2\",\"reconnect\":true,\"id\":\"1\"}"},
        /* What is asked beside the profile need not be in the map. */
        {"{\"id\":\"/id\"},\"email_request\":{}",
         "{\"user_id\":\"2\",\"email\":\"a@b.example\",\"email_verified\":true,\"reconnect\":true,\"id\":\"1\"}"},
        {"{\"id\":\"/id\"},\"groups_requests\":[]",
         "{\"user_id\":\"2\",\"groups\":[\"crew\"],\"reconnect\":true,\"id\":\"1\"}"},
        /* No map can be read: what every provider may have. */
        {"5", "{\"id\":\"1\",\"user_id\":\"2\",\"username\":\"anna\",\"email\":\"a@b.example\",\"email_verified\":true,"
              "\"groups\":[\"crew\"],\"reconnect\":true,"
              "\"counts\":{\"media\":1,\"stars\":2}}"}};
    unlink(folder_path(&folder, "providers/p.json"));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct problems problems = {.count = 0};
        char own[320];
        cJSON *document, *profile = sample_json(stored);
        snprintf(own, sizeof own, "{\"title\":\"P\",\"profile\":%s}", rows[i].map);
        struct provider_outline *outline = load(own, &document, &problems);
        provider_outline_filter(outline, profile);
        char *printed = json_print(profile);
        assert_string_equal(printed, rows[i].kept);
        json_free_text(printed);
        json_free(profile);
        provider_outline_free(outline);
        json_free(document);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads), cmocka_unit_test(sees_that_its_file_has_changed),
                                       cmocka_unit_test(keeps_what_is_mapped)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
