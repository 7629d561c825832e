/* SPDX-License-Identifier: MIT */
#include "program/repeated_login.h"

#include "base/json.h"
#include "program/stored_profile.h"
#include "store/login.h"

enum error_code repeated_login_is_reload(struct context *context, const char *state, bool *reload,
                                         struct error *error) {
    char id[SESSION_ID_SIZE];
    struct session session;
    *reload = false;
    enum error_code code = session_read(context->config, context->request, &session, error);
    if (code == ERROR_NONE && !session_id_from_state(context->config, state, id))
        code = error_out_of_memory(error);
    if (code == ERROR_NONE)
        *reload = sodium_memcmp(id, session.id, sizeof id) == 0;
    session_clear(&session);
    return code == ERROR_NOT_SIGNED_IN ? ERROR_NONE : code;
}

static enum error_code sign_in_again(struct context *context, struct store *store, const struct login *login,
                                     struct session *session, struct error *error) {
    struct session_user user = {.document = NULL};
    if (context->request->now > login->signed_in + LOGIN_REPEAT_SECONDS)
        return error_set(error, ERROR_EXPIRED_LOGIN, "this login was already used");
    enum error_code code = store_session_user(store, session->id, context->request->now, &user, error);
    if (code == ERROR_NONE)
        code = stored_profile(context, user.document, session, &session->profile, error);
    json_free(user.document);
    session->signed_in = login->signed_in;
    session->expires = login->expires;
    return code == ERROR_NOT_SIGNED_IN ? ERROR_EXPIRED_LOGIN : code;
}

enum error_code repeated_login_join(struct context *context, struct store *store, struct session *session,
                                    struct error *error) {
    const struct login_wait wait = {session->id, context->request->now, context->config->callback_seconds};
    struct login login;
    const enum error_code code = login_await(store, &wait, &login, error);
    if (code != ERROR_NONE)
        return code;
    switch (login.state) {
    case LOGIN_SIGNED_IN: return sign_in_again(context, store, &login, session, error);
    case LOGIN_FAILED: return error_set(error, login.failure, "this login was asked for again; it had failed");
    case LOGIN_RUNNING:
        return error_set(error, ERROR_LOGIN_INTERRUPTED, "a login was begun, and nothing has come of it");
    case LOGIN_ENDED:
    case LOGIN_UNKNOWN: break;
    }
    return error_set(error, ERROR_EXPIRED_LOGIN, "this login was already used, and has ended");
}
