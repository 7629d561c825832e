/* The first login at a provider that has an issuer of which nothing is kept: `start` touches no network, so it sends
 * the browser to `callback`, which fetches what the issuer publishes, keeps it, and sends the browser on to the
 * provider. Where it cannot be kept every login goes that way.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_LOGIN_DISCOVERY_H
#define CGI_LOGIN_LOGIN_DISCOVERY_H

#include "base/deadline.h"
#include "openid/issuer.h"
#include "program/context.h"
#include "program/login_start.h"

/* Sends the browser from `start` to `callback`. (login_handover.c, for `start` must not link what fetches) */
void login_hand_over(struct context *context, const struct login_wish *wish);

/* True if the query is what login_hand_over sends, and no authorization response. (login_handover.c) */
bool login_is_handed_over(const struct query *query);

/* Completes the provider with what is kept of its issuer, or else fetches that by the deadline. *state says how old it
 * is. ERROR_PROVIDER_UNREACHABLE or ERROR_PROVIDER where it cannot be had. */
enum error_code login_discover(struct context *context, struct deadline deadline, enum issuer_state *state,
                               struct error *error);

/* Carries on in `callback` with a login that was handed over. *left: for so many seconds the provider is not asked, as
 * it has failed several others just now, and the visitor is to be told; otherwise 0. */
enum error_code login_take_over(struct context *context, int64_t *left, struct error *error);

#endif
