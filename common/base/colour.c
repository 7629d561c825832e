/* SPDX-License-Identifier: MIT */
#include "base/colour.h"

#include <stdlib.h>
#include <string.h>

/* WCAG 2.2, success criterion 1.4.3 (AA), wants 4.5; the rest is for what find_contrast may be off. */
static const double READABLE = 4.7;

enum { STEP_PERCENT = 2 };

bool colour_parse(const char *text, struct colour *colour) {
    static const char digits[] = "0123456789abcdefABCDEF";
    if (text == NULL || *text != '#' || strlen(text) != strlen("#rrggbb") || strspn(text + 1, digits) != 6)
        return false;
    const unsigned long value = strtoul(text + 1, NULL, 16);
    *colour = (struct colour){(unsigned char)(value >> 16), (unsigned char)(value >> 8 & 0xFF),
                              (unsigned char)(value & 0xFF)};
    return true;
}

/* The light of a component of sRGB, from 0 to 1: a polynomial for its power of 2.4, for which every page would load the
 * mathematical library. */
static double light(unsigned char component) {
    const double value = component / 255.0;
    return value * (value * (value * 0.305306011 + 0.682171111) + 0.012522878);
}

static double luminance(struct colour colour) {
    return 0.2126 * light(colour.red) + 0.7152 * light(colour.green) + 0.0722 * light(colour.blue);
}

/* The contrast of the two (WCAG 2.2, "contrast ratio"), from 1 to 21; up to 3 percent off. */
static double find_contrast(struct colour a, struct colour b) {
    const double one = luminance(a) + 0.05, other = luminance(b) + 0.05;
    return one > other ? one / other : other / one;
}

static unsigned char mix(int component, int other, int percent) {
    return (unsigned char)((component * (100 - percent) + other * percent + 50) / 100);
}

struct colour colour_mix(struct colour colour, struct colour other, int percent) {
    return (struct colour){mix(colour.red, other.red, percent), mix(colour.green, other.green, percent),
                           mix(colour.blue, other.blue, percent)};
}

struct colour colour_text_on(struct colour ground) {
    static const struct colour black = {0, 0, 0}, white = {255, 255, 255};
    return find_contrast(black, ground) > find_contrast(white, ground) ? black : white;
}

static bool is_readable(struct colour colour, const struct colour *grounds, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (find_contrast(colour, grounds[i]) < READABLE)
            return false;
    return true;
}

struct colour colour_readable(struct colour colour, struct colour end, const struct colour *grounds, size_t count) {
    for (int percent = 0; percent < 100; percent += STEP_PERCENT) {
        const struct colour tried = colour_mix(colour, end, percent);
        if (is_readable(tried, grounds, count))
            return tried;
    }
    return end;
}

void colour_append(struct buffer *out, struct colour colour) {
    buffer_append_format(out, "#%02x%02x%02x", colour.red, colour.green, colour.blue);
}
