/* A sample site for tests that need a config, a request or a provider but read none from a file.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TESTS_SAMPLE_H
#define CGI_LOGIN_TESTS_SAMPLE_H

#include "support.h"

#include "base/json.h"
#include "config/config.h"
#include "config/provider.h"
#include "http/request.h"
#include "http/response.h"

#define SAMPLE_NOW 1764000000 /* 2025-11-24T16:00:00Z */

static inline cJSON *sample_json(const char *text) {
    cJSON *value;
    json_parse(text, strlen(text), &value, NULL);
    assert_non_null(value);
    return value;
}

static inline void sample_add_key(struct keyring *ring) {
    char text[KEY_TEXT_SIZE];
    keyring_generate(text);
    assert_int_equal(keyring_add(ring, text), KEY_ADDED);
}

/* A config with one random key and the provider "instagram"; emptied by sample_config_clear. */
static inline void sample_config(struct config *config) {
    *config = (struct config){.base_url = "https://www.example.com",
                              .session_lifetime = 14 * SECONDS_PER_DAY,
                              .session_recheck = 5 * SECONDS_PER_MINUTE,
                              .success = "/profile",
                              .failure = "/login",
                              .home_path = "/",
                              .seal_tokens = true,
                              .default_provider = "instagram"};
    config->document = sample_json("{\"providers\":{\"instagram\":{\"client_id\":\"1\",\"client_secret\":\"s\"}}}");
    config->providers = json_member(config->document, "providers");
    sample_add_key(&config->keys);
}

static inline void sample_config_clear(struct config *config) {
    keyring_clear(&config->keys);
    json_free(config->document);
}

static inline struct request sample_request(const char *cookies) {
    return (struct request){
        .method = METHOD_GET, .provider = "", .cookies = cookies, .now = SAMPLE_NOW, .script_name = ""};
}

/* The Cookie header of a browser that took every cookie the response sets. */
static inline void sample_take_cookies(const struct response *response, struct buffer *cookies) {
    static const char header[] = "Set-Cookie: ";
    for (const char *at = strstr(buffer_text(&response->headers), header); at != NULL; at = strstr(at, header)) {
        at += strlen(header);
        if (cookies->len != 0)
            buffer_append_text(cookies, "; ");
        buffer_append(cookies, at, strcspn(at, ";\r"));
    }
}

#endif
