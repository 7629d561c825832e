/* view.c: what is built, and that one failure anywhere is the failure of the whole, which then gives nothing.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/json.h"
#include "base/view.h"

static void builds(void **state) {
    (void)state;
    struct view view = view_new();
    struct buffer text = BUFFER_EMPTY;
    cJSON *value = cJSON_CreateNumber(7);
    view_text(&view, "text", "\"");
    view_number(&view, "number", INT64_C(999999999999999));
    view_bool(&view, "bool", true);
    view_buffer(&view, "empty", &text);
    view_copy(&view, "copy", value);
    view_add(&view, "own", value);
    struct view object = view_object(&view, "object");
    struct view list = view_list(&object, "list");
    struct view first = view_item(&list);
    view_item(&list);
    view_text(&first, "a", "b");
    char *printed = view_print(&view);
    assert_string_equal(printed,
                        "{\"text\":\"\\\"\",\"number\":999999999999999,\"bool\":true,\"empty\":\"\",\"copy\":7,"
                        "\"own\":7,\"object\":{\"list\":[{\"a\":\"b\"},{}]}}");
    assert_ptr_equal(view_json(&view), view.value);
    cJSON *taken = view_take(&view);
    assert_non_null(taken);
    json_free(taken);
    json_free_text(printed);
}

/* Each fails a view or one of its parts. */
static void fail_whole(struct view *view, struct view *part) {
    (void)part;
    view_add(view, "a", NULL);
}

static void fail_part(struct view *view, struct view *part) {
    (void)view;
    view_copy(part, "a", NULL);
}

static void fail_buffer(struct view *view, struct view *part) {
    (void)view;
    const struct buffer failed = {.failed = true};
    view_buffer(part, "a", &failed);
}

/* A part that memory was lacking for takes what is added to it, and loses it. */
static void fail_empty_part(struct view *view, struct view *part) {
    (void)part;
    struct view nothing = {.whole = view};
    struct view inside = view_object(&nothing, "a");
    struct view item = view_item(&inside);
    view_text(&item, "b", "c");
}

static void one_failure_is_the_wholes(void **state) {
    (void)state;
    void (*const fails[])(struct view * view, struct view * part) = {fail_whole, fail_part, fail_buffer,
                                                                     fail_empty_part};
    for (size_t i = 0; i < COUNT(fails); i++) {
        struct view view = view_new();
        struct view list = view_list(&view, "list");
        struct view part = view_item(&list);
        assert_non_null(view_json(&view));
        fails[i](&view, &part);
        view_text(&view, "later", "x");
        assert_null(view_json(&view));
        assert_null(view_print(&view));
        assert_null(view_take(&view));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(builds), cmocka_unit_test(one_failure_is_the_wholes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
