/* JSON that we make: what a page shows, what a client gets, what a cookie holds.
 *
 * Adding never fails on the spot: a view for which memory ran out is marked `failed` and ignores the rest, and whoever
 * makes something of it looks once, at the end (view_json, view_print). A part of a view, which is what view_object,
 * view_list and view_item give, hands its failure on to the whole; it must not outlive it, and is not freed.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_VIEW_H
#define CGI_LOGIN_VIEW_H

#include "base/buffer.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

struct view {
    cJSON *value;
    struct view *whole; /* of a part: the view that it belongs to */
    bool failed;        /* of a whole */
};

/* An empty object, to be freed with view_free. */
struct view view_new(void);

/* Each adds a member to an object. A number is at most JSON_EXACT_MAX, or it would not stay exact. */
void view_text(struct view *view, const char *key, const char *text);
void view_number(struct view *view, const char *key, int64_t number);
void view_bool(struct view *view, const char *key, bool value);

/* Adds a member that holds what is in the buffer; a buffer that had failed fails the view. */
void view_buffer(struct view *view, const char *key, const struct buffer *text);

/* Adds a copy of a value, or a value itself, which is the view's from then on; NULL, for which memory ran out, fails
 * the view. */
void view_copy(struct view *view, const char *key, const cJSON *value);
void view_add(struct view *view, const char *key, cJSON *value);

/* Adds an empty object or list to an object, and gives it. */
struct view view_object(struct view *view, const char *key);
struct view view_list(struct view *view, const char *key);

/* Adds an empty object to a list, and gives it. */
struct view view_item(struct view *list);

/* The view's JSON, which it owns; NULL if it failed. */
const cJSON *view_json(const struct view *view);

/* The view as compact JSON text, to be freed with json_free_text; NULL if it failed or memory runs out. */
char *view_print(const struct view *view);

/* Hands the JSON over, to be freed with json_free; NULL if the view failed. Nothing is left to free then. */
cJSON *view_take(struct view *view);

/* Wipes and frees. */
void view_free(struct view *view);

#endif
