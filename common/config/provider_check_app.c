/* SPDX-License-Identifier: MIT */
#include "config/provider_checks.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>

/* Text that was copied often brings a blank along, or a mark that nobody sees: the provider would only say that the
 * secret is wrong. */
static bool has_unseen_ends(const char *text) {
    const char *end = text;
    const char *visible = text_first_visible(text);
    if (visible != text)
        return true;
    for (; visible != NULL; visible = text_first_visible(end)) {
        const size_t size = text_character(visible, strlen(visible));
        end = visible + (size != 0 ? size : 1);
    }
    return *end != '\0';
}

static bool has_control(const char *text) {
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return true;
    return false;
}

static bool is_quoted(const char *text) {
    const size_t len = strlen(text);
    return text_is_typographic_quote(text) || (len > 1 && strchr("\"'`", *text) != NULL && text[len - 1] == *text);
}

static const char *find_slip(const char *text) {
    if (text_starts_with(text, "YOUR_"))
        return "is still the template's; write the one from the provider's dashboard";
    if (has_unseen_ends(text))
        return "begins or ends with a blank or a mark that nobody sees; remove it";
    if (has_control(text))
        return "has a line break or another control character in it; copy it anew from the provider's dashboard";
    return is_quoted(text) ? "has quotes of its own; remove those inside of the outer ones" : NULL;
}

void provider_check_app(const struct provider_sources *sources, struct problems *problems) {
    static const char *const keys[] = {"client_id", "client_secret"};
    char name[LOG_LINE_MAX];
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *text = json_string(sources->own, keys[i]);
        const char *slip = text != NULL ? find_slip(text) : NULL;
        if (slip != NULL)
            problems_add(problems, "%s: %s", provider_sources_key(sources, keys[i], name), slip);
    }
}
