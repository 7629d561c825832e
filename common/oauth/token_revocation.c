/* SPDX-License-Identifier: MIT */
#include "oauth/token_revocation.h"

#include "base/json.h"
#include "base/text.h"
#include "oauth/provider_body.h"
#include "oauth/provider_response.h"
#include "oauth/token_request.h"

bool token_revocation_takes_refresh_token(const struct provider *provider) {
    return text_equal(provider->revocation_token_param, "token");
}

/* Success is a status, whatever the body says (RFC 7009, section 2.2), unless it says that it is an error: some
 * providers have no other status. */
static enum error_code judge(const struct token_request *request, const struct http_response *http,
                             struct error *error) {
    const struct provider_call call = {
        .provider = request->provider, .endpoint = "revocation endpoint", .secrets = request->secrets};
    struct provider_response response = {.status = http->status};
    if (provider_body_read(http, &response.document, NULL) == JSON_NO_MEMORY)
        return error_out_of_memory(error);
    const bool done = http->status >= 200 && http->status < 300 && !provider_response_has_error(response.document);
    const enum error_code code =
        done ? ERROR_NONE : provider_response_refuse(&call, &response, "no error in words", error);
    json_free(response.document);
    return code;
}

enum error_code token_revoke(struct http_client *client, const struct provider *provider, const char *token,
                             const char *hint, struct error *error) {
    struct token_request request;
    struct http_response http = {.status = 0};
    if (provider->revocation_url == NULL)
        return error_set(error, ERROR_NOT_FOUND, "the provider has no revocation_url");
    enum error_code code = token_request_for_revocation(provider, token, hint, &request, error);
    if (code == ERROR_NONE)
        code = http_client_call(client, &request.http, &http, error);
    if (code == ERROR_NONE)
        code = judge(&request, &http, error);
    http_response_free(&http);
    token_request_clear(&request);
    return code;
}
