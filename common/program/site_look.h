/* Whose pages they are: name, logo and colour of `site` in the config, as a page shows them.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SITE_LOOK_H
#define CGI_LOGIN_SITE_LOOK_H

#include "base/colour.h"
#include "base/view.h"
#include "config/config.h"
#include "http/response.h"

/* Adds `site` {name, logo, style}, each only where the config has it, and has the response's policy let in exactly that
 * style. `style` is the text of a <style> element: it has nothing that HTML would escape. */
void site_look_add(const struct config *config, struct view *view, struct response *response);

/* Appends the style for a colour. Buttons have the colour itself; links and what is written in it get the nearest shade
 * that can be read in each of the two schemes. */
void site_look_append_style(struct buffer *out, struct colour colour);

#endif
