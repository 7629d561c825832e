/* GET /auth/{provider}/callback: the browser comes back from the provider with an authorization code (RFC 6749, section
 * 4.1.2). Checks the state, exchanges the code for a token, reads the account, saves it, signs in.
 * SPDX-License-Identifier: MIT */
#include "base/deadline.h"
#include "base/json.h"
#include "base/text.h"
#include "config/own_host.h"
#include "config/profile_field.h"
#include "config/provider.h"
#include "config/routes.h"
#include "oauth/authorization_response.h"
#include "oauth/callback_user.h"
#include "oauth/code_redemption.h"
#include "oauth/pending_login.h"
#include "openid/signed_claims.h"
#include "program/answer.h"
#include "program/login_discovery.h"
#include "program/page.h"
#include "program/posted_response.h"
#include "program/program.h"
#include "program/provider_watch.h"
#include "program/repeated_login.h"
#include "session/agent.h"
#include "session/gate_judgement.h"
#include "session/last_provider.h"
#include "session/session.h"
#include "store/store.h"
#include "store/token_record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A person's account: what may be shown of it, and what may not. */
struct account {
    cJSON *profile;
    bool in_part; /* not all of it was asked for, or the provider refused some */
    struct credentials credentials;
    const char *sid; /* of the session at the provider, or NULL; the redemption's */
};

/* What a login is carried out with. */
struct attempt {
    const struct pending_login *login;
    struct session *session; /* that it is to make */
    struct store *store;
};

/* When the provider must have responded for the last time: what is left of callback_seconds is the store's. */
static struct deadline provider_deadline(struct deadline end) {
    enum { STORE_SHARE = 5, STORE_MOST_MS = 2000 };
    const int64_t left = deadline_left(end);
    return deadline_in(left - (left / STORE_SHARE < STORE_MOST_MS ? left / STORE_SHARE : STORE_MOST_MS));
}

/* Opens the store. The claim may take half of the time: one that comes too late for the provider would cost the login,
 * while a store that is given up costs nothing but another try. */
static enum error_code open_store(struct context *context, struct deadline end, struct store **store,
                                  struct error *error) {
    const enum error_code code = context_store(context, store, error);
    if (code == ERROR_NONE)
        store_limit(*store, deadline_in(deadline_left(end) / 2));
    return code;
}

/* Begins to connect to the provider. Opening the store comes before: it touches no network, but it sets variables of
 * the environment, which must not change while threads run. */
static enum error_code begin(struct context *context, const struct code_grant *grant, struct deadline end,
                             struct code_redemption *redemption, struct error *error) {
    const struct deadline deadline = provider_deadline(end);
    struct http_client *client = NULL;
    enum issuer_state state;
    enum error_code code = login_discover(context, deadline, &state, error);
    if (code == ERROR_NONE)
        code = identity_open(&redemption->identity, context->config, context->provider, context->request->now, error);
    if (code == ERROR_NONE)
        code = process_cache_http_client(context->cache, context->config, &client, error);
    if (code != ERROR_NONE)
        return code;
    identity_expect(&redemption->identity, grant->verifier, state);
    return code_redemption_open(redemption, client, context->provider, grant, deadline, error);
}

/* Notes what could not be had beside the profile. */
static void note_details(struct context *context, const struct code_redemption *redemption) {
    const char *line = buffer_text(&redemption->detail_remarks);
    while (*line != '\0') {
        const size_t len = strcspn(line, "\n");
        response_note(context->response, "%.*s", (int)len, line);
        line += len + (line[len] == '\n');
    }
    if (redemption->account.groups_cut)
        response_note(context->response, "the account has more than %d groups; the rest is not known", GROUPS_MAX);
}

/* Takes what comes for the code. Where the provider fails to give a long-lived token, the login goes on
 * with the short-lived one; the next login or `cgi-login refresh` tries again. */
static enum error_code fetch_account(struct context *context, struct code_redemption *redemption,
                                     struct account *account, struct error *error) {
    const enum error_code code = code_redemption_take(redemption, error);
    provider_watch_note(context, code);
    /* Also for who is kept out: that may be why. */
    note_details(context, redemption);
    if (code != ERROR_NONE)
        return code;
    if (redemption->issuer_remark.cause[0] != '\0')
        response_note(context->response, "what is kept of the issuer is old and stays: %s",
                      redemption->issuer_remark.cause);
    if (*redemption->short_lived_because != '\0')
        response_note(context->response,
                      "the short-lived token stays, since the exchange for a long-lived one failed: %s",
                      redemption->short_lived_because);
    if (redemption->token.remark != NULL)
        response_note(context->response, "%s", redemption->token.remark);
    if (redemption->account.remark != NULL)
        response_note(context->response, "%s", redemption->account.remark);
    account->in_part = redemption->account.in_part;
    account->profile = redemption->account.profile;
    redemption->account.profile = NULL;
    account->sid = signed_claims_text(redemption->token.claims, "sid", SESSION_SID_MAX);
    return token_record_make(context->config, context->provider->name, json_string(account->profile, PROFILE_ID),
                             &redemption->token, context->request->now, &account->credentials, error);
}

