/* GET /auth/{provider}: sends the browser to the provider to log in, with a state that only this browser can bring back.
 * SPDX-License-Identifier: MIT */
#include "page.h"
#include "pending_login.h"
#include "program.h"
#include "provider.h"
#include "redirect.h"
#include "session.h"
#include "text.h"

#include <unistd.h>

static void answer(const struct request *request, const char *url, struct response *response) {
    if (!request->wants_json) {
        response_redirect(response, url);
        return;
    }
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "authorize_url", url);
    response_json(response, 200, "application/json", body);
}

/* ?reauth=1: a page wants a fresh login, and the last one is older than `session.max_age`. */
static bool needs_reauth(const struct config *config, const struct request *request) {
    struct session session;
    if (!text_equal(query_get(&request->query, "reauth"), "1"))
        return false;
    const bool fresh = session_read(config, request, &session) &&
                       request->now - session.signed_in <= config->session_max_age && config->session_max_age != 0;
    session_clear(&session);
    return !fresh;
}

static enum error_code handle(const struct config *config, const struct request *request, struct response *response,
                              struct error *error) {
    const char *name = provider_choose(config, request->provider);
    const char *return_to = query_get(&request->query, "return_to");
    struct problems problems = {.count = 0};
    struct pending_login login = {.state = ""};
    struct buffer url = BUFFER_EMPTY;
    struct provider *provider = NULL;
    if (name == NULL)
        return error_set(error, ERROR_NOT_FOUND, "no such provider, or none named and no default_provider");
    enum error_code code = provider_load(config, name, &provider, &problems, error);
    if (code != ERROR_NONE)
        goto done;
    code = pending_login_begin(config, request, name, redirect_is_local_path(return_to) ? return_to : NULL, &login,
                               response, error);
    if (code != ERROR_NONE)
        goto done;
    pending_login_authorize_url(provider, &login, needs_reauth(config, request), &url);
    answer(request, buffer_text(&url), response);
done:
    buffer_free(&url);
    pending_login_clear(&login);
    provider_free(provider);
    problems_clear(&problems);
    return code;
}

int main(void) {
    static const struct program program = {.name = "start", .methods = METHOD_GET | METHOD_HEAD, .allow = "GET, HEAD", .handle = handle};
    return program_run(&program, environ);
}
