/* url.c: what is accepted has its parts inside the text, no user information, fragment, space or control, and is of the
 * same origin as itself; only https and this machine are secure. What becomes a link is one.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "base/url.h"

#include <strings.h>

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

/* A link is one word that ends no attribute and no header, and is a link as it is. */
static void check_link(const char *text) {
    struct buffer link = BUFFER_EMPTY, again = BUFFER_EMPTY;
    struct url url;
    if (url_append_link(&link, text, &url)) {
        const char *made = buffer_text(&link);
        must(strncasecmp(made, "http", 4) == 0 && strpbrk(made, " \\\"<>\r\n\t") == NULL);
        must(memchr(made, '@', url.origin_len) == NULL);
        must(url_append_link(&again, made, &url) && strcmp(buffer_text(&again), made) == 0);
    }
    buffer_free(&link);
    buffer_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct url url;
    char *text = fuzz_string(data, size);
    if (url_parse(text, &url))
        check(text, &url);
    else
        must(!url_is_secure(text) && !url_same_origin(text, text));
    check_link(text);
    free(text);
    return 0;
}
