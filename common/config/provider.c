/* SPDX-License-Identifier: MIT */
#include "config/provider.h"

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "base/url.h"
#include "config/settings.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static const char *const pkce_choices[] = {"S256", "none", NULL};
static const char *const token_auth_choices[] = {"form", "basic", NULL};
static const char *const profile_auth_choices[] = {"bearer", "query", NULL};

#define EXPECTED_URL "an https URL (http only on localhost, 127.0.0.1 and [::1])"

// clang-format off
static const struct setting long_lived_settings[] = {
    {.key = "url", .type = SETTING_URL, .required = true, .expected = EXPECTED_URL},
    {.key = "grant_type",
     .type = SETTING_TEXT,
     .required = true,
     .expected = "a grant type, such as \"ig_exchange_token\""},
    {0}};

static const struct setting refresh_settings[] = {
    {.key = "url", .type = SETTING_URL, .expected = EXPECTED_URL},
    {.key = "grant_type", .type = SETTING_TEXT, .expected = "a grant type, such as \"ig_refresh_token\""},
    {.key = "min_age_seconds", .type = SETTING_NUMBER, .minimum = 0, .maximum = 31536000,
     .expected = "a whole number of seconds, such as 86400"},
    {0}};

static const struct setting provider_settings[] = {
    {.key = "preset", .type = SETTING_TEXT, .expected = "the name of a file in providers/, without .json"},
    {.key = "title", .type = SETTING_TEXT, .required = true, .expected = "the name people know, such as \"Instagram\""},
    {.key = "authorize_url", .type = SETTING_URL, .required = true, .expected = EXPECTED_URL},
    {.key = "authorize_params", .type = SETTING_TEXT_MAP, .expected = "an object of strings"},
    {.key = "reauth_params",
     .type = SETTING_TEXT_MAP,
     .expected = "an object of strings, such as {\"prompt\": \"login\"}"},
    {.key = "scope", .type = SETTING_TEXT_OR_LIST, .expected = "a scope, or a list of them"},
    {.key = "scope_separator", .type = SETTING_TEXT, .expected = "\",\" or \" \""},
    {.key = "pkce", .type = SETTING_CHOICE, .choices = pkce_choices, .expected = "\"S256\" or \"none\""},
    {.key = "token_url", .type = SETTING_URL, .required = true, .expected = EXPECTED_URL},
    {.key = "token_auth", .type = SETTING_CHOICE, .choices = token_auth_choices, .expected = "\"form\" or \"basic\""},
    {.key = "long_lived",
     .type = SETTING_OBJECT,
     .members = long_lived_settings,
     .expected = "an object with url and grant_type"},
    {.key = "refresh",
     .type = SETTING_OBJECT,
     .members = refresh_settings,
     .expected = "an object with url and grant_type"},
    {.key = "profile_url", .type = SETTING_URL, .required = true, .expected = EXPECTED_URL},
    {.key = "profile_params", .type = SETTING_TEXT_MAP, .expected = "an object of strings"},
    {.key = "profile_auth",
     .type = SETTING_CHOICE,
     .choices = profile_auth_choices,
     .expected = "\"bearer\" or \"query\""},
    {.key = "response_root",
     .type = SETTING_POINTER_LIST,
     .expected = "a list of JSON Pointers, such as [\"/data/0\", \"/data\", \"\"]"},
    {.key = "profile",
     .type = SETTING_OBJECT,
     .required = true,
     .expected = "an object of our fields to JSON Pointers"},
    {.key = "issuer", .type = SETTING_URL, .expected = EXPECTED_URL},
    {.key = "client_id",
     .type = SETTING_TEXT,
     .required = true,
     .expected = "the app's id, from the provider's dashboard"},
    {.key = "client_secret",
     .type = SETTING_TEXT,
     .required = true,
     .expected = "the app's secret, from the provider's dashboard"},
    {.key = "callback_url", .type = SETTING_URL, .expected = EXPECTED_URL},
    {.key = "allow", .type = SETTING_TEXT_LIST, .expected = "a list of usernames and ids"},
    {.key = "ca_file", .type = SETTING_FILE, .expected = "the absolute path of a PEM file"},
    {0}};
// clang-format on

const char *provider_choose(const struct config *config, const char *path_name) {
    if (path_name == NULL || *path_name == '\0')
        return config->default_provider;
    const cJSON *entry = json_member(config->providers, path_name);
    return entry != NULL ? entry->string : NULL;
}

