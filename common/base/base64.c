/* SPDX-License-Identifier: MIT */
#include "base/base64.h"

#include <sodium.h>

static bool decode(const char *text, size_t len, int variant, unsigned char *bytes, size_t size, size_t *bytes_len) {
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return sodium_base642bin(bytes, size, text, len, NULL, bytes_len, NULL, variant) == 0;
}

bool base64_decode(const char *text, size_t len, unsigned char *bytes, size_t size, size_t *bytes_len) {
    return decode(text, len, sodium_base64_VARIANT_ORIGINAL, bytes, size, bytes_len);
}

bool base64url_decode(const char *text, size_t len, unsigned char *bytes, size_t size, size_t *bytes_len) {
    return decode(text, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING, bytes, size, bytes_len);
}
