/* /logout: signs out, here and on the server. POST always; GET when the browser says that this site or the person
 * asked for it; any other GET shows a button, so that no link or picture elsewhere signs anybody out.
 * SPDX-License-Identifier: MIT */
#include "page.h"
#include "program.h"
#include "session.h"
#include "store.h"
#include "text.h"
#include "url.h"

#include <string.h>
#include <unistd.h>

static bool comes_from_here(const struct config *config, const struct request *request) {
    if (request->purpose != NULL && strstr(request->purpose, "prefetch") != NULL)
        return false; /* the browser looks ahead; nobody has clicked */
    if (request->fetch_site != NULL)
        return text_equal(request->fetch_site, "same-origin") || text_equal(request->fetch_site, "none");
    if (request->referer == NULL)
        return false;
    /* A Referer's path may hold anything; only its origin counts. */
    char origin[512];
    const char *host = strstr(request->referer, "://");
    const size_t len = host != NULL ? (size_t)(host - request->referer) + 3 + strcspn(host + 3, "/?#") : sizeof origin;
    if (len >= sizeof origin)
        return false;
    memcpy(origin, request->referer, len);
    origin[len] = '\0';
    return url_same_origin(origin, config->base_url);
}

/* The cookie goes in any case; that the session could not be ended on the server is for the operator to know. */
static void end_session(const struct config *config, const struct request *request, struct response *response) {
    struct session session;
    struct store *store = NULL;
    struct error error;
    if (session_read(config, request, &session) &&
        (store_open(config->store, config->home, &store, &error) != ERROR_NONE ||
         store_session_end(store, session.id, &error) != ERROR_NONE))
        response_note(response, "signed out in the browser only, a copy of the cookie stays valid: %s", error.cause);
    store_close(store);
    session_clear(&session);
    session_remove(request, response);
}

static enum error_code show_button(const struct config *config, const struct request *request,
                                   struct response *response, struct error *error) {
    struct session session;
    const bool signed_in = session_read(config, request, &session);
    session_clear(&session);
    cJSON *view = cJSON_CreateObject();
    cJSON_AddBoolToObject(view, "signed_in", signed_in);
    if (!request->wants_json)
        return page_render(config, request, "logout", 200, view, NULL, response, error);
    response_json(response, 200, "application/json", view);
    return ERROR_NONE;
}

static enum error_code handle(const struct config *config, const struct request *request, struct response *response,
                              struct error *error) {
    if (request->method == METHOD_HEAD || (request->method == METHOD_GET && !comes_from_here(config, request)))
        return show_button(config, request, response, error);
    end_session(config, request, response);
    if (request->wants_json) {
        cJSON *body = cJSON_CreateObject();
        cJSON_AddBoolToObject(body, "signed_in", false);
        response_json(response, 200, "application/json", body);
    } else {
        struct buffer home = BUFFER_EMPTY;
        buffer_append_format(&home, "%s%s", config->base_url, config->home_path);
        response_redirect(response, buffer_text(&home));
        buffer_free(&home);
    }
    return ERROR_NONE;
}

int main(void) {
    static const struct program program = {.name = "logout",
                                           .methods = METHOD_GET | METHOD_HEAD | METHOD_POST,
                                           .allow = "GET, HEAD, POST",
                                           .handle = handle};
    return program_run(&program, environ);
}