/* Ends the session that this browser had until now. Without its cookie nobody could sign it out any more (OWASP ASVS
 * 5.0, 7.2.4). */
static void end_older(struct context *context, struct store *store, const char *session_id) {
    struct session older;
    struct error error;
    enum error_code code = session_read(context->config, context->request, &older, &error);
    if (code == ERROR_NONE && strcmp(older.id, session_id) != 0)
        code = store_session_end(store, older.id, &error);
    if (code != ERROR_NONE && code != ERROR_NOT_SIGNED_IN)
        response_note(context->response, "the older session of this browser stays valid: %s", error.cause);
    session_clear(&older);
}

static bool is_link(const struct pending_login *login) {
    return *login->link_to != '\0';
}

/* Saves user and session in one step. */
static enum error_code sign_in(struct context *context, const struct attempt *attempt, const struct account *account,
                               struct error *error) {
    const struct session *session = attempt->session;
    char agent[AGENT_SIZE];
    agent_describe(context->request->user_agent, agent);
    const struct sign_in record = {.provider = session->provider,
                                   .id = json_string(session->profile, PROFILE_ID),
                                   .profile = session->profile,
                                   .credentials = &account->credentials,
                                   .session_id = session->id,
                                   .now = context->request->now,
                                   .session_expires = session->expires,
                                   .link_to = is_link(attempt->login) ? attempt->login->link_to : NULL,
                                   .agent = agent,
                                   .sid = account->sid};
    const enum error_code code = store_sign_in(attempt->store, &record, error);
    /* The session that asked for the link was ended meanwhile. */
    return code == ERROR_NOT_SIGNED_IN ? ERROR_LINK_REFUSED : code;
}

static void land(struct context *context, const char *return_to) {
    struct buffer url = BUFFER_EMPTY;
    struct view body = view_new();
    const char *path = *return_to != '\0' ? return_to : context->config->success;
    buffer_append_format(&url, "%s%s", context->config->base_url, path);
    view_text(&body, "provider", context->provider->name);
    view_buffer(&body, "location", &url);
    /* A browser keeps a fragment over a redirect that has none of its own (RFC 9110, section 10.2.2); an empty one is
     * one. */
    if (context->provider->appends_fragment && strchr(path, '#') == NULL)
        buffer_append_char(&url, '#');
    answer_redirect(context, &url, &body);
    view_free(&body);
    buffer_free(&url);
}

/* True for what the visitor is told with the provider's name. */
static bool is_about_provider(enum error_code code) {
    return code == ERROR_ACCESS_DENIED || error_describe(code)->status == 502;
}

/* Whoever is signed in goes back to the page that the login began on, which is the one of their accounts. */
static void fail(struct context *context, enum error_code code) {
    struct buffer url = BUFFER_EMPTY;
    buffer_append_text(&url, context->config->base_url);
    if (context->is_link)
        route_append_link(&url, context->request, ROUTE_PROFILE, NULL);
    else
        buffer_append_text(&url, context->config->failure);
    if (context->is_link)
        query_append_to_url(&url, "accounts", "1");
    query_append_to_url(&url, "error", error_describe(code)->query);
    /* Where there is one alone, the page knows which it was. */
    if (is_about_provider(code) && !context->is_link && cJSON_GetArraySize(context->config->providers) > 1)
        failed_provider_remember(context->provider->name, context->response);
    answer_failure_redirect(context, code, &url);
    buffer_free(&url);
}

/* Claims the login, before its code is spent: a provider that gets a code twice may revoke the token that it gave for
 * it (RFC 6749, section 4.1.2). From here on it cannot be claimed again, whatever comes of it. */
static enum error_code claim(struct context *context, struct store *store, const char *session_id, bool *claimed,
                             struct error *error) {
    const int64_t now = context->request->now;
    const struct login_claim claim = {
        .session_id = session_id, .now = now, .remember_until = now + LOGIN_CLAIM_SECONDS};
    return store_login_claim(store, &claim, claimed, error);
}

