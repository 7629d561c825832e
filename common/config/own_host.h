/* Whether a request came to the site under the name that base_url gives it. A browser keeps each cookie for the very
 * name that set it, so a login that begins under another name (www and without) cannot end at the callback.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_OWN_HOST_H
#define CGI_LOGIN_OWN_HOST_H

#include "config/config.h"
#include "http/request.h"
#include "http/response.h"

/* True if the host is base_url's, in any case and with any port, by what the browser says (Host) or what a proxy says
 * of it (X-Forwarded-Host); and where neither says anything. Both are the client's to make up: good for a hint to the
 * same client, and for nothing else. */
bool own_host_is_asked(const struct config *config, const struct request *request);

/* Notes both names, if they differ. */
void own_host_note(const struct config *config, const struct request *request, struct response *response);

#endif
