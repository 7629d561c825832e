/* /logout: signs out, here and on the server. POST always; GET when the browser says that this site or the person
 * asked for it; any other GET shows a button, so that no link or picture elsewhere signs anybody out.
 * SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "base/url.h"
#include "program/answer.h"
#include "program/program.h"
#include "program/provider_logout.h"
#include "session/session.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool comes_from_here(struct context *context) {
    if (context->request->is_prefetch)
        return false;
    if (context->request->fetch_site != NULL)
        return text_equal(context->request->fetch_site, "same-origin") ||
               text_equal(context->request->fetch_site, "none");
    if (context->request->referer == NULL)
        return false;
    /* The path of a Referer may hold anything, so only its origin is read. */
    char origin[512];
    const char *host = strstr(context->request->referer, "://");
    const size_t len =
        host != NULL ? (size_t)(host - context->request->referer) + 3 + strcspn(host + 3, "/?#") : sizeof origin;
    if (len >= sizeof origin)
        return false;
    memcpy(origin, context->request->referer, len);
    origin[len] = '\0';
    return url_same_origin(origin, context->config->base_url);
}

/* What the buttons of our pages ask for: a home page that says that it is done. Who only links here gets the home page
 * as it is. */
static const char *find_notice(const struct request *request) {
    const char *value;
    const bool wanted = query_find(&request->query, "notice", &value) == QUERY_FOUND && text_equal(value, "1");
    return wanted ? DONE_SIGNED_OUT : NULL;
}

/* Removes the cookie even if the store cannot be reached. If the session could not be ended on the server, a note tells
 * the operator. `provider` becomes the one that it was made with; "" for none. */
static enum error_code end_session(struct context *context, char provider[PROVIDER_NAME_MAX + 1], struct error *error) {
    struct session session;
    struct store *store = NULL;
    enum error_code code = session_read(context->config, context->request, &session, error);
    snprintf(provider, PROVIDER_NAME_MAX + 1, "%s", code == ERROR_NONE ? session.provider : "");
    if (code == ERROR_NONE)
        code = context_store(context, &store, error);
    if (code == ERROR_NONE)
        code = store_session_end(store, session.id, error);
    session_clear(&session);
    if (code == ERROR_STORE_UNAVAILABLE) {
        response_note(context->response, "signed out in the browser only, a copy of the cookie stays valid: %s",
                      error->cause);
        process_cache_drop_store(context->cache);
    } else if (code != ERROR_NONE && code != ERROR_NOT_SIGNED_IN) {
        return code;
    }
    session_remove(context->request, context->response);
    return ERROR_NONE;
}

static enum error_code show_button(struct context *context, struct error *error) {
    struct session session;
    enum error_code code = session_read(context->config, context->request, &session, error);
    const bool signed_in = code == ERROR_NONE;
    session_clear(&session);
    if (!signed_in && code != ERROR_NOT_SIGNED_IN)
        return code;
    struct view view = view_new();
    view_bool(&view, "signed_in", signed_in);
    code = answer_page(context, "logout", &view, NULL, error);
    view_free(&view);
    return code;
}

/* Sends the browser on to log out at the provider, too. A form gets a page that does so: the page with the form has the
 * policy form-action 'self', and browsers hold a redirect that follows a form to it, too (CSP 3, section 6.4.1). */
static enum error_code leave(struct context *context, struct view *body, const struct buffer *url,
                             struct error *error) {
    if (context->request->method != METHOD_POST || context->request->wants_json) {
        answer_redirect(context, url, body);
        return ERROR_NONE;
    }
    struct buffer refresh = BUFFER_EMPTY;
    buffer_append_format(&refresh, "0; url=%s", buffer_text(url));
    refresh.failed = refresh.failed || url->failed;
    response_header_buffer(context->response, "Refresh", &refresh);
    buffer_free(&refresh);
    return answer_page(context, "logout", body, NULL, error);
}

static enum error_code handle(struct context *context, struct error *error) {
    char provider[PROVIDER_NAME_MAX + 1];
    const char *title = NULL;
    struct buffer url = BUFFER_EMPTY;
    if (context->request->method == METHOD_HEAD ||
        (context->request->method == METHOD_GET && !comes_from_here(context)))
        return show_button(context, error);
    enum error_code code = end_session(context, provider, error);
    if (code == ERROR_NONE && *provider != '\0')
        code = provider_logout_url(context, provider, &url, &title, error);
    if (code == ERROR_NONE) {
        struct view body = view_new();
        view_bool(&body, "signed_in", false);
        if (url.len != 0) {
            view_text(&body, "provider_title", title);
            view_buffer(&body, "end_session_url", &url);
            code = leave(context, &body, &url, error);
        } else {
            answer_home(context, find_notice(context->request), &body);
        }
        view_free(&body);
    }
    buffer_free(&url);
    return code;
}

int main(void) {
    static const struct program program = {.name = "logout",
                                           .methods = METHOD_GET | METHOD_HEAD | METHOD_POST,
                                           .store = process_cache_store,
                                           .handle = handle};
    return program_run(&program, environ);
}