/* The preset, or an empty object when none is named and there is no file of the provider's own name. */
static cJSON *read_preset(const struct config *config, const cJSON *own, struct provider *provider,
                          struct problems *problems) {
    const char *name = provider->name;
    char path[PATH_MAX];
    struct buffer text = BUFFER_EMPTY;
    const char *named = json_string(own, "preset");
    const char *preset = named != NULL ? named : name;
    const char *problem = NULL;
    cJSON *settings = NULL;
    if (!provider_name_is_valid(preset)) {
        problems_add(problems, "providers.%s.preset: expected the name of a file in providers/, without .json", name);
        return cJSON_CreateObject();
    }
    snprintf(path, sizeof path, "%s/providers/%s.json", config->home, preset);
    provider->preset = strdup(path);
    if (provider->preset == NULL)
        return NULL;
    if (!file_read(path, CONFIG_FILE_MAX, &text, &provider->preset_status)) {
        provider->preset_status.st_size = -1;
        if (named != NULL || errno != ENOENT)
            problems_add(problems, "%s cannot be read: %s", path, strerror(errno));
        settings = cJSON_CreateObject();
    } else {
        settings = json_parse(buffer_text(&text), text.len, &problem);
        if (settings == NULL)
            problems_add(problems, "%s: %s", path, problem);
        else if (!cJSON_IsObject(settings) || json_has_duplicate_key(settings, NULL))
            problems_add(problems, "%s: expected one JSON object in which no key stands twice", path);
    }
    buffer_free(&text);
    return settings;
}

/* Lays the config's own keys over the preset. */
static bool overlay(cJSON *settings, const cJSON *own) {
    for (const cJSON *value = own->child; value != NULL; value = value->next) {
        cJSON *copy = cJSON_Duplicate(value, true);
        const bool added = copy != NULL && (json_member(settings, value->string) != NULL
                                                ? cJSON_ReplaceItemInObjectCaseSensitive(settings, value->string, copy)
                                                : cJSON_AddItemToObject(settings, value->string, copy));
        if (!added) {
            json_free(copy);
            return false;
        }
    }
    return true;
}

static bool is_pointer_or_list(const cJSON *value) {
    if (!cJSON_IsArray(value))
        return settings_is_pointer(value);
    for (const cJSON *child = value->child; child != NULL; child = child->next)
        if (!settings_is_pointer(child))
            return false;
    return value->child != NULL;
}

/* `profile` maps our fields to JSON Pointers; `counts` holds such a map. */
static void check_profile_map(const char *name, const cJSON *map, bool top, struct problems *problems) {
    static const char *const reserved[] = {"accessToken", "refreshToken", "token"};
    for (const cJSON *entry = cJSON_IsObject(map) ? map->child : NULL; entry != NULL; entry = entry->next) {
        bool taken = false;
        for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
            taken = taken || text_equal(entry->string, reserved[i]);
        if (taken || strpbrk(entry->string, ".$") != NULL)
            problems_add(problems, "providers.%s.profile: \"%.40s\" cannot be the name of a field", name,
                         entry->string);
        else if (top && text_equal(entry->string, "counts") && cJSON_IsObject(entry))
            check_profile_map(name, entry, false, problems);
        else if (!is_pointer_or_list(entry))
            problems_add(problems,
                         "providers.%s.profile.%.40s: expected a JSON Pointer, such as \"/id\", or a list of them",
                         name, entry->string);
    }
    if (top && cJSON_IsObject(map) && json_member(map, "id") == NULL)
        problems_add(problems, "providers.%s.profile.id: is missing; expected a JSON Pointer, such as \"/id\"", name);
}

