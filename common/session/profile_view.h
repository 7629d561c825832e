/* What the profile page shows of a profile: names, counts as people read them, links that are safe to follow.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROFILE_VIEW_H
#define CGI_LOGIN_PROFILE_VIEW_H

#include "base/view.h"
#include "config/provider_outline.h"
#include "language/words.h"

/* Adds what templates/profile.html shows (see there). A label of `outline` that is the key of a word is that word. */
void profile_view(struct view *view, const cJSON *profile, const struct provider_outline *outline, struct words *words);

/* Adds a name's first letter, which stands for a picture that there is not. */
void profile_view_initial(struct view *view, const char *key, const char *name);

/* Appends the URL of the profile's picture as a page of ours may load it; nothing if there is none. */
void profile_picture(struct buffer *link, const cJSON *profile);

/* What the person is called: the name, the username or the id, the first of them in which something can be seen. Owned
 * by the profile. */
const char *profile_display_name(const cJSON *profile);

#endif
