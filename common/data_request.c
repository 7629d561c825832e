/* SPDX-License-Identifier: MIT */
#include "data_request.h"

#include "json.h"

static enum error_code read_signed_request(const struct context *context, struct data_request *data,
                                           struct error *error) {
    const struct config *config = context->config;
    const struct request *request = context->request;
    const char *name = provider_choose(config, request->provider);
    struct problems problems = {.count = 0};
    if (name == NULL)
        return error_set(error, ERROR_NOT_FOUND, "no such provider, or none named and no default_provider");
    enum error_code code = provider_load(config, name, &data->provider, &problems, error);
    if (code == ERROR_NONE)
        code = signed_request_read(query_get(&request->form, "signed_request"), data->provider->client_secret,
                                   request->now, &data->signed_request, error);
    problems_clear(&problems);
    return code;
}

enum error_code data_request_open(struct context *context, struct data_request *data, struct error *error) {
    bool seen = false;
    *data = (struct data_request){.provider = NULL};
    enum error_code code = read_signed_request(context, data, error);
    if (code == ERROR_NONE)
        code = kept_store(context->kept, context->config, &data->store, error);
    if (code == ERROR_NONE)
        code = store_request_seen(data->store, data->signed_request.hash, context->request->now * 1000, &seen, error);
    if (code == ERROR_NONE && !seen)
        code = store_user_find_either(data->store, data->provider->name, data->signed_request.user_id, &data->user,
                                      error);
    if (code == ERROR_NONE && data->user != NULL)
        data->id = json_string(json_member(data->user, data->provider->name), "id");
    return code;
}

enum error_code data_request_done(struct data_request *data, int64_t now, struct error *error) {
    /* Twice as long as a request is valid: clocks differ. */
    return store_request_remember(data->store, data->signed_request.hash, now * 1000,
                                  (now + 2 * SIGNED_REQUEST_SECONDS) * 1000, error);
}

void data_request_close(struct data_request *data) {
    json_free(data->user);
    provider_free(data->provider);
}
