/* /profile. GET: the page of who is signed in; asks the store only when the session is due for it. POST: what its two
 * buttons do, which is to sign out everywhere and to delete the account.
 * SPDX-License-Identifier: MIT */
#include "anti_forgery.h"
#include "json.h"
#include "page.h"
#include "profile_view.h"
#include "program.h"
#include "provider.h"
#include "session.h"
#include "store.h"
#include "text.h"
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

static enum error_code show_json(const struct session *session, const char *token, struct response *response) {
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "provider", session->provider);
    cJSON_AddItemToObject(body, "user", cJSON_Duplicate(session->profile, true));
    response_json(response, 200, "application/json", body);
    response_header(response, "X-CSRF-Token", token);
    return ERROR_NONE;
}

/* The page, or with `template` another of the signed-in user's. */
static enum error_code show_page(const struct config *config, const struct request *request,
                                 const struct session *session, const char *template, const char *token,
                                 struct response *response, struct error *error) {
    struct problems problems = {.count = 0};
    struct provider *provider = NULL;
    enum error_code code = provider_load(config, session->provider, &provider, &problems, error);
    if (code == ERROR_NONE) {
        cJSON *view = profile_view(session->profile, provider->title);
        struct buffer start = BUFFER_EMPTY;
        page_append_url(&start, request, "start", session->provider);
        cJSON_AddStringToObject(view, ANTI_FORGERY_FIELD, token);
        cJSON_AddStringToObject(view, "start_url", buffer_text(&start));
        buffer_free(&start);
        code = page_render(config, request, template, 200, view, profile_picture(session->profile), response, error);
    }
    provider_free(provider);
    problems_clear(&problems);
    return code;
}

static enum error_code show(const struct config *config, const struct request *request, const struct session *session,
                            const char *template, struct response *response, struct error *error) {
    char token[ANTI_FORGERY_SIZE];
    if (!anti_forgery_token(config, session, token))
        return error_out_of_memory(error);
    return request->wants_json ? show_json(session, token, response)
                               : show_page(config, request, session, template, token, response, error);
}

/* Signed out here: to the home page, or the same as JSON. */
static enum error_code leave(const struct config *config, const struct request *request, bool deleted,
                             struct response *response) {
    struct buffer home = BUFFER_EMPTY;
    session_remove(request, response);
    if (request->wants_json) {
        cJSON *body = cJSON_CreateObject();
        cJSON_AddBoolToObject(body, "signed_in", false);
        cJSON_AddBoolToObject(body, "deleted", deleted);
        response_json(response, 200, "application/json", body);
    } else {
        buffer_append_format(&home, "%s%s", config->base_url, config->home_path);
        response_redirect(response, buffer_text(&home));
    }
    buffer_free(&home);
    return ERROR_NONE;
}

/* Does what the button says; the session must live on the server, not only in a cookie. */
static enum error_code act(const struct config *config, const struct request *request, const struct session *session,
                           bool delete_account, struct response *response, struct error *error) {
    const char *id = json_string(session->profile, "id");
    struct store *store = NULL;
    cJSON *user = NULL;
    bool deleted = false;
    enum error_code code = store_open(config->store, config->home, &store, error);
    if (code == ERROR_NONE)
        code = store_session_user(store, session->id, request->now * 1000, &user, error);
    if (code == ERROR_NONE && (user == NULL || id == NULL))
        code = error_set(error, ERROR_NOT_SIGNED_IN, "the session has ended");
    if (code == ERROR_NONE)
        code = delete_account ? store_user_delete(store, session->provider, id, &deleted, error)
                              : store_sessions_end(store, session->provider, id, error);
    if (code == ERROR_NONE)
        code = leave(config, request, delete_account, response);
    json_free(user);
    store_close(store);
    return code;
}

static enum error_code handle_post(const struct config *config, const struct request *request,
                                   const struct session *session, struct response *response, struct error *error) {
    const char *action = query_get(&request->form, "action");
    const bool confirmed = text_equal(query_get(&request->form, "confirm"), "yes");
    const bool delete_account = text_equal(action, "delete");
    if (!anti_forgery_holds(config, request, session))
        return error_set(error, ERROR_BAD_REQUEST, "the form does not hold this session's anti-forgery token");
    if (!delete_account && !text_equal(action, "sign_out_everywhere"))
        return error_set(error, ERROR_BAD_REQUEST, "the form names no action that there is");
    if (delete_account && !confirmed)
        return request->wants_json ? error_set(error, ERROR_BAD_REQUEST, "deleting wants confirm=yes")
                                   : show(config, request, session, "delete", response, error);
    return act(config, request, session, delete_account, response, error);
}

static enum error_code handle(const struct config *config, const struct request *request, struct response *response,
                              struct error *error) {
    struct session session;
    enum error_code code = ERROR_NONE;
    if (!session_read(config, request, &session))
        code = error_set(error, ERROR_NOT_SIGNED_IN, "no session");
    else if (request->method == METHOD_POST)
        code = handle_post(config, request, &session, response, error);
    else if (session_is_due(config, request, &session))
        code = recheck(config, request, &session, response, error);
    if (code == ERROR_NONE && request->method != METHOD_POST)
        code = show(config, request, &session, "profile", response, error);
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
    static const struct program program = {.name = "profile",
                                           .methods = METHOD_GET | METHOD_HEAD | METHOD_POST,
                                           .allow = "GET, HEAD, POST",
                                           .takes_form = true,
                                           .handle = handle,
                                           .fail = fail};
    return program_run(&program, environ);
}
