/* SPDX-License-Identifier: MIT */
#include "program/session_check.h"

#include "base/json.h"
#include "base/text.h"
#include "program/stored_profile.h"

#include <stdio.h>

/* Decides by `session.on_store_outage` what a session is worth while the store cannot be asked. */
static enum error_code survive_outage(struct context *context, struct error *error) {
    const bool trusted = context->config->trust_on_outage;
    process_cache_drop_store(context->cache);
    response_note(context->response, "the session could not be checked, and is %s: %s",
                  trusted ? "trusted meanwhile" : "ended", error->cause);
    return trusted ? ERROR_NONE : error_set(error, ERROR_NOT_SIGNED_IN, "the session could not be checked");
}

/* Replaces the session's profile by the stored one, trimmed to what a page holds. */
static enum error_code replace_profile(struct context *context, struct session *session, const cJSON *stored,
                                       struct error *error) {
    cJSON *profile = session_trim(stored);
    if (profile == NULL)
        return error_out_of_memory(error);
    json_free(session->profile);
    session->profile = profile;
    session->checked = context->request->now;
    session->asked = true;
    return ERROR_NONE;
}

enum error_code session_check_take_over(struct context *context, struct session *session,
                                        const struct session_user *user, struct error *error) {
    cJSON *stored;
    if (user->document != NULL && !text_equal(session->provider, user->provider)) {
        snprintf(session->provider, sizeof session->provider, "%s", user->provider);
        session->signed_in = 0;
    }
    enum error_code code = stored_profile(context, user->document, session, &stored, error);
    if (code == ERROR_NONE)
        code = replace_profile(context, session, stored, error);
    json_free(stored);
    return code;
}

/* Asks the store whether the session lives, and takes the profile it has now. */
static enum error_code ask_store(struct context *context, struct session *session, struct error *error) {
    struct store *store = NULL;
    struct session_user user = {.document = NULL};
    enum error_code code = context_store(context, &store, error);
    if (code == ERROR_NONE)
        code = store_session_user(store, session->id, context->request->now, &user, error);
    if (code == ERROR_NONE)
        code = session_check_take_over(context, session, &user, error);
    else if (code == ERROR_STORE_UNAVAILABLE)
        code = survive_outage(context, error);
    json_free(user.document);
    return code;
}

enum error_code session_check_read(struct context *context, struct session *session, struct error *error) {
    const enum error_code code = session_read(context->config, context->request, session, error);
    if (code != ERROR_NONE || !session_is_due(context->config, context->request, session))
        return code;
    return ask_store(context, session, error);
}

enum error_code session_check_write(struct context *context, const struct session *session, struct error *error) {
    return session->asked ? session_write(context->config, context->request, session, context->response, error)
                          : ERROR_NONE;
}
