/* Redeeming an authorization code: the token for it, then the account and a long-lived token with that one. There are
 * four steps, since the caller has to ask somebody else whether the code may be spent, and has other things to do
 * meanwhile: code_redemption_open begins to connect, code_redemption_send spends the code, code_redemption_take waits
 * for all responses, code_redemption_close ends what is left.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CODE_REDEMPTION_H
#define CGI_LOGIN_CODE_REDEMPTION_H

#include "base/deadline.h"
#include "oauth/account.h"
#include "oauth/account_details.h"
#include "oauth/identity.h"
#include "oauth/token_endpoint.h"

struct code_redemption {
    const struct provider *provider;
    struct http_client *client;            /* for the token endpoint */
    struct http_client *account_client;    /* for the profile: that one, or one beside it */
    struct http_client *long_lived_client; /* likewise */
    struct http_client *last_client;       /* of those beside `client` that are in use */
    struct deadline deadline;
    struct deadline next_door; /* by when a provider that is near has been connected to */
    struct token_request code_request;
    struct token_request long_lived_request; /* made once there is a token */
    struct http_request account_opening;     /* where the profile will be asked for */
    struct http_request long_lived_opening;  /* likewise */
    struct identity identity;                /* begun by the caller, where the provider gives an ID token */
    cJSON *callback_user;                    /* what the browser brought about the person, set by the caller; or NULL */
    struct account_details details;          /* what is asked beside the profile */
    /* The result. */
    struct token token; /* the long-lived one if there is one */
    struct account_reading account;
    struct buffer detail_remarks; /* why something beside the profile is missing, a line each; "" if nothing is */
    struct error
        issuer_remark; /* why what is kept of the issuer could not be refreshed; "" if it was, or need not be */
    char short_lived_because[ERROR_CAUSE_MAX]; /* why the token is no long-lived one; "" if it is, or need not be */
};

/* Begins to connect to the provider, whose `identity` the caller has opened; sends nothing. All calls together are
 * over by the deadline. `client` and what `grant` points to stay until the redemption is closed, which has to be done
 * whatever comes back. */
enum error_code code_redemption_open(struct code_redemption *redemption, struct http_client *client,
                                     const struct provider *provider, const struct code_grant *grant,
                                     struct deadline deadline, struct error *error);

/* Spends the code, without waiting for a provider that is far away. */
void code_redemption_send(struct code_redemption *redemption);

/* Takes what comes for the code, once it was sent. On ERROR_NONE `account` is whole, and one that the provider's
 * `allow` lets in; it may be taken out.
 * A long-lived token that does not come, or not in time, is no failure: the short-lived one stays. */
enum error_code code_redemption_take(struct code_redemption *redemption, struct error *error);

/* Gives up what is under way, at once, and frees the result. For an empty one, too. */
void code_redemption_close(struct code_redemption *redemption);

#endif