/* Carries out the login that was claimed: from the code to a signed-in user. A failure is kept for who comes with the
 * same login again, but for one of the store, which could not be told. */
static enum error_code carry_out(struct context *context, struct code_redemption *redemption,
                                 const struct attempt *attempt, struct error *error) {
    struct session *session = attempt->session;
    struct account account = {.profile = NULL};
    struct error unkept;
    /* MongoDB cannot be told how long it may take. That is no fault of the provider. */
    if (deadline_left(redemption->deadline) == 0)
        return error_set(error, ERROR_STORE_UNAVAILABLE,
                         "the store took so long that callback_seconds leaves no time for the provider");
    code_redemption_send(redemption);
    /* While the provider thinks. */
    store_tidy(attempt->store, context->request->now);
    enum error_code code = fetch_account(context, redemption, &account, error);
    session->profile = account.profile;
    /* What was not read this time stays in the store, where the next page finds it. */
    if (account.in_part)
        session->checked = 0;
    if (code == ERROR_NONE) {
        gate_judgement_make(context->config, session, account.profile);
        code = sign_in(context, attempt, &account, error);
    }
    if (code != ERROR_NONE && code != ERROR_STORE_UNAVAILABLE &&
        store_login_fail(attempt->store, session->id, code, &unkept) != ERROR_NONE)
        response_note(context->response, "how this login failed could not be kept: %s", unkept.cause);
    credentials_clear(&account.credentials);
    return code;
}

/* Completes the login: from the code to a signed-in user. */
static enum error_code complete(struct context *context, const struct pending_login *login, struct session *session,
                                struct error *error) {
    const struct deadline end = deadline_in(context->config->callback_seconds * MILLISECONDS_PER_SECOND);
    struct store *store = NULL;
    struct code_redemption redemption = {.client = NULL};
    char authorization[AUTHORIZATION_CODE_MAX + 1] = "";
    const struct code_grant grant = {authorization, login->verifier, login->state, &context->request->query};
    bool claimed = false;
    enum error_code code = authorization_response_code(&context->request->query, authorization, error);
    if (code == ERROR_NONE)
        code = open_store(context, end, &store, error);
    if (code == ERROR_NONE)
        code = begin(context, &grant, end, &redemption, error);
    if (code == ERROR_NONE)
        code = callback_user_open(context->config, context->provider, &context->request->query, context->request->now,
                                  &redemption.callback_user, error);
    if (code == ERROR_NONE)
        code = claim(context, store, session->id, &claimed, error);
    if (code == ERROR_NONE) {
        pending_login_end(login, context->response);
        store_limit(store, end);
    }
    if (code == ERROR_NONE && claimed)
        code = carry_out(context, &redemption, &(struct attempt){login, session, store}, error);
    code_redemption_close(&redemption);
    sodium_memzero(authorization, sizeof authorization);
    if (code == ERROR_NONE && !claimed)
        code = repeated_login_join(context, store, session, error);
    if (code == ERROR_NONE)
        end_older(context, store, session->id);
    return code;
}

/* Tells the visitor, who may come with the same login again, and not the log, which was told when it began. */
static void tell_outage(struct context *context, int64_t left) {
    char seconds[24];
    snprintf(seconds, sizeof seconds, "%" PRId64, left);
    fail(context, ERROR_PROVIDER_UNREACHABLE);
    response_header(context->response, "Retry-After", seconds);
}

/* Checks that this browser still has the session that wants the account: an account is linked to nobody but who asked
 * for it, and there, whoever has begun it (RFC 9700, section 4.7). */
static enum error_code check_link(struct context *context, const struct pending_login *login, struct error *error) {
    struct session session;
    if (!is_link(login))
        return ERROR_NONE;
    enum error_code code = session_read(context->config, context->request, &session, error);
    context->is_link = code == ERROR_NONE;
    if (code == ERROR_NOT_SIGNED_IN)
        code = error_set(error, ERROR_LINK_REFUSED, "an account is to be linked, and the browser has no session");
    else if (code == ERROR_NONE && (strlen(session.id) != strlen(login->link_to) ||
                                    sodium_memcmp(session.id, login->link_to, strlen(session.id)) != 0))
        code = error_set(error, ERROR_LINK_REFUSED, "an account is to be linked to another session than the browser's");
    session_clear(&session);
    return code;
}

