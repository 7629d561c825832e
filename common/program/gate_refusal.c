/* SPDX-License-Identifier: MIT */
#include "base/redirect.h"
#include "base/site_path.h"
#include "base/text.h"
#include "config/provider_outline.h"
#include "config/routes.h"
#include "program/gate_answer.h"
#include "program/gate_forwarded.h"
#include "program/page.h"
#include "program/reauth.h"
#include "program/return_to.h"
#include "program/session_check.h"
#include "session/profile_view.h"

#include <string.h>

/* True if a person opens a page, and no script, picture or frame of a page asks: the browser says so (Fetch Metadata
 * Request Headers), or an older one wants HTML and no library of scripts has put its name there. */
static bool is_page_load(const struct context *context, const struct gate_target *target) {
    const struct request *request = context->request;
    const char *mode = request_variable(request, "HTTP_SEC_FETCH_MODE");
    const char *destination = request_variable(request, "HTTP_SEC_FETCH_DEST");
    const char *accept = request_variable(request, "HTTP_ACCEPT");
    if ((target->method & (METHOD_GET | METHOD_HEAD)) == 0 || request->wants_json)
        return false;
    if (mode != NULL || request->fetch_site != NULL)
        return text_equal(mode, "navigate") && (destination == NULL || text_equal(destination, "document"));
    return accept != NULL && strcasestr(accept, "text/html") != NULL &&
           request_variable(request, "HTTP_X_REQUESTED_WITH") == NULL;
}

/* The login. */

/* Appends the address of the login page with the way back, unless that is no path that a login leads to, or too long
 * for the response. */
static bool append_login_url(const struct context *context, const struct gate_decision *decision, const char *back,
                             struct buffer *url) {
    char path[RETURN_TO_MAX + 1];
    buffer_cut(url, 0);
    buffer_append_text(url, context->config->base_url);
    route_append(url, ROUTE_LOGIN, NULL);
    if (back != NULL && redirect_encode(back, path) != REDIRECT_IS_LOCAL)
        return false;
    if (back != NULL)
        query_append_to_url(url, RETURN_TO_PARAMETER, path);
    reauth_append(decision->is_too_old, url);
    return url->len < LOGIN_URL_MAX;
}

/* The same, back to as much of the address as there can be: all, the path, nothing. */
static void make_login_url(const struct context *context, const struct gate_target *target,
                           const struct gate_decision *decision, struct buffer *url) {
    struct buffer back = BUFFER_EMPTY;
    site_path_append_encoded(&back, target->path);
    const size_t path_len = back.len;
    if (target->query != NULL)
        buffer_append_format(&back, "?%s", target->query);
    if (!append_login_url(context, decision, buffer_text(&back), url)) {
        buffer_cut(&back, path_len);
        if (!append_login_url(context, decision, buffer_text(&back), url))
            append_login_url(context, decision, NULL, url);
    }
    url->failed = url->failed || back.failed;
    buffer_free(&back);
}

/* The page for an account that is not let in. */

static enum error_code add_account(struct context *context, const struct session *session, struct view *view,
                                   struct error *error) {
    const struct provider_outline *outline;
    const enum error_code code = context_outline(context, session->provider, &outline, error);
    if (code != ERROR_NONE)
        return code;
    struct view account = view_object(view, "account");
    view_text(&account, "name", profile_display_name(session->profile));
    view_text(&account, "title", outline->title);
    return ERROR_NONE;
}

static enum error_code show_forbidden(struct context *context, const struct gate_decision *decision,
                                      const struct buffer *login_url, struct error *error) {
    struct view view = view_new();
    enum error_code code = ERROR_NONE;
    view_buffer(&view, "login_url", login_url);
    if (decision->signed_in)
        code = add_account(context, &decision->session, &view, error);
    if (code == ERROR_NONE)
        code = page_render(context, "forbidden", 403, &view, NULL, error);
    view_free(&view);
    return code;
}

/* Each kind of refusal. */

/* The status is all that the web server in front understands: 401 or 403. */
static void refuse_by_status(struct context *context, enum error_code code, const struct buffer *login_url) {
    response_empty(context->response, code == ERROR_NOT_SIGNED_IN ? 401 : 403);
    if (code == ERROR_NOT_SIGNED_IN)
        response_header_buffer(context->response, "X-Cgi-Login-Url", login_url);
}

static enum error_code refuse_openly(struct context *context, enum error_code code, bool page_load,
                                     const struct gate_decision *decision, const struct buffer *login_url,
                                     struct error *error) {
    if (code != ERROR_NOT_SIGNED_IN && code != ERROR_NOT_ALLOWED)
        page_error(context, code);
    else if (!page_load)
        page_problem(context, code, code == ERROR_NOT_SIGNED_IN ? login_url : NULL);
    else if (code == ERROR_NOT_SIGNED_IN)
        response_redirect(context->response, login_url);
    else
        return show_forbidden(context, decision, login_url, error);
    return ERROR_NONE;
}

/* What every refusal has. The cookie of a session that was checked goes last, into the room that is left; that of one
 * that has ended is removed, or the store would be asked about it again and again. */
static enum error_code add_headers(struct context *context, enum error_code code, const struct gate_decision *decision,
                                   struct error *error) {
    struct response *response = context->response;
    response->vary |= RESPONSE_VARY_COOKIE;
    if (code == ERROR_NOT_SIGNED_IN && !decision->signed_in)
        session_remove(context->request, response);
    return session_check_write(context, &decision->session, error);
}

enum error_code gate_refuse(struct context *context, enum error_code code, const struct gate_target *target,
                            const struct gate_decision *decision, struct error *error) {
    struct buffer login_url = BUFFER_EMPTY;
    enum error_code made = ERROR_NONE;
    if (target->way == GATE_AUTHORIZER && gate_authorizer_refuse(context))
        return ERROR_NONE;
    make_login_url(context, target, decision, &login_url);
    if (target->way == GATE_AUTH_REQUEST && gate_forwarded_wants_status(context->request))
        refuse_by_status(context, code, &login_url);
    else
        made = refuse_openly(context, code, is_page_load(context, target), decision, &login_url, error);
    buffer_free(&login_url);
    return made == ERROR_NONE ? add_headers(context, code, decision, error) : made;
}
