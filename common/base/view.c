/* SPDX-License-Identifier: MIT */
#include "base/view.h"

#include "base/json.h"

static struct view *whole_of(struct view *view) {
    return view->whole != NULL ? view->whole : view;
}

/* Adds an item, which is the view's from then on, and marks the whole as failed where that does not work: NULL is an
 * item for which memory ran out. A list takes no key. Returns the item if it was added. */
static cJSON *add(struct view *view, const char *key, cJSON *item) {
    const bool added =
        item != NULL && view->value != NULL &&
        (key != NULL ? cJSON_AddItemToObject(view->value, key, item) : cJSON_AddItemToArray(view->value, item));
    if (added)
        return item;
    json_free(item);
    whole_of(view)->failed = true;
    return NULL;
}

struct view view_new(void) {
    struct view view = {.value = cJSON_CreateObject()};
    view.failed = view.value == NULL;
    return view;
}

void view_text(struct view *view, const char *key, const char *text) {
    add(view, key, cJSON_CreateString(text));
}

void view_number(struct view *view, const char *key, int64_t number) {
    add(view, key, cJSON_CreateNumber((double)number));
}

void view_bool(struct view *view, const char *key, bool value) {
    add(view, key, cJSON_CreateBool(value));
}

void view_buffer(struct view *view, const char *key, const struct buffer *text) {
    add(view, key, text->failed ? NULL : cJSON_CreateString(buffer_text(text)));
}

void view_copy(struct view *view, const char *key, const cJSON *value) {
    add(view, key, cJSON_Duplicate(value, true));
}

void view_add(struct view *view, const char *key, cJSON *value) {
    add(view, key, value);
}

static struct view part(struct view *view, const char *key, cJSON *item) {
    return (struct view){.value = add(view, key, item), .whole = whole_of(view)};
}

struct view view_object(struct view *view, const char *key) {
    return part(view, key, cJSON_CreateObject());
}

struct view view_list(struct view *view, const char *key) {
    return part(view, key, cJSON_CreateArray());
}

struct view view_item(struct view *list) {
    return part(list, NULL, cJSON_CreateObject());
}

const cJSON *view_json(const struct view *view) {
    return view->failed ? NULL : view->value;
}

char *view_print(const struct view *view) {
    return view->failed ? NULL : json_print(view->value);
}

cJSON *view_take(struct view *view) {
    cJSON *value = view->value;
    view->value = NULL;
    if (!view->failed)
        return value;
    json_free(value);
    return NULL;
}

void view_free(struct view *view) {
    json_free(view->value);
    view->value = NULL;
}
