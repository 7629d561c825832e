/* SPDX-License-Identifier: MIT */
#include "oauth/code_redemption.h"

#include "base/json.h"
#include "base/url.h"
#include "config/allow.h"

#include <stdio.h>

/* A provider that connects, and then responds, within this many milliseconds is next door: there a call costs less
 * than a connection. For any other the connections of the later calls are made while the token is waited for: for a
 * round trip more, and the provider's thinking. So it does not matter that they are begun a little late. */
enum { NEXT_DOOR_MS = 20 };

enum error_code code_redemption_open(struct code_redemption *redemption, struct http_client *client,
                                     const struct provider *provider, const struct code_grant *grant,
                                     struct deadline deadline, struct error *error) {
    redemption->provider = provider;
    redemption->client = redemption->account_client = redemption->long_lived_client = client;
    redemption->deadline = deadline;
    account_details_begin(&redemption->details, provider);
    redemption->next_door = deadline_in(NEXT_DOOR_MS);
    http_client_limit(client, deadline);
    const enum error_code code = token_request_for_code(provider, grant, &redemption->code_request, error);
    if (code == ERROR_NONE)
        http_client_open(client, &redemption->code_request.http);
    return code;
}

/* Opens a connection of its own for a later call, which goes after the others where a client has no memory. */
static struct http_client *open_beside(struct http_client *client, const char *url, const char *ca_file,
                                       struct http_request *opening) {
    struct http_client *beside = http_client_beside(client);
    if (beside == NULL)
        return client;
    *opening = (struct http_request){.url = url, .ca_file = ca_file};
    http_client_open(beside, opening);
    return beside;
}

/* True if the profile's connection can be opened before there is a token: a form has to be known by then. */
static bool is_opened_ahead(const struct provider *provider) {
    return account_is_fetched(provider) && !provider->profile_post;
}

/* Opens the connections of the later calls, as many as are missing: one call goes over the token's, if it has the same
 * origin. */
static void open_others(struct code_redemption *redemption) {
    const struct provider *provider = redemption->provider;
    struct http_client *last = redemption->last_client;
    if (is_opened_ahead(provider) && !url_same_origin(provider->profile_url, provider->token_url))
        redemption->account_client = last =
            open_beside(last, provider->profile_url, provider->ca_file, &redemption->account_opening);
    if (provider->long_lived_url != NULL && (redemption->account_client == redemption->client ||
                                             !url_same_origin(provider->long_lived_url, provider->token_url)))
        redemption->long_lived_client = last =
            open_beside(last, provider->long_lived_url, provider->ca_file, &redemption->long_lived_opening);
    redemption->last_client = account_details_open(&redemption->details, last);
}

/* libcurl counts a call's milliseconds on a clock of its own, which ends them a little before ours does. */
enum { CLOCKS_APART_MS = 50 };

/* Names the endpoint whose host a cause is about, and the setting where that was the reason. */
static enum error_code name_endpoint(const struct code_redemption *redemption, enum error_code code,
                                     const char *endpoint, struct error *error) {
    if (code != ERROR_PROVIDER_UNREACHABLE)
        return code;
    const struct error cause = *error;
    return error_set(error, code, "the %s, %s%s", endpoint, cause.cause,
                     deadline_left(redemption->deadline) < CLOCKS_APART_MS ? "; callback_seconds allows no more" : "");
}

void code_redemption_send(struct code_redemption *redemption) {
    struct http_client *client = redemption->client;
    http_client_send(client, &redemption->code_request.http);
    redemption->last_client = identity_ask(&redemption->identity, client);
    if (!http_client_connects(client, redemption->next_door) || !http_client_ends(client, deadline_in(NEXT_DOOR_MS)))
        open_others(redemption);
}

static enum error_code fetch_token(struct code_redemption *redemption, struct error *error) {
    return name_endpoint(redemption,
                         token_exchange(redemption->client, &redemption->code_request, &redemption->token, error),
                         "token endpoint", error);
}

/* Nothing is believed of the token's owner, and nothing sent on, before the ID token has been judged. */
static enum error_code verify_identity(struct code_redemption *redemption, struct error *error) {
    const enum error_code code = identity_verify(&redemption->identity, redemption->client, &redemption->token, error);
    if (code == ERROR_PROVIDER_UNREACHABLE && deadline_left(redemption->deadline) < CLOCKS_APART_MS) {
        const struct error cause = *error;
        return error_set(error, code, "%s; callback_seconds allows no more", cause.cause);
    }
    return code;
}

