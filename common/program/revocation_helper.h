/* Has the helper HOME/lib/revoke give tokens back. It is a program of its own, since it needs libcurl, for which every
 * program that has it linked pays at its start.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_REVOCATION_HELPER_H
#define CGI_LOGIN_REVOCATION_HELPER_H

#include "program/context.h"

/* Hands the helper a user's accounts, of `document` all or the one under `provider` (NULL: all), with their tokens as
 * they are stored, and waits for it for REVOCATION_SECONDS and a moment. What fails becomes a note. Nothing is started
 * where no provider takes tokens back. */
void revocation_helper_run(struct context *context, const cJSON *document, const char *provider);

#endif
