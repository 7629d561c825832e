/* SPDX-License-Identifier: MIT */
#include "meta/data_request.h"

#include "base/json.h"
#include "store/document_fields.h"
#include "store/user.h"

#include <stdio.h>
#include <string.h>

/* What is remembered of a request: its hash, and the hash with a mark for each of these that was so. */
static const char HAD_USER = '+', HAS_OTHER = '=';

struct mark {
    char text[SIGNED_REQUEST_HASH_SIZE + 1];
};

static struct mark make_mark(const struct data_request *data, char sign) {
    struct mark mark;
    snprintf(mark.text, sizeof mark.text, "%s%c", data->signed_request.hash, sign);
    return mark;
}

/* Asks whether the request was remembered with the mark, and remembers it until then; 0: only asks. */
static enum error_code handle_mark(const struct data_request *data, char sign, struct store_request request, bool *seen,
                                   struct error *error) {
    const struct mark mark = make_mark(data, sign);
    request.hash = mark.text;
    return store_request(data->store, &request, seen, error);
}

static bool has_other_account(const cJSON *document, const char *provider) {
    for (const cJSON *member = document->child; member != NULL; member = member->next)
        if (user_is_account(member) && strcmp(member->string, provider) != 0)
            return true;
    return false;
}

static enum error_code find_user(struct data_request *data, int64_t now, struct error *error) {
    const char *provider = data->provider->name;
    const struct store_request ask = {.hash = data->signed_request.hash, .now = now};
    const struct user_query query = {.provider = provider, .id = data->signed_request.user_id, .or_user_id = true};
    bool seen = false;
    enum error_code code = store_request(data->store, &ask, &seen, error);
    if (code == ERROR_NONE && seen) {
        code = handle_mark(data, HAD_USER, ask, &data->had_user, error);
        return code == ERROR_NONE && data->had_user ? handle_mark(data, HAS_OTHER, ask, &data->has_other, error) : code;
    }
    if (code == ERROR_NONE)
        code = store_user_find(data->store, &query, &data->user, error);
    if (code == ERROR_NONE && data->user != NULL) {
        data->id = json_string(json_member(data->user, provider), FIELD_ID);
        data->has_other = has_other_account(data->user, provider);
    }
    return code;
}

enum error_code data_request_open(struct context *context, const char *purpose, struct data_request *data,
                                  struct error *error) {
    *data = (struct data_request){.provider = context->provider};
    const char *text;
    enum error_code code = query_read(&context->form, "signed_request", &text, error);
    if (code == ERROR_NONE)
        code = signed_request_read(text, context->provider->client_secret, context->request->now, purpose,
                                   &data->signed_request, error);
    if (code == ERROR_NONE)
        code = context_store(context, &data->store, error);
    return code == ERROR_NONE ? find_user(data, context->request->now, error) : code;
}

enum error_code data_request_done(struct data_request *data, int64_t now, struct error *error) {
    /* A hash is kept twice as long as a request is valid, since clocks differ. */
    const int64_t until = now + SIGNED_REQUEST_SECONDS + SIGNED_REQUEST_SECONDS;
    const struct store_request request = {.hash = data->signed_request.hash, .now = now, .remember_until = until};
    enum error_code code = ERROR_NONE;
    bool seen;
    if (data->id != NULL || data->had_user)
        code = handle_mark(data, HAD_USER, request, &seen, error);
    if (code == ERROR_NONE && data->has_other)
        code = handle_mark(data, HAS_OTHER, request, &seen, error);
    return code == ERROR_NONE ? store_request(data->store, &request, &seen, error) : code;
}

void data_request_close(struct data_request *data) {
    json_free(data->user);
}
