/* url.c: what is accepted has its parts inside the text, no user information, fragment, space or control, and is of the
 * same origin as itself; only https and this machine are secure.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "base/url.h"

static void check(char *text, const struct url *url) {
    struct url origin;
    must(url->path == text + url->origin_len && url->origin_len <= strlen(text));
    must(url->host > text && url->host_len != 0 && url->host + url->host_len <= url->path);
    must(memchr(text, '@', url->origin_len) == NULL && strpbrk(text, " #\\\"<>\r\n\t") == NULL);
    must(*url->path == '\0' || *url->path == '/' || *url->path == '?');
    must(url_same_origin(text, text));
    must(url_is_secure(text) == (url->https || url_is_loopback(url)));
    char *alone = strndup(text, url->origin_len);
    must(alone != NULL && url_parse(alone, &origin) && origin.origin_len == url->origin_len && *origin.path == '\0');
    must(url_same_origin(alone, text));
    free(alone);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct url url;
    char *text = fuzz_string(data, size);
    if (url_parse(text, &url))
        check(text, &url);
    else
        must(!url_is_secure(text) && !url_same_origin(text, text));
    free(text);
    return 0;
}
