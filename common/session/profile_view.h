/* What the profile page shows of a profile: names, counts as people read them, links that are safe to follow.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROFILE_VIEW_H
#define CGI_LOGIN_PROFILE_VIEW_H

#include "base/view.h"
#include "config/provider_outline.h"

/* Adds what templates/profile.html shows (see there). */
void profile_view(struct view *view, const cJSON *profile, const struct provider_outline *outline);

/* The profile's picture if it is a URL that a page of ours may load, or NULL. Owned by the profile. */
const char *profile_picture(const cJSON *profile);

#endif
