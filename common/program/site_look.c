/* SPDX-License-Identifier: MIT */
#include "program/site_look.h"

#include <sodium.h>
#include <stdio.h>

/* How much of the colour is in what is tinted with it, of the lighter and the stronger tint; and how much of the way to
 * black or white a control goes while a mouse is over it. */
enum { TINT_PERCENT = 12, TINT_STRONG_PERCENT = 24, HOVER_PERCENT = 18 };

/* One of the colour schemes of style.css. */
struct scheme {
    struct colour ground, surface; /* as there: --ground, --surface */
    struct colour end;             /* where a colour becomes readable */
};

static const struct colour BLACK = {0, 0, 0}, WHITE = {255, 255, 255};

static void append_variable(struct buffer *out, const char *name, struct colour colour) {
    buffer_append_format(out, "--%s:", name);
    colour_append(out, colour);
    buffer_append_char(out, ';');
}

static void append_scheme(struct buffer *out, struct colour colour, const struct scheme *scheme) {
    const struct colour tint = colour_mix(scheme->surface, colour, TINT_PERCENT);
    const struct colour grounds[] = {scheme->ground, scheme->surface, tint};
    const struct colour accent = colour_readable(colour, scheme->end, grounds, sizeof grounds / sizeof *grounds);
    const struct colour text = colour_text_on(colour);
    /* Away from the text, so that it stays as readable as it was. */
    const struct colour away = text.red == 0 ? WHITE : BLACK;
    buffer_append_text(out, ":root{");
    append_variable(out, "accent", accent);
    append_variable(out, "accent-strong", colour_mix(accent, scheme->end, HOVER_PERCENT));
    append_variable(out, "on-accent", colour_text_on(accent));
    append_variable(out, "button", colour);
    append_variable(out, "button-strong", colour_mix(colour, away, HOVER_PERCENT));
    append_variable(out, "on-button", text);
    append_variable(out, "tint", tint);
    append_variable(out, "tint-strong", colour_mix(scheme->surface, colour, TINT_STRONG_PERCENT));
    buffer_append_char(out, '}');
}

void site_look_append_style(struct buffer *out, struct colour colour) {
    static const struct scheme light = {{0xF4, 0xF6, 0xF4}, {0xFF, 0xFF, 0xFF}, {0, 0, 0}};
    static const struct scheme dark = {{0x0E, 0x14, 0x12}, {0x17, 0x1F, 0x1C}, {0xFF, 0xFF, 0xFF}};
    append_scheme(out, colour, &light);
    buffer_append_text(out, "@media screen and (prefers-color-scheme:dark){");
    append_scheme(out, colour, &dark);
    buffer_append_char(out, '}');
}

/* Names the style to the policy by its hash (CSP 3, section 8.4): no other style of the page is carried out, also none
 * that somebody could put there. */
static void allow_style(const struct buffer *style, struct response *response) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    char text[sodium_base64_ENCODED_LEN(sizeof hash, sodium_base64_VARIANT_ORIGINAL)];
    crypto_hash_sha256(hash, (const unsigned char *)buffer_text(style), style->len);
    sodium_bin2base64(text, sizeof text, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
    snprintf(response->style_source, sizeof response->style_source, "'sha256-%s'", text);
}

void site_look_add(const struct config *config, struct view *view, struct response *response) {
    struct colour colour;
    struct view site = view_object(view, "site");
    if (config->site_name != NULL)
        view_text(&site, "name", config->site_name);
    if (config->site_logo != NULL)
        view_text(&site, "logo", config->site_logo);
    if (!colour_parse(config->site_colour, &colour))
        return;
    struct buffer style = BUFFER_EMPTY;
    site_look_append_style(&style, colour);
    view_buffer(&site, "style", &style);
    allow_style(&style, response);
    buffer_free(&style);
}
