/* SPDX-License-Identifier: MIT */
#include "http/accept.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The quality of one media range, in thousandths; 1000 if it names none. */
static int quality(const char *range, size_t len) {
    for (size_t i = 0; i + 2 < len; i++) {
        if (range[i] != ';')
            continue;
        size_t at = i + 1;
        while (at < len && (range[at] == ' ' || range[at] == '\t'))
            at++;
        if (at + 2 < len && (range[at] | 0x20) == 'q' && range[at + 1] == '=') {
            char number[8] = {0};
            memcpy(number, range + at + 2, len - at - 2 < sizeof number - 1 ? len - at - 2 : sizeof number - 1);
            const double value = strtod(number, NULL); /* strtod takes anything, even NaN */
            return value >= 1 ? 1000 : value > 0 ? (int)(value * 1000) : 0;
        }
    }
    return 1000;
}

struct preference {
    int specificity; /* 0: not named; 1: any; 2: the whole type; 3: by name */
    int quality;
};

static void consider(struct preference *preference, int specificity, int range_quality) {
    if (specificity > preference->specificity ||
        (specificity == preference->specificity && range_quality > preference->quality))
        *preference = (struct preference){specificity, range_quality};
}

static bool names(const char *range, size_t len, const char *type) {
    return len == strlen(type) && strncasecmp(range, type, len) == 0;
}

bool accept_prefers_json(const char *accept) {
    struct preference json = {0, 0}, html = {0, 0};
    while (accept != NULL && *accept != '\0') {
        accept += strspn(accept, " \t,");
        const size_t len = strcspn(accept, ",");
        const size_t type_len = strcspn(accept, " \t;,");
        const int range_quality = quality(accept, len);
        if (names(accept, type_len, "application/json") || names(accept, type_len, "application/problem+json"))
            consider(&json, 3, range_quality);
        else if (names(accept, type_len, "text/html") || names(accept, type_len, "application/xhtml+xml"))
            consider(&html, 3, range_quality);
        else if (names(accept, type_len, "application/*"))
            consider(&json, 2, range_quality);
        else if (names(accept, type_len, "text/*"))
            consider(&html, 2, range_quality);
        else if (names(accept, type_len, "*/*")) {
            consider(&json, 1, range_quality);
            consider(&html, 1, range_quality);
        }
        accept += len;
    }
    if (json.quality != html.quality)
        return json.quality > html.quality;
    return json.specificity == 3 && html.specificity != 3 && json.quality > 0;
}
