/* GET /profile: the page of who is signed in. Asks the store only when the session is due for it.
 * SPDX-License-Identifier: MIT */
#include "json.h"
#include "page.h"
#include "profile_view.h"
#include "program.h"
#include "provider.h"
#include "session.h"
#include "store.h"
#include "user.h"

#include <unistd.h>

/* The store cannot be asked: `session.on_store_outage` decides. */
static enum error_code survive_outage(const struct config *config, struct response *response, struct error *error) {
    response_note(response, "the session could not be checked, and is %s: %s",
                  config->trust_on_outage ? "trusted meanwhile" : "ended", error->cause);
    return config->trust_on_outage ? ERROR_NONE
                                   : error_set(error, ERROR_NOT_SIGNED_IN, "the session could not be checked");
}

/* Asks the store whether the session lives, and takes the profile it has now. */
static enum error_code recheck(const struct config *config, const struct request *request, struct session *session,
                               struct response *response, struct error *error) {
    struct store *store = NULL;
    cJSON *user = NULL;
    cJSON *stored = NULL;
    enum error_code code = store_open(config->store, config->home, &store, error);
    if (code == ERROR_NONE)
        code = store_session_user(store, session->id, request->now * 1000, &user, error);
    if (code != ERROR_NONE) {
        code = survive_outage(config, response, error);
        goto done;
    }
    stored = user != NULL ? user_profile(user, session->provider) : NULL;
    if (stored == NULL) {
        code = error_set(error, ERROR_NOT_SIGNED_IN, "the session has ended");
        goto done;
    }
    json_free(session->profile);
    /* What another program keeps beside our fields is not ours to show. */
    session->profile = session_trim(stored, 0);
    session->checked = request->now;
    code = session->profile != NULL ? session_write(config, request, session, response, error)
                                    : error_out_of_memory(error);
done:
    json_free(stored);
    json_free(user);
    store_close(store);
    return code;
}

static enum error_code show(const struct config *config, const struct request *request, const struct session *session,
                            struct response *response, struct error *error) {
    struct problems problems = {.count = 0};
    struct provider *provider = NULL;
    if (request->wants_json) {
        cJSON *body = cJSON_CreateObject();
        cJSON_AddStringToObject(body, "provider", session->provider);
        cJSON_AddItemToObject(body, "user", cJSON_Duplicate(session->profile, true));
        response_json(response, 200, "application/json", body);
        return ERROR_NONE;
    }
    enum error_code code = provider_load(config, session->provider, &provider, &problems, error);
    if (code == ERROR_NONE)
        code = page_render(config, request, "profile", 200, profile_view(session->profile, provider->title),
                           profile_picture(session->profile), response, error);
    provider_free(provider);
    problems_clear(&problems);
    return code;
}

static enum error_code handle(const struct config *config, const struct request *request, struct response *response,
                              struct error *error) {
    struct session session;
    enum error_code code = ERROR_NONE;
    if (!session_read(config, request, &session))
        code = error_set(error, ERROR_NOT_SIGNED_IN, "no session");
    else if (session_is_due(config, request, &session))
        code = recheck(config, request, &session, response, error);
    if (code == ERROR_NONE)
        code = show(config, request, &session, response, error);
    session_clear(&session);
    return code;
}

/* A browser goes home; a client that wants JSON is told. */
static void fail(const struct config *config, const struct request *request, enum error_code code,
                 struct response *response) {
    struct buffer home = BUFFER_EMPTY;
    if (code == ERROR_NOT_SIGNED_IN)
        session_remove(request, response);
    if (code == ERROR_NOT_SIGNED_IN && !request->wants_json) {
        buffer_append_format(&home, "%s%s", config->base_url, config->home_path);
        response_redirect(response, buffer_text(&home));
    } else {
        page_error(config, request, code, response);
    }
    buffer_free(&home);
}

int main(void) {
    static const struct program program = {"profile", METHOD_GET | METHOD_HEAD, "GET, HEAD", handle, fail};
    return program_run(&program, environ);
}
