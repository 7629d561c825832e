/* provider_body.c and provider_response.c: whatever a provider answers, there is an object to use or a cause that can
 * be printed and holds no secret. The first byte chooses the status and the type.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "base/json.h"
#include "oauth/provider_response.h"

static const long statuses[] = {200, 201, 302, 400, 429, 500};
static const char *const types[] = {"application/json", "application/x-www-form-urlencoded", "text/plain", ""};
static const char *const secrets[] = {"SECRET", NULL};

enum { STATUSES = sizeof statuses / sizeof *statuses, TYPES = sizeof types / sizeof *types };

/* A cause is cut at a byte, so that its last character need not be whole. */
static void check_cause(const char *cause) {
    must(*cause != '\0');
    for (const char *at = cause; *at != '\0'; at++)
        must((unsigned char)*at >= 0x20 && *at != 0x7F);
    must(strstr(cause, secrets[0]) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct provider provider = {.name = "example"};
    struct http_response http = {.status = 200};
    struct provider_response response;
    struct error error = {""};
    if (size == 0)
        return 0;
    cJSON *wanted = cJSON_CreateString("/access_token"), *refused = cJSON_CreateArray();
    must(json_append(refused, cJSON_CreateNumber(100)));
    const struct provider_call call = {
        .provider = &provider, .endpoint = "token endpoint", .wanted = wanted, .secrets = secrets, .refused = refused};
    http.status = statuses[data[0] % STATUSES];
    snprintf(http.content_type, sizeof http.content_type, "%s", types[data[0] / STATUSES % TYPES]);
    buffer_append(&http.body, data + 1, size - 1);
    const enum error_code code = provider_response_read(&call, &http, &response, &error);
    must((code == ERROR_NONE) == (response.root != NULL));
    must((response.document != NULL) == (code == ERROR_NONE || code == ERROR_FIELD_REFUSED));
    if (code != ERROR_NONE)
        check_cause(error.cause);
    else
        check_cause((provider_response_refuse(&call, &response, "no token", &error), error.cause));
    json_free(response.document);
    json_free(wanted);
    json_free(refused);
    http_response_free(&http);
    return 0;
}
