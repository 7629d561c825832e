/* Base64 (RFC 4648), decoded strictly with libsodium, which by itself takes every byte from 0x80 on for the last
 * character of the alphabet (1.0.18): many texts would be one.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_BASE64_H
#define CGI_LOGIN_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Decodes `len` characters: Base64 with padding, or base64url without. False if they are anything else, or more than
 * `size` bytes. */
bool base64_decode(const char *text, size_t len, unsigned char *bytes, size_t size, size_t *bytes_len);
bool base64url_decode(const char *text, size_t len, unsigned char *bytes, size_t size, size_t *bytes_len);

#endif