static void keep_short_lived(struct code_redemption *redemption, const struct error *error) {
    snprintf(redemption->short_lived_because, sizeof redemption->short_lived_because, "%s", error->cause);
}

/* Asks for the long-lived token without waiting for it. */
static void send_long_lived(struct code_redemption *redemption) {
    struct token_request *request = &redemption->long_lived_request;
    struct error error;
    if (redemption->provider->long_lived_url == NULL)
        return;
    if (token_request_for_long_lived(redemption->provider, &redemption->token, request, &error) != ERROR_NONE) {
        keep_short_lived(redemption, &error);
        token_request_clear(request);
        return;
    }
    if (redemption->long_lived_client == redemption->account_client)
        return; /* it goes after the other call */
    if (redemption->long_lived_client == redemption->client)
        http_client_open(redemption->client, &request->http);
    http_client_send(redemption->long_lived_client, &request->http);
}

/* Reads the profile, and what was asked beside it. */
static enum error_code fetch_account(struct code_redemption *redemption, struct error *error) {
    struct http_client *client = redemption->account_client;
    enum error_code code = account_read(client, redemption->provider, &redemption->token, &redemption->account, error);
    if (code != ERROR_NONE)
        return name_endpoint(redemption, code, "profile endpoint", error);
    return account_details_read(&redemption->details, &redemption->token, client, &redemption->account,
                                &redemption->detail_remarks, error);
}

static enum error_code admit(const struct code_redemption *redemption, struct error *error) {
    const struct allow_account account = {redemption->provider->name, redemption->account.profile};
    const enum error_code code = allow_admit(&redemption->provider->site_allow, &account, error);
    return code == ERROR_NONE ? allow_admit(&redemption->provider->allow, &account, error) : code;
}

static void fetch_long_lived(struct code_redemption *redemption) {
    struct error error;
    if (redemption->long_lived_request.provider == NULL)
        return;
    const enum error_code code =
        token_replace(redemption->long_lived_client, &redemption->long_lived_request, &redemption->token, &error);
    if (code != ERROR_NONE) {
        name_endpoint(redemption, code, "long-lived token's endpoint", &error);
        keep_short_lived(redemption, &error);
    }
}

/* Lays what the browser brought about the person under what the provider has signed. */
static enum error_code add_callback_user(struct code_redemption *redemption, struct error *error) {
    const char *name = redemption->provider->callback_user;
    cJSON *claims = redemption->token.claims, *user = redemption->callback_user;
    if (user == NULL || claims == NULL || json_member(claims, name) != NULL)
        return ERROR_NONE;
    redemption->callback_user = NULL;
    return json_add(claims, name, user) ? ERROR_NONE : error_out_of_memory(error);
}

/* The order of the protocol. The calls after the token need no more than that, and are under way at the same time. */
enum error_code code_redemption_take(struct code_redemption *redemption, struct error *error) {
    enum error_code code = fetch_token(redemption, error);
    if (code == ERROR_NONE)
        code = verify_identity(redemption, error);
    if (code == ERROR_NONE)
        code = add_callback_user(redemption, error);
    if (code != ERROR_NONE)
        return code;
    send_long_lived(redemption);
    code = account_details_send(&redemption->details, &redemption->token, redemption->last_client, error);
    if (code == ERROR_NONE)
        code = fetch_account(redemption, error);
    if (code == ERROR_NONE)
        code = admit(redemption, error);
    if (code == ERROR_NONE)
        fetch_long_lived(redemption);
    identity_refresh(&redemption->identity, &redemption->issuer_remark);
    return code;
}

void code_redemption_close(struct code_redemption *redemption) {
    identity_close(&redemption->identity);
    json_free(redemption->callback_user);
    redemption->callback_user = NULL;
    if (redemption->client == NULL)
        return;
    http_client_abandon(redemption->client);
    http_client_abandon(redemption->account_client);
    http_client_abandon(redemption->long_lived_client);
    account_details_clear(&redemption->details);
    token_request_clear(&redemption->code_request);
    token_request_clear(&redemption->long_lived_request);
    token_clear(&redemption->token);
    account_reading_clear(&redemption->account);
    buffer_free(&redemption->detail_remarks);
    *redemption = (struct code_redemption){.client = NULL};
}
