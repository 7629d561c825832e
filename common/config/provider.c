/* SPDX-License-Identifier: MIT */
#include "config/provider.h"

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "config/provider_checks.h"
#include "config/routes.h"

#include <stdlib.h>
#include <string.h>

const char *provider_choose(const struct config *config, const char *path_name) {
    if (path_name == NULL || *path_name == '\0')
        return config->default_provider;
    const cJSON *entry = json_member(config->providers, path_name);
    return entry != NULL ? entry->string : NULL;
}

static char *join_scope(const struct provider *provider) {
    struct buffer scope = BUFFER_EMPTY;
    const cJSON *value = json_member(provider->settings, "scope");
    if (cJSON_IsString(value))
        buffer_append_text(&scope, value->valuestring);
    for (const cJSON *item = cJSON_IsArray(value) ? value->child : NULL; item != NULL; item = item->next) {
        buffer_append_text(&scope, item == value->child ? "" : provider->scope_separator);
        buffer_append_text(&scope, item->valuestring);
    }
    return buffer_take(&scope);
}

/* True if the scope, which is joined with any separator, has `openid` in it. */
static bool asks_for_id_token(const struct provider *provider) {
    static const char word[] = "openid";
    const size_t len = sizeof word - 1;
    for (const char *at = provider->scope; (at = strstr(at, word)) != NULL; at += len) {
        const bool begins = at == provider->scope || strchr(" ,+", at[-1]) != NULL;
        if (begins && strchr(" ,+", at[len]) != NULL)
            return true;
    }
    return false;
}

static char *make_callback_url(const struct config *config, const struct provider *provider) {
    struct buffer url = BUFFER_EMPTY;
    const char *written = json_string(provider->settings, "callback_url");
    buffer_append_text(&url, written != NULL ? written : config->base_url);
    if (written == NULL)
        route_append(&url, ROUTE_CALLBACK, provider->name);
    return buffer_take(&url);
}

/* Fills the provider from checked settings. False when memory runs out. */
static bool read_values(const struct config *config, struct provider *provider) {
    const char *secret = json_string(provider->settings, "client_secret");
    settings_read(provider->settings, provider_settings, provider);
    /* A `refresh` without a URL is RFC 6749's own, at the token endpoint. */
    if (provider->refresh_url == NULL)
        provider->refresh_url = provider->token_url;
    if (secret != NULL)
        provider->client_secret = secret_copy(secret, strlen(secret));
    provider->site_allow = allow_of_site(config);
    provider->allow = allow_of_provider(config, provider->name);
    provider->form_post = text_equal(json_string(provider->authorize_params, "response_mode"), "form_post");
    provider->scope = join_scope(provider);
    provider->callback_url = make_callback_url(config, provider);
    provider->openid = provider->issuer != NULL && provider->scope != NULL && asks_for_id_token(provider);
    provider->id_token_by_secret = provider_is_signed_by_secret(provider->id_token_algorithms);
    if (provider->id_token_issuer == NULL)
        provider->id_token_issuer = provider->issuer;
    return (secret == NULL || provider->client_secret != NULL) && provider->scope != NULL &&
           provider->callback_url != NULL;
}

/* Reads both sources, and checks what depends on both. False if there are problems, or memory runs out. */
static bool read_settings(const struct config *config, struct provider *provider, struct provider_sources *sources,
                          struct problems *problems) {
    const size_t before = problems->count;
    if (!provider_sources_read(config, provider, sources, problems))
        return false;
    provider_check(sources, problems);
    return problems_none(problems, before);
}

enum error_code provider_load(const struct config *config, const char *name, struct provider **provider,
                              struct problems *problems, struct error *error) {
    const size_t before = problems->count;
    struct provider_sources sources = {.config = config, .own = json_member(config->providers, name)};
    struct provider *loaded = calloc(1, sizeof *loaded);
    *provider = NULL;
    if (sources.own == NULL)
        problems_add(problems, "providers: there is no \"%.40s\"", name);
    if (loaded == NULL || sources.own == NULL)
        goto failed;
    loaded->name = sources.own->string;
    const bool sound = read_settings(config, loaded, &sources, problems);
    loaded->settings = sources.settings;
    buffer_free_text(sources.preset_place);
    if (sound && read_values(config, loaded)) {
        *provider = loaded;
        return ERROR_NONE;
    }
failed:
    provider_free(loaded);
    const enum error_code code = problems_result(problems, before, error);
    return code != ERROR_NONE ? code : error_out_of_memory(error);
}

bool provider_is_current(const struct provider *provider) {
    return file_is_unchanged(provider->preset, &provider->preset_status);
}

void provider_free(struct provider *provider) {
    if (provider == NULL)
        return;
    free(provider->preset);
    secret_free(provider->client_secret);
    free(provider->scope);
    free(provider->callback_url);
    json_free(provider->settings);
    json_free(provider->metadata);
    free(provider);
}
