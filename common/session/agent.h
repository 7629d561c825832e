/* What the list of a person's sessions says of a browser: "Firefox on Android", from the User-Agent of the sign-in. No
 * more of it is kept, neither versions nor models, and no address: it is to tell a person's own devices apart, not the
 * person from others.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_AGENT_H
#define CGI_LOGIN_AGENT_H

#include "language/words.h"

#define AGENT_SIZE 48

/* Describes a User-Agent header (NULL: there was none). What is not known is left out; "" if nothing is. */
void agent_describe(const char *user_agent, char text[AGENT_SIZE]);

/* Appends such a description, which is kept in English, in the words of a page. */
void agent_translate(struct words *words, const char *description, struct buffer *out);

#endif
