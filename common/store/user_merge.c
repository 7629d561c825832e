/* SPDX-License-Identifier: MIT */
#include "store/user_merge.h"

#include "base/json.h"
#include "store/document_fields.h"
#include "store/user.h"

#include <stdbool.h>
#include <string.h>

struct merge {
    const cJSON *from;
    cJSON *result;
    cJSON *rest;     /* what becomes the entry in the list */
    bool from_later; /* `from` was the last to sign in */
};

static bool is_field(const cJSON *member, const char *name) {
    return strcmp(member->string, name) == 0;
}

/* Puts a copy of the member in the place of what has its name. */
static bool put(cJSON *object, const cJSON *member) {
    cJSON_DeleteItemFromObjectCaseSensitive(object, member->string);
    return json_add(object, member->string, cJSON_Duplicate(member, true));
}

/* Puts a copy of the member there unless something has its name already. */
static bool put_missing(cJSON *object, const cJSON *member) {
    return json_member(object, member->string) != NULL || put(object, member);
}

/* Makes one account of the two that have the same id. */
static bool join_account(const struct merge *merge, cJSON *account, const cJSON *other) {
    bool whole = true;
    for (const cJSON *member = other->child; whole && member != NULL; member = member->next)
        whole = merge->from_later ? put(account, member) : put_missing(account, member);
    return whole;
}

static enum error_code add_account(struct merge *merge, const cJSON *account, struct error *error) {
    cJSON *own = json_member(merge->result, account->string);
    const char *own_id = own != NULL && user_is_account(own) ? json_string(own, FIELD_ID) : NULL;
    const char *id = json_string(account, FIELD_ID);
    bool whole = true;
    if (own_id != NULL && strcmp(own_id, id) != 0)
        return error_set(error, ERROR_ACCOUNT_TAKEN,
                         "both users have an account of %s, %s:%s and %s:%s; a user has one", account->string,
                         account->string, own_id, account->string, id);
    if (own_id != NULL)
        whole = join_account(merge, own, account);
    else if (own != NULL && !cJSON_IsNull(own))
        whole = put(merge->rest, own) && put(merge->result, account); /* what is no account gives way to one */
    else
        whole = put(merge->result, account);
    return whole ? ERROR_NONE : error_out_of_memory(error);
}

/* Puts a time in the place of the one that is there if it is the earlier one, or the later one. */
static bool add_time(struct merge *merge, const cJSON *time, bool earlier) {
    const int64_t own = user_date_milliseconds(json_member(merge->result, time->string));
    const int64_t other = user_date_milliseconds(time);
    const bool counts = other >= 0 && (own < 0 || (earlier ? other < own : other > own));
    return counts ? put(merge->result, time) : own == other || put(merge->rest, time);
}

static bool add_field(struct merge *merge, const cJSON *field) {
    const cJSON *own = json_member(merge->result, field->string);
    if (is_field(field, FIELD_CREATED_AT) || is_field(field, FIELD_LAST_LOGIN_AT))
        return add_time(merge, field, is_field(field, FIELD_CREATED_AT));
    if (own == NULL || is_field(field, FIELD_DOCUMENT_ID))
        return put(own == NULL ? merge->result : merge->rest, field);
    return json_equal(own, field) || put(merge->rest, field);
}

/* Appends the rest to the list of users that were merged, behind those that `from` has had merged into it. */
static enum error_code append_rest(struct merge *merge, struct error *error) {
    const cJSON *theirs = json_member(merge->from, FIELD_MERGED_FROM);
    cJSON *list = json_member(merge->result, FIELD_MERGED_FROM);
    bool whole = true;
    if (list == NULL) {
        list = cJSON_CreateArray();
        whole = json_add(merge->result, FIELD_MERGED_FROM, list);
    }
    if (!whole)
        return error_out_of_memory(error);
    if (!cJSON_IsArray(list) || (theirs != NULL && !cJSON_IsArray(theirs)))
        return error_set(error, ERROR_STORE_UNAVAILABLE, "the field %s of a user is no list; rename it",
                         FIELD_MERGED_FROM);
    for (const cJSON *item = theirs != NULL ? theirs->child : NULL; whole && item != NULL; item = item->next)
        whole = json_append(list, cJSON_Duplicate(item, true));
    cJSON *rest = merge->rest;
    merge->rest = NULL;
    return json_append(list, rest) && whole ? ERROR_NONE : error_out_of_memory(error);
}

static enum error_code add_all(struct merge *merge, struct error *error) {
    enum error_code code = ERROR_NONE;
    for (const cJSON *member = merge->from->child; code == ERROR_NONE && member != NULL; member = member->next) {
        if (is_field(member, FIELD_MERGED_FROM))
            continue;
        if (user_is_account(member))
            code = add_account(merge, member, error);
        else if (!add_field(merge, member))
            code = error_out_of_memory(error);
    }
    return code == ERROR_NONE ? append_rest(merge, error) : code;
}

enum error_code user_merge(const cJSON *into, const cJSON *from, cJSON **merged, struct error *error) {
    struct merge merge = {.from = from,
                          .result = cJSON_Duplicate(into, true),
                          .rest = cJSON_CreateObject(),
                          .from_later = user_date_milliseconds(json_member(from, FIELD_LAST_LOGIN_AT)) >
                                        user_date_milliseconds(json_member(into, FIELD_LAST_LOGIN_AT))};
    const enum error_code code =
        merge.result != NULL && merge.rest != NULL ? add_all(&merge, error) : error_out_of_memory(error);
    *merged = code == ERROR_NONE ? merge.result : NULL;
    if (code != ERROR_NONE)
        json_free(merge.result);
    json_free(merge.rest);
    return code;
}