static void check_authorize_params(const char *name, const char *key, const cJSON *params, struct problems *problems) {
    static const char *const ours[] = {"client_id", "redirect_uri",   "response_type",        "scope",
                                       "state",     "code_challenge", "code_challenge_method"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (json_member(params, ours[i]) != NULL)
            problems_add(problems, "providers.%s.%s.%s: is set by the program; remove it", name, key, ours[i]);
}

/* What config-template.json holds in place of the app's id and secret. */
static void check_credentials(const char *where, const cJSON *settings, struct problems *problems) {
    static const char *const keys[] = {"client_id", "client_secret"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *text = json_string(settings, keys[i]);
        if (text != NULL && text_starts_with(text, "YOUR_"))
            problems_add(problems, "%s.%s: is still the template's; write the one from the provider's dashboard", where,
                         keys[i]);
    }
}

static char *join_scope(const cJSON *settings) {
    struct buffer scope = BUFFER_EMPTY;
    const char *separator = settings_text(settings, "scope_separator", " ");
    const cJSON *value = json_member(settings, "scope");
    if (cJSON_IsString(value))
        buffer_append_text(&scope, value->valuestring);
    for (const cJSON *item = cJSON_IsArray(value) ? value->child : NULL; item != NULL; item = item->next) {
        buffer_append_text(&scope, item == value->child ? "" : separator);
        buffer_append_text(&scope, item->valuestring);
    }
    return buffer_take(&scope);
}

static char *make_callback_url(const struct config *config, const struct provider *provider) {
    struct buffer url = BUFFER_EMPTY;
    const char *written = json_string(provider->settings, "callback_url");
    if (written != NULL)
        buffer_append_text(&url, written);
    else
        buffer_append_format(&url, "%s/auth/%s/callback", config->base_url, provider->name);
    return buffer_take(&url);
}

/* How its tokens are kept alive. A `refresh` without a URL is RFC 6749's own, at the token endpoint. */
static void read_renewal(struct provider *provider) {
    const cJSON *long_lived = json_member(provider->settings, "long_lived");
    const cJSON *refresh = json_member(provider->settings, "refresh");
    provider->long_lived_url = json_string(long_lived, "url");
    provider->long_lived_grant = json_string(long_lived, "grant_type");
    provider->refresh_grant = settings_text(refresh, "grant_type", "refresh_token");
    provider->refresh_url = settings_text(refresh, "url", provider->token_url);
    provider->refresh_min_age = settings_number(refresh, "min_age_seconds", 0);
}

/* Fills the provider from checked settings. False when memory runs out. */
static bool read_values(const struct config *config, struct provider *provider) {
    const cJSON *settings = provider->settings;
    const char *secret = json_string(settings, "client_secret");
    provider->title = json_string(settings, "title");
    provider->authorize_url = json_string(settings, "authorize_url");
    provider->authorize_params = json_member(settings, "authorize_params");
    /* A provider that does not know it ignores it (RFC 9700, section 2.1.1; RFC 6749, section 3.1). */
    provider->pkce = !text_equal(json_string(settings, "pkce"), "none");
    provider->reauth_params = json_member(settings, "reauth_params");
    provider->token_url = json_string(settings, "token_url");
    provider->token_auth_basic = text_equal(json_string(settings, "token_auth"), "basic");
    provider->profile_url = json_string(settings, "profile_url");
    provider->profile_params = json_member(settings, "profile_params");
    provider->profile_auth_bearer = !text_equal(json_string(settings, "profile_auth"), "query");
    provider->response_root = json_member(settings, "response_root");
    provider->profile = json_member(settings, "profile");
    provider->client_id = json_string(settings, "client_id");
    provider->allow = json_member(settings, "allow");
    provider->ca_file = json_string(settings, "ca_file");
    read_renewal(provider);
    provider->client_secret = secret_copy(secret, strlen(secret));
    provider->scope = join_scope(settings);
    provider->callback_url = make_callback_url(config, provider);
    return provider->client_secret != NULL && provider->scope != NULL && provider->callback_url != NULL;
}

static void check_settings(const char *name, const cJSON *settings, struct problems *problems) {
    char where[PROVIDER_NAME_MAX + 16];
    snprintf(where, sizeof where, "providers.%.*s", PROVIDER_NAME_MAX, name);
    if (json_member(settings, "issuer") != NULL && json_member(settings, "authorize_url") == NULL)
        problems_add(problems,
                     "%s.issuer: discovery is not part of this version; write authorize_url, token_url and "
                     "profile_url",
                     where);
    settings_check(settings, where, provider_settings, problems);
    check_profile_map(name, json_member(settings, "profile"), true, problems);
    check_authorize_params(name, "authorize_params", json_member(settings, "authorize_params"), problems);
    check_authorize_params(name, "reauth_params", json_member(settings, "reauth_params"), problems);
    check_credentials(where, settings, problems);
}

enum error_code provider_load(const struct config *config, const char *name, struct provider **provider,
                              struct problems *problems, struct error *error) {
    const size_t before = problems->count;
    const cJSON *own = json_member(config->providers, name);
    struct provider *loaded = calloc(1, sizeof *loaded);
    *provider = NULL;
    if (own == NULL)
        problems_add(problems, "providers: there is no \"%.40s\"", name);
    if (loaded == NULL || own == NULL)
        goto failed;
    loaded->name = own->string;
    loaded->settings = read_preset(config, own, loaded, problems);
    if (problems->count == before && (loaded->settings == NULL || !overlay(loaded->settings, own)))
        goto failed;
    if (problems->count == before)
        check_settings(name, loaded->settings, problems);
    if (problems->count == before && read_values(config, loaded)) {
        *provider = loaded;
        return ERROR_NONE;
    }
failed:
    provider_free(loaded);
    if (problems->count == before)
        return error_out_of_memory(error);
    return error_set(error, ERROR_CONFIG, "%s", problems_line(problems, before));
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
    free(provider);
}
