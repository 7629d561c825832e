/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

static bool is_continuation(unsigned char byte) {
    return (byte & 0xC0u) == 0x80u;
}

static uint32_t decode(const unsigned char *bytes, size_t size) {
    static const unsigned char lead_mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t point = bytes[0] & lead_mask[size];
    for (size_t i = 1; i < size; i++)
        point = (point << 6) | (bytes[i] & 0x3Fu);
    return point;
}

size_t text_character(const char *text, size_t len) {
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)text;
    if (len == 0)
        return 0;
    if (bytes[0] < 0x80)
        return 1;
    const size_t size = bytes[0] < 0xC0 ? 0 : bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : bytes[0] < 0xF8 ? 4 : 0;
    if (size == 0 || size > len)
        return 0;
    for (size_t i = 1; i < size; i++)
        if (!is_continuation(bytes[i]))
            return 0;
    const uint32_t point = decode(bytes, size);
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    return point < smallest[size] || surrogate || point > 0x10FFFF ? 0 : size;
}

size_t text_cut(const char *text, size_t max) {
    const size_t len = strlen(text);
    size_t end = 0;
    while (end < len) {
        size_t size = text_character(text + end, len - end);
        if (size == 0)
            size = 1; /* a stray byte counts as a character of its own */
        if (end + size > max)
            break;
        end += size;
    }
    return end;
}

bool text_character_is_printable(const char *text, size_t size) {
    if (size == 0)
        return false;
    const uint32_t point = decode((const unsigned char *)text, size);
    const bool control = point < 0x20 || (point >= 0x7F && point < 0xA0);
    const bool reorders = point == 0x061C || (point >= 0x200E && point <= 0x200F) ||
                          (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
    return !control && !reorders;
}

/* Unicode's white space (property White_Space), format and control characters (Cf, Cc), what else is
 * Default_Ignorable_Code_Point, and U+2800, a pattern of Braille without a dot. */
static bool is_blank(uint32_t point) {
    static const struct {
        uint32_t first, last;
    } ranges[] = {{0x00, 0x20},       {0x7F, 0xA0},      {0xAD, 0xAD},     {0x034F, 0x034F}, {0x061C, 0x061C},
                  {0x115F, 0x1160},   {0x1680, 0x1680},  {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x2000, 0x200F},
                  {0x2028, 0x202F},   {0x205F, 0x206F},  {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164},
                  {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},  {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3},
                  {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

const char *text_first_visible(const char *text) {
    const size_t len = strlen(text);
    size_t size = 0;
    for (size_t at = 0; at < len; at += size) {
        size = text_character(text + at, len - at);
        if (size == 0 || !is_blank(decode((const unsigned char *)text + at, size)))
            return text + at;
    }
    return NULL;
}

bool text_is_blank(const char *text) {
    return text == NULL || text_first_visible(text) == NULL;
}

void text_append_printable(struct buffer *out, const char *text, size_t max) {
    const size_t len = strnlen(text, max);
    for (size_t at = 0; at < len;) {
        const size_t size = text_character(text + at, len - at);
        if (text_character_is_printable(text + at, size)) {
            buffer_append(out, text + at, size);
            at += size;
            continue;
        }
        const size_t end = at + (size != 0 ? size : 1);
        for (; at < end; at++)
            buffer_append_format(out, "\\x%02x", (unsigned char)text[at]);
    }
}

bool text_is_printable(const char *text) {
    const size_t len = strlen(text);
    size_t size;
    for (size_t at = 0; at < len; at += size) {
        size = text_character(text + at, len - at);
        if (!text_character_is_printable(text + at, size))
            return false;
    }
    return true;
}

/* The longest secret that `text` starts with, or NULL. */
static const char *secret_at(const char *text, const char *const *secrets) {
    const char *longest = NULL;
    for (; *secrets != NULL; secrets++)
        if (**secrets != '\0' && text_starts_with(text, *secrets) &&
            (longest == NULL || strlen(*secrets) > strlen(longest)))
            longest = *secrets;
    return longest;
}

void text_append_hiding(struct buffer *out, const char *text, const char *const *secrets) {
    struct buffer safe = BUFFER_EMPTY;
    while (*text != '\0') {
        const char *secret = secret_at(text, secrets);
        buffer_append_text(&safe, secret != NULL ? "[hidden]" : (const char[]){*text, '\0'});
        text += secret != NULL ? strlen(secret) : 1;
    }
    text_append_printable(out, buffer_text(&safe), safe.len);
    out->failed = out->failed || safe.failed;
    buffer_free(&safe);
}

void text_append_json_printable(struct buffer *out, const char *json) {
    const size_t len = strlen(json);
    for (size_t at = 0; at < len;) {
        const size_t size = text_character(json + at, len - at);
        /* In JSON a bare control character below U+0020 can only be white space between values. */
        if (size == 0)
            buffer_append_text(out, "\\ufffd");
        else if (text_character_is_printable(json + at, size) || (unsigned char)json[at] < 0x20)
            buffer_append(out, json + at, size);
        else
            buffer_append_format(out, "\\u%04x", (unsigned)decode((const unsigned char *)json + at, size));
        at += size != 0 ? size : 1;
    }
}

bool text_can_travel(const char *text) {
    return strstr(text, "--") == NULL;
}

bool text_copy(char *out, size_t size, const char *text) {
    if (text == NULL || strlen(text) >= size)
        return false;
    memcpy(out, text, strlen(text) + 1);
    return true;
}

bool text_is_typographic_quote(const char *text) {
    const unsigned char *byte = (const unsigned char *)text;
    if (byte[0] == 0xC2)
        return byte[1] == 0xAB || byte[1] == 0xBB;
    return byte[0] == 0xE2 && byte[1] == 0x80 &&
           ((byte[2] >= 0x98 && byte[2] <= 0x9F) || byte[2] == 0xB9 || byte[2] == 0xBA);
}

bool text_equal(const char *a, const char *b) {
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

bool text_starts_with(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}
