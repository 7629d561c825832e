/* SPDX-License-Identifier: MIT */
#include "openid/issuer_fetch.h"

#include "base/json.h"
#include "openid/issuer_file.h"

#include <string.h>

void issuer_fetch_begin(const struct provider *provider, struct http_client *client, struct published *published) {
    const char *issuer = provider->issuer;
    struct buffer url = BUFFER_EMPTY;
    /* A slash at the end of the issuer gives way to the path (section 4.1). */
    buffer_append(&url, issuer, strlen(issuer) - (issuer[strlen(issuer) - 1] == '/' ? 1 : 0));
    *published = (struct published){.what = "issuer's metadata"};
    published->url.failed = url.failed;
    published_ask(published, client, buffer_text(&url), "/.well-known/openid-configuration", provider->ca_file);
    buffer_free(&url);
}

/* Leaves of the metadata what somebody reads. */
static void shorten(cJSON *metadata) {
    static const char *const members[] = {"issuer",
                                          "authorization_endpoint",
                                          "token_endpoint",
                                          "userinfo_endpoint",
                                          "jwks_uri",
                                          "end_session_endpoint",
                                          "revocation_endpoint",
                                          "token_endpoint_auth_methods_supported",
                                          "authorization_response_iss_parameter_supported"};
    for (cJSON *member = metadata->child, *next; member != NULL; member = next) {
        bool read = false;
        next = member->next;
        for (size_t i = 0; i < sizeof members / sizeof *members; i++)
            read = read || strcmp(member->string, members[i]) == 0;
        if (!read)
            json_free(cJSON_DetachItemViaPointer(metadata, member));
    }
}

enum error_code issuer_fetch_end(const struct config *config, const struct provider *provider,
                                 struct published *published, int64_t now, cJSON **metadata, struct error *remark,
                                 struct error *error) {
    const struct issuer_file file = {config->state, provider->name, provider->issuer, ISSUER_FILE_METADATA};
    enum error_code code = published_take(published, metadata, error);
    remark->cause[0] = '\0';
    if (code == ERROR_NONE)
        code = issuer_check(provider, *metadata, error);
    if (code != ERROR_NONE) {
        json_free(*metadata);
        *metadata = NULL;
        return code;
    }
    shorten(*metadata);
    const struct issuer_document kept = {.document = *metadata, .fetched = now, .tried = now};
    issuer_file_write(&file, &kept, remark);
    return ERROR_NONE;
}

enum error_code issuer_fetch(const struct config *config, struct provider *provider, struct http_client *client,
                             int64_t now, struct error *remark, struct error *error) {
    struct published published;
    cJSON *metadata;
    issuer_fetch_begin(provider, client, &published);
    const enum error_code code = issuer_fetch_end(config, provider, &published, now, &metadata, remark, error);
    if (code == ERROR_NONE)
        issuer_complete(provider, metadata, now);
    published_close(&published);
    return code;
}