/* Carries out the pending login that this browser has for the state: once, however often it is asked for. */
static enum error_code redeem(struct context *context, const struct pending_login *login, struct error *error) {
    const int64_t now = context->request->now;
    struct session session = {.signed_in = now, .checked = now, .expires = now + context->config->session_lifetime};
    int64_t left = 0;
    snprintf(session.provider, sizeof session.provider, "%s", context->provider->name);
    if (!session_id_from_state(context->config, login->state, session.id))
        return error_out_of_memory(error);
    enum error_code code = provider_watch_check(context, session.id, &left, error);
    if (code == ERROR_NONE && left == 0)
        code = complete(context, login, &session, error);
    if (code == ERROR_NONE && left == 0) {
        land(context, login->return_to);
        if (!is_link(login))
            last_provider_remember(context->provider->name, context->response);
        code = session_write(context->config, context->request, &session, context->response, error);
    } else if (code == ERROR_NONE) {
        tell_outage(context, left);
    }
    session_clear(&session);
    return code;
}

/* Notes what else there is to know of a callback for which there is no pending login. */
static void note_stray(struct context *context) {
    const struct query *query = &context->request->query;
    struct error refusal;
    own_host_note(context->config, context->request, context->response);
    if (authorization_response_is_refusal(query) && authorization_response_refusal(query, &refusal) != ERROR_NONE)
        response_note(context->response, "it was a refusal: %s", refusal.cause);
}

/* Nothing is at stake in a refusal: there is no code, and nothing to claim. */
static enum error_code refuse(struct context *context, const struct pending_login *login, struct error *error) {
    pending_login_end(login, context->response);
    return authorization_response_refusal(&context->request->query, error);
}

/* Checks that the response is of the provider that the browser was sent to. */
static enum error_code check_issuer(struct context *context, struct error *error) {
    enum issuer_state state;
    const enum error_code code =
        process_cache_issuer(context->cache, context->config, context->request->now, &state, error);
    return code == ERROR_NONE ? authorization_response_check_issuer(&context->request->query, context->provider, error)
                              : code;
}

/* Goes on with the pending login that the browser has for the state. */
static enum error_code go_on(struct context *context, const struct pending_login *login, struct error *error) {
    enum error_code code = check_link(context, login, error);
    if (code == ERROR_NONE)
        code = check_issuer(context, error);
    if (code == ERROR_NONE && !authorization_response_is_refusal(&context->request->query))
        return redeem(context, login, error);
    if (code == ERROR_NONE)
        return refuse(context, login, error);
    /* Who gave the response knows the state. */
    pending_login_end(login, context->response);
    return code;
}

/* `start` knew nothing of the provider's issuer yet. */
static enum error_code take_over(struct context *context, struct error *error) {
    int64_t left;
    const enum error_code code = login_take_over(context, &left, error);
    if (left != 0)
        tell_outage(context, left);
    return code;
}

static enum error_code handle(struct context *context, struct error *error) {
    const char *name = context->provider->name;
    char state[AUTHORIZATION_STATE_MAX + 1];
    struct pending_login login;
    bool reload;
    if (context->request->is_prefetch) {
        /* Nobody has come yet. A browser does not show what failed, and asks again when somebody does. */
        response_empty(context->response, 503);
        return ERROR_NONE;
    }
    if (context->request->method == METHOD_POST)
        return posted_response_move(context, error);
    if (login_is_handed_over(&context->request->query))
        return take_over(context, error);
    enum error_code code = authorization_response_refuse_tokens(&context->request->query, error);
    if (code == ERROR_NONE)
        code = authorization_response_state(&context->request->query, state, error);
    if (code == ERROR_NONE)
        code = repeated_login_is_reload(context, state, &reload, error);
    if (code != ERROR_NONE)
        return code;
    code = pending_login_find(context->config, context->request, name, state, &login, error);
    if (code == ERROR_EXPIRED_LOGIN && !reload)
        note_stray(context);
    if (reload && code != ERROR_INTERNAL) {
        /* Some clients keep a cookie that a response removed. */
        if (code == ERROR_NONE)
            pending_login_end(&login, context->response);
        land(context, login.return_to);
        code = ERROR_NONE;
    } else if (code == ERROR_NONE) {
        code = go_on(context, &login, error);
    }
    pending_login_clear(&login);
    return code;
}

int main(void) {
    /* HEAD is not taken: a program that only looks at a link must not spend the code in it. */
    static const struct program program = {.name = "callback",
                                           .methods = METHOD_GET | METHOD_POST,
                                           .wants = CONTEXT_PROVIDER | CONTEXT_RESPONSE,
                                           .store = process_cache_store,
                                           .handle = handle,
                                           .fail = fail};
    return program_run(&program, environ);
}
