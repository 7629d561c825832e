/* SPDX-License-Identifier: MIT */
#include "meta/data_request.h"

#include "base/json.h"
#include "store/document_fields.h"

#include <stdio.h>

/* Makes the second thing that is remembered where there was a user: the hash with a mark. */
static void mark(const struct data_request *data, char marked[SIGNED_REQUEST_HASH_SIZE + 1]) {
    snprintf(marked, SIGNED_REQUEST_HASH_SIZE + 1, "%s+", data->signed_request.hash);
}

static enum error_code find_user(struct data_request *data, int64_t now, struct error *error) {
    char marked[SIGNED_REQUEST_HASH_SIZE + 1];
    const char *provider = data->provider->name;
    const struct store_request whole = {.hash = data->signed_request.hash, .now = now};
    const struct store_request with_user = {.hash = marked, .now = now};
    const struct user_query query = {.provider = provider, .id = data->signed_request.user_id, .or_user_id = true};
    bool seen = false;
    mark(data, marked);
    enum error_code code = store_request(data->store, &whole, &seen, error);
    if (code == ERROR_NONE && seen)
        return store_request(data->store, &with_user, &data->had_user, error);
    if (code == ERROR_NONE)
        code = store_user_find(data->store, &query, &data->user, error);
    if (code == ERROR_NONE && data->user != NULL)
        data->id = json_string(json_member(data->user, provider), FIELD_ID);
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
    char marked[SIGNED_REQUEST_HASH_SIZE + 1];
    const struct store_request whole = {.hash = data->signed_request.hash, .now = now, .remember_until = until};
    const struct store_request with_user = {.hash = marked, .now = now, .remember_until = until};
    enum error_code code = ERROR_NONE;
    bool seen;
    mark(data, marked);
    if (data->id != NULL || data->had_user)
        code = store_request(data->store, &with_user, &seen, error);
    if (code == ERROR_NONE)
        code = store_request(data->store, &whole, &seen, error);
    return code;
}

void data_request_close(struct data_request *data) {
    json_free(data->user);
}
