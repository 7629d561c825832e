/* SPDX-License-Identifier: MIT */
#include "openid/issuer.h"

#include "base/json.h"
#include "base/text.h"
#include "base/url.h"
#include "openid/issuer_file.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

/* When a login cannot do without a URL. An ID token wants a key, and says who it is where nothing else does. */
enum need { ALWAYS, WITH_ID_TOKEN, WITHOUT_ID_TOKEN, NEVER };

/* Where each URL of the metadata goes. */
static const struct {
    const char *member; /* of the metadata */
    const char *key;    /* of the settings, which win */
    size_t offset;      /* in struct provider */
    enum need need;
} urls[] = {{"authorization_endpoint", "authorize_url", offsetof(struct provider, authorize_url), ALWAYS},
            {"token_endpoint", "token_url", offsetof(struct provider, token_url), ALWAYS},
            {"jwks_uri", "jwks_url", offsetof(struct provider, jwks_url), WITH_ID_TOKEN},
            {"userinfo_endpoint", "profile_url", offsetof(struct provider, profile_url), WITHOUT_ID_TOKEN},
            {"revocation_endpoint", "revocation_url", offsetof(struct provider, revocation_url), NEVER},
            {"end_session_endpoint", "end_session_url", offsetof(struct provider, end_session_url), NEVER}};

enum { URLS = sizeof urls / sizeof *urls };

/* True if keys of the issuer judge the ID token. */
static bool wants_keys(const struct provider *provider) {
    return provider->openid && !provider->id_token_by_secret;
}

bool issuer_is_wanted(const struct provider *provider) {
    const cJSON *written = provider->settings;
    return provider->issuer != NULL &&
           (json_member(written, "authorize_url") == NULL || json_member(written, "token_url") == NULL ||
            (provider->profile_from == PROFILE_FROM_URL && json_member(written, "profile_url") == NULL) ||
            (wants_keys(provider) && json_member(written, "jwks_url") == NULL));
}

/* True if the provider needs what stands in that row of the table above, and nothing is written. */
static bool needs(const struct provider *provider, size_t row) {
    const enum need need = urls[row].need;
    return json_member(provider->settings, urls[row].key) == NULL &&
           (need == ALWAYS || (need == WITH_ID_TOKEN && wants_keys(provider)) ||
            (need == WITHOUT_ID_TOKEN && !provider->openid));
}

/* An issuer elsewhere names nothing on this machine, where http would do. */
static enum error_code check_url(const cJSON *metadata, const char *member, bool required, struct error *error) {
    const cJSON *url = json_member(metadata, member);
    const char *issuer = json_string(metadata, "issuer");
    const bool local = issuer != NULL && text_starts_with(issuer, "http:");
    if (url == NULL || cJSON_IsNull(url))
        return required ? error_set(error, ERROR_PROVIDER, "the issuer's metadata lack %s", member) : ERROR_NONE;
    return cJSON_IsString(url) && url_is_secure(url->valuestring) &&
                   (local || text_starts_with(url->valuestring, "https:"))
               ? ERROR_NONE
               : error_set(error, ERROR_PROVIDER, "in the issuer's metadata %s is no https URL", member);
}

/* The issuer of the metadata must be the one whose URL they were fetched from (OpenID Connect Discovery 1.0, section
 * 4.3), or the one that the provider file says its ID tokens name. */
enum error_code issuer_check(const struct provider *provider, const cJSON *metadata, struct error *error) {
    const char *issuer = json_string(metadata, "issuer");
    enum error_code code = ERROR_NONE;
    if (!text_equal(issuer, provider->issuer) && !text_equal(issuer, provider->id_token_issuer)) {
        struct buffer printable = BUFFER_EMPTY;
        enum { SHOWN_MAX = 160 };
        text_append_printable(&printable, issuer != NULL ? issuer : "nobody", SHOWN_MAX);
        code = error_set(error, ERROR_PROVIDER,
                         "what %s publishes is of another issuer, %s; write the one that the provider documents into "
                         "`issuer`, to the letter (a slash at the end counts)",
                         provider->issuer, buffer_text(&printable));
        buffer_free(&printable);
    }
    for (size_t i = 0; code == ERROR_NONE && i < URLS; i++)
        code = check_url(metadata, urls[i].member, needs(provider, i), error);
    return code;
}

