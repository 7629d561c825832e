/* SPDX-License-Identifier: MIT */
#include "program/stored_profile.h"

#include "base/json.h"
#include "config/allow.h"
#include "config/provider_outline.h"
#include "session/gate_judgement.h"
#include "store/user.h"

static enum error_code check_allowed(struct context *context, const struct provider_outline *outline,
                                     const cJSON *profile, struct error *error) {
    const struct allow_account account = {outline->name, profile};
    allow_check(&outline->allow, &context->problems);
    if (!problems_none(&context->problems, 0))
        return problems_result(&context->problems, 0, error);
    if (!allow_admits(&outline->site_allow, &account))
        return error_set(error, ERROR_NOT_SIGNED_IN, "allow does not list this account any more");
    if (!allow_admits(&outline->allow, &account))
        return error_set(error, ERROR_NOT_SIGNED_IN, "providers.%s.allow does not list this account any more",
                         outline->name);
    return ERROR_NONE;
}

enum error_code stored_profile(struct context *context, const cJSON *user, struct session *session, cJSON **profile,
                               struct error *error) {
    const struct provider_outline *outline;
    cJSON *stored;
    *profile = NULL;
    enum error_code code = user_profile(user, session->provider, &stored, error);
    if (code == ERROR_NONE && stored == NULL)
        code = error_set(error, ERROR_NOT_SIGNED_IN, "the session has ended");
    if (code == ERROR_NONE)
        code = context_outline(context, session->provider, &outline, error);
    if (code == ERROR_NONE)
        code = check_allowed(context, outline, stored, error);
    if (code != ERROR_NONE) {
        json_free(stored);
        return code;
    }
    gate_judgement_make(context->config, session, stored);
    provider_outline_filter(outline, stored);
    *profile = stored;
    return ERROR_NONE;
}

enum error_code stored_user_find(struct context *context, const struct session *session, struct store **store,
                                 struct session_user *user, struct error *error) {
    enum error_code code = context_store(context, store, error);
    if (code == ERROR_NONE)
        code = store_session_user(*store, session->id, context->request->now, user, error);
    if (code == ERROR_NONE && user->document == NULL)
        code = error_set(error, ERROR_NOT_SIGNED_IN, "the session has ended");
    return code;
}
