/* POST /auth/{provider}/deauthorize: Meta tells that a person has removed the app. Forgets the token of that
 * account and ends all sessions of the user, who stays, with every other account.
 * SPDX-License-Identifier: MIT */
#include "base/json.h"
#include "meta/data_request.h"
#include "program/program.h"
#include "store/token_record.h"

#include <unistd.h>

static enum error_code forget(const struct data_request *data, int64_t now, struct error *error) {
    cJSON *patch = token_record_removal_patch();
    const struct account_change change = {.provider = data->provider->name, .id = data->id, .now = now, .patch = patch};
    bool changed;
    enum error_code code =
        patch != NULL ? store_account_change(data->store, &change, &changed, error) : error_out_of_memory(error);
    if (code == ERROR_NONE)
        code = store_sessions_end(data->store, data->provider->name, data->id, error);
    json_free(patch);
    return code;
}

static enum error_code handle(struct context *context, struct error *error) {
    struct data_request data;
    enum error_code code = data_request_open(context, "deauthorize", &data, error);
    if (code == ERROR_NONE && data.id != NULL)
        code = forget(&data, context->request->now, error);
    if (code == ERROR_NONE)
        code = data_request_done(&data, context->request->now, error);
    struct view nothing = view_new();
    if (code == ERROR_NONE)
        response_json(context->response, 200, "application/json", &nothing);
    view_free(&nothing);
    data_request_close(&data);
    return code;
}

int main(void) {
    static const struct program program = {.name = "deauthorize",
                                           .methods = METHOD_POST,
                                           .wants = CONTEXT_PROVIDER | CONTEXT_FORM,
                                           .store = process_cache_store,
                                           .handle = handle};
    return program_run(&program, environ);
}