/* True if the provider takes the client's secret in a form, and does not take HTTP Basic, which is what holds where it
 * says nothing (OpenID Connect Discovery 1.0, section 3). */
static bool takes_form_only(const cJSON *metadata) {
    bool basic = false, form = false;
    const cJSON *methods = json_member(metadata, "token_endpoint_auth_methods_supported");
    for (const cJSON *method = cJSON_IsArray(methods) ? methods->child : NULL; method != NULL; method = method->next) {
        basic = basic || text_equal(method->valuestring, "client_secret_basic");
        form = form || text_equal(method->valuestring, "client_secret_post");
    }
    return form && !basic;
}

void issuer_complete(struct provider *provider, cJSON *metadata, int64_t fetched) {
    for (size_t i = 0; i < URLS; i++)
        if (json_member(provider->settings, urls[i].key) == NULL)
            *(const char **)((char *)provider + urls[i].offset) = json_string(metadata, urls[i].member);
    if (json_string(json_member(provider->settings, "refresh"), "url") == NULL)
        provider->refresh_url = provider->token_url;
    if (json_member(provider->settings, "token_auth") == NULL)
        provider->token_auth = takes_form_only(metadata) ? TOKEN_AUTH_FORM : TOKEN_AUTH_BASIC;
    json_free(provider->metadata);
    provider->metadata = metadata;
    provider->metadata_fetched = fetched;
}

/* How old something is. What comes from a time that is still ahead was fetched before the clock was set back: nobody
 * knows how old it is. */
static enum issuer_state judge_age(int64_t fetched, int64_t now) {
    if (fetched > now)
        return ISSUER_OLD;
    if (now - fetched > METADATA_END_SECONDS)
        return ISSUER_UNKNOWN;
    return now - fetched > METADATA_OLD_SECONDS ? ISSUER_OLD : ISSUER_KNOWN;
}

enum error_code issuer_load(const struct config *config, struct provider *provider, int64_t now,
                            enum issuer_state *state, struct error *error) {
    const struct issuer_file file = {config->state, provider->name, provider->issuer, ISSUER_FILE_METADATA};
    struct issuer_document kept;
    struct error wrong;
    *state = ISSUER_KNOWN;
    if (!issuer_is_wanted(provider))
        return ERROR_NONE;
    const enum error_code code = issuer_file_read(&file, &kept, error);
    if (code != ERROR_NONE)
        return code;
    /* A process that serves many requests may know what could not be written. */
    if (kept.document != NULL && (provider->metadata == NULL || kept.fetched > provider->metadata_fetched) &&
        issuer_check(provider, kept.document, &wrong) == ERROR_NONE)
        issuer_complete(provider, kept.document, kept.fetched);
    else
        json_free(kept.document);
    *state = provider->metadata != NULL ? judge_age(provider->metadata_fetched, now) : ISSUER_UNKNOWN;
    return ERROR_NONE;
}

enum error_code issuer_load_provider(const struct config *config, const char *name, struct provider **provider,
                                     struct problems *problems, struct error *error) {
    enum issuer_state state;
    enum error_code code = provider_load(config, name, provider, problems, error);
    if (code == ERROR_NONE)
        code = issuer_load(config, *provider, (int64_t)time(NULL), &state, error);
    if (code == ERROR_NONE)
        return ERROR_NONE;
    provider_free(*provider);
    *provider = NULL;
    return code;
}

#define TENANT "{tenantid}"

/* Microsoft's tenants have a GUID or a domain. */
static size_t tenant_length(const char *text) {
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.");
}

bool issuer_matches(const struct provider *provider, const char *issuer) {
    const char *expected = provider->id_token_issuer;
    const char *tenant = strstr(expected, TENANT);
    if (tenant == NULL)
        return strcmp(issuer, expected) == 0;
    const size_t before = (size_t)(tenant - expected);
    if (strncmp(issuer, expected, before) != 0)
        return false;
    const size_t len = tenant_length(issuer + before);
    return len != 0 && strcmp(issuer + before + len, tenant + strlen(TENANT)) == 0;
}

bool issuer_names_itself(const struct provider *provider) {
    return cJSON_IsTrue(json_member(provider->metadata, "authorization_response_iss_parameter_supported"));
}
