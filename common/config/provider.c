/* SPDX-License-Identifier: MIT */
#include "config/provider.h"

#include "base/file.h"
#include "base/file_fault.h"
#include "base/json.h"
#include "base/text.h"
#include "base/url.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_AT(member) SETTING_AT(struct provider, const char *, member)
#define NUMBER_AT(member) SETTING_AT(struct provider, int64_t, member)
#define BOOLEAN_AT(member) SETTING_AT(struct provider, bool, member)
#define JSON_AT(member) SETTING_AT(struct provider, const cJSON *, member)

// clang-format off
static const struct setting long_lived_settings[] = {
    {.key = "url", .type = SETTING_URL, .required = true,
     .offset = TEXT_AT(long_lived_url), .example = "\"https://graph.instagram.com/access_token\"",
     .meaning = "where a short-lived token is exchanged for a long-lived one"},
    {.key = "grant_type", .type = SETTING_TEXT, .required = true,
     .offset = TEXT_AT(long_lived_grant), .example = "\"ig_exchange_token\"",
     .meaning = "what is asked for there"},
    {0}};

static const struct setting refresh_settings[] = {
    {.key = "url", .type = SETTING_URL, .otherwise = "`token_url`",
     .offset = TEXT_AT(refresh_url), .example = "\"https://graph.instagram.com/refresh_access_token\"",
     .meaning = "where a token is refreshed"},
    {.key = "grant_type", .type = SETTING_TEXT, .text = "refresh_token",
     .offset = TEXT_AT(refresh_grant), .example = "\"ig_refresh_token\"",
     .meaning = "`\"refresh_token\"`: with a refresh token, as RFC 6749 has it. Anything else: with the token itself, as "
                "Instagram has it"},
    {.key = "min_age_seconds", .type = SETTING_SECONDS, .minimum = 0, .maximum = 31536000, .number = 0,
     .offset = NUMBER_AT(refresh_min_age), .example = "86400",
     .meaning = "a younger token is not refreshed"},
    {0}};

const struct setting provider_settings[] = {
    {.key = "client_id", .type = SETTING_TEXT, .required = true, .config_only = true,
     .offset = TEXT_AT(client_id), .example = "\"1029384756102938\"",
     .what = "the app's id, from the provider's dashboard",
     .meaning = "the app's id"},
    {.key = "client_secret", .type = SETTING_TEXT, .required = true, .config_only = true,
     .example = "\"0f3c…\"",
     .what = "the app's secret, from the provider's dashboard",
     .meaning = "the app's secret"},
    {.key = "callback_url", .type = SETTING_URL, .config_only = true, .otherwise = "`base_url` + `/auth/NAME/callback`",
     .example = "\"https://www.example.com/auth/instagram/callback\"",
     .meaning = "the redirect URI, as registered"},
    {.key = "allow", .type = SETTING_TEXT_LIST, .config_only = true, .otherwise = "everybody",
     .object_unsupported = "rules keep nobody out, only a list of usernames and ids does",
     .offset = JSON_AT(allow), .example = "[\"harbour.bakery\", \"17841405793187218123\"]",
     .what = "a list of usernames and ids",
     .meaning = "nobody else gets in. Ids are safer: usernames change hands"},
    {.key = "preset", .type = SETTING_TEXT, .config_only = true, .otherwise = "the provider's name",
     .example = "\"instagram\"",
     .what = "the name of a file in providers/, without .json",
     .meaning = "the file to start from"},
    {.key = "ca_file", .type = SETTING_FILE, .config_only = true, .otherwise = "none",
     .offset = TEXT_AT(ca_file), .example = "\"/home/you/ca.pem\"",
     .what = "the absolute path of a PEM file",
     .meaning = "one more CA to trust for this provider"},
    {.key = "title", .type = SETTING_TEXT, .required = true,
     .offset = TEXT_AT(title), .example = "\"Instagram\"",
     .what = "the name people know",
     .meaning = "the name on the button"},
    {.key = "authorize_url", .type = SETTING_URL, .required = true,
     .offset = TEXT_AT(authorize_url), .example = "\"https://www.instagram.com/oauth/authorize\"",
     .meaning = "where the browser is sent to log in"},
    {.key = "authorize_params", .type = SETTING_TEXT_MAP, .otherwise = "none",
     .offset = JSON_AT(authorize_params), .example = "{\"enable_fb_login\": \"0\"}",
     .meaning = "more parameters for that URL"},
    {.key = "reauth_params", .type = SETTING_TEXT_MAP, .otherwise = "none",
     .offset = JSON_AT(reauth_params), .example = "{\"force_reauth\": \"true\"}",
     .meaning = "more parameters for that URL when `?reauth=1` asks for a fresh login"},
    {.key = "scope", .type = SETTING_TEXT_OR_LIST, .otherwise = "none",
     .example = "[\"instagram_business_basic\"]",
     .meaning = "what is asked for"},
    {.key = "scope_separator", .type = SETTING_TEXT, .text = " ",
     .offset = TEXT_AT(scope_separator), .example = "\",\"",
     .meaning = "what joins the list"},
    {.key = "pkce", .type = SETTING_CHOICE, .choices = {"S256", "none"}, .text = "S256",
     .offset = BOOLEAN_AT(pkce), .example = "\"none\"",
     /* A provider that does not know it ignores it (RFC 9700, section 2.1.1; RFC 6749, section 3.1). */
     .meaning = "whether the code is bound to this browser by PKCE (RFC 7636)"},
    {.key = "token_url", .type = SETTING_URL, .required = true,
     .offset = TEXT_AT(token_url), .example = "\"https://api.instagram.com/oauth/access_token\"",
     .meaning = "where the code is exchanged for a token"},
    {.key = "token_auth", .type = SETTING_CHOICE, .choices = {"basic", "form"}, .text = "form",
     .offset = BOOLEAN_AT(token_auth_basic), .example = "\"basic\"",
     .meaning = "how the app proves itself there: by HTTP Basic, or in the form"},
    {.key = "profile_url", .type = SETTING_URL, .required = true,
     .offset = TEXT_AT(profile_url), .example = "\"https://graph.instagram.com/v26.0/me\"",
     .meaning = "where the profile is read"},
    {.key = "profile_params", .type = SETTING_TEXT_MAP, .otherwise = "none",
     .offset = JSON_AT(profile_params), .example = "{\"fields\": \"id,username\"}",
     .meaning = "parameters for that URL"},
    {.key = "profile_auth", .type = SETTING_CHOICE, .choices = {"bearer", "query"}, .text = "bearer",
     .offset = BOOLEAN_AT(profile_auth_bearer), .example = "\"query\"",
     .meaning = "how the token goes there: in a header, or in the query"},
    {.key = "response_root", .type = SETTING_POINTER_LIST, .otherwise = "the whole response",
     .offset = JSON_AT(response_root), .example = "[\"/data/0\", \"/data\", \"\"]",
     .meaning = "where the object sits in a response; they are tried in turn"},
    {.key = "profile", .type = SETTING_OBJECT, .required = true,
     .offset = JSON_AT(profile), .example = "{\"id\": \"/id\", \"username\": \"/username\"}",
     .what = "an object of our fields to a JSON Pointer, or to a list tried in turn; with `id`",
     .meaning = "what is taken from the profile"},
    {.key = "long_lived", .type = SETTING_OBJECT, .members = long_lived_settings,
     .what = "an object with url and grant_type"},
    {.key = "refresh", .type = SETTING_OBJECT, .members = refresh_settings,
     .what = "an object with url and grant_type"},
    {.key = "issuer", .unsupported = "nothing is discovered from it; authorize_url, token_url and profile_url count"},
    {0}};
// clang-format on

const char *provider_choose(const struct config *config, const char *path_name) {
    if (path_name == NULL || *path_name == '\0')
        return config->default_provider;
    const cJSON *entry = json_member(config->providers, path_name);
    return entry != NULL ? entry->string : NULL;
}

/* One provider's settings and where each was written, for the messages. */
struct sources {
    const cJSON *own; /* in config.json */
    cJSON *preset;    /* from the file; becomes the whole */
    char own_place[PROVIDER_NAME_MAX + sizeof "providers."];
    char *preset_place; /* the file's name and ": " */
};

/* Where a key of the whole was written. */
static const char *place_of(const struct sources *sources, const char *key) {
    return json_member(sources->own, key) != NULL || json_member(sources->preset, key) == NULL ? sources->own_place
                                                                                               : sources->preset_place;
}

/* True if the config describes a provider itself, which then needs no file. */
static bool describes_provider(const cJSON *own) {
    for (const struct setting *setting = provider_settings; setting->key != NULL; setting++)
        if (!setting->config_only && json_member(own, setting->key) != NULL)
            return true;
    return false;
}

static cJSON *parse_preset(const struct sources *sources, const struct buffer *text, struct problems *problems) {
    const char *problem = NULL;
    cJSON *preset = json_parse(buffer_text(text), text->len, &problem);
    if (preset == NULL)
        problems_add(problems, "%s%s", sources->preset_place, problem);
    else if (!cJSON_IsObject(preset) || json_has_duplicate_key(preset, NULL))
        problems_add(problems, "%sexpected one JSON object in which no key stands twice", sources->preset_place);
    return preset;
}

/* Reads the file `path`, or takes an empty object for it where the provider needs none. */
static void read_preset_file(struct sources *sources, const char *path, struct stat *status,
                             struct problems *problems) {
    struct buffer text = BUFFER_EMPTY;
    if (file_read(path, CONFIG_FILE_MAX, &text, status)) {
        sources->preset = parse_preset(sources, &text, problems);
    } else {
        const int cause = errno;
        char fault[FILE_FAULT_MAX];
        status->st_size = -1;
        sources->preset = cJSON_CreateObject();
        if (cause != ENOENT)
            problems_add(problems, "%s cannot be read: %s", path, file_fault(path, cause, fault));
        else if (json_member(sources->own, "preset") != NULL || !describes_provider(sources->own))
            problems_add(problems, "there is no %s; upload it, or name another file in providers/ with %s.preset", path,
                         sources->own_place);
    }
    buffer_free(&text);
}

/* False when memory runs out, or nothing can be read; then there may be a problem. */
static bool read_preset(const struct config *config, struct provider *provider, struct sources *sources,
                        struct problems *problems) {
    const char *named = json_string(sources->own, "preset");
    const char *preset = named != NULL ? named : provider->name;
    struct buffer path = BUFFER_EMPTY, place = BUFFER_EMPTY;
    if (!provider_name_is_valid(preset)) {
        problems_add(problems, "%s.preset: expected the name of a file in providers/, without .json",
                     sources->own_place);
        return false;
    }
    buffer_append_format(&path, "%s/providers/%s.json", config->home, preset);
    buffer_append_format(&place, "%s: ", buffer_text(&path));
    provider->preset = buffer_take(&path);
    sources->preset_place = buffer_take(&place);
    if (provider->preset != NULL && sources->preset_place != NULL)
        read_preset_file(sources, provider->preset, &provider->preset_status, problems);
    buffer_free(&path);
    buffer_free(&place);
    return sources->preset != NULL;
}

/* Lays the config's own keys over the preset. */
static bool overlay(cJSON *settings, const cJSON *own) {
    for (const cJSON *value = own->child; value != NULL; value = value->next) {
        cJSON_DeleteItemFromObjectCaseSensitive(settings, value->string);
        if (!json_add(settings, value->string, cJSON_Duplicate(value, true)))
            return false;
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
static void check_profile_map(const char *where, const cJSON *map, bool top, struct problems *problems) {
    static const char *const reserved[] = {"accessToken", "refreshToken", "token"};
    const char *dot = where[strlen(where) - 1] == ' ' ? "" : ".";
    for (const cJSON *entry = cJSON_IsObject(map) ? map->child : NULL; entry != NULL; entry = entry->next) {
        bool taken = false;
        for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
            taken = taken || text_equal(entry->string, reserved[i]);
        if (taken || strpbrk(entry->string, ".$") != NULL)
            problems_add(problems, "%s%sprofile: \"%.40s\" cannot be the name of a field", where, dot, entry->string);
        else if (top && text_equal(entry->string, "counts") && cJSON_IsObject(entry))
            check_profile_map(where, entry, false, problems);
        else if (!is_pointer_or_list(entry))
            problems_add(problems, "%s%sprofile.%.40s: expected a JSON Pointer, such as \"/id\", or a list of them",
                         where, dot, entry->string);
    }
    if (top && cJSON_IsObject(map) && json_member(map, "id") == NULL)
        problems_add(problems, "%s%sprofile.id: is missing; expected a JSON Pointer, such as \"/id\"", where, dot);
}

static void check_authorize_params(const struct sources *sources, const char *key, struct problems *problems) {
    static const char *const ours[] = {"client_id", "redirect_uri",   "response_type",        "scope",
                                       "state",     "code_challenge", "code_challenge_method"};
    const cJSON *params = json_member(sources->preset, key);
    const char *where = place_of(sources, key);
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (json_member(params, ours[i]) != NULL)
            problems_add(problems, "%s%s%s.%s: is set by the program; remove it", where,
                         where == sources->own_place ? "." : "", key, ours[i]);
}

/* What config-template.json holds in place of the app's id and secret. */
static void check_credentials(const struct sources *sources, struct problems *problems) {
    static const char *const keys[] = {"client_id", "client_secret"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *text = json_string(sources->own, keys[i]);
        if (text != NULL && text_starts_with(text, "YOUR_"))
            problems_add(problems, "%s.%s: is still the template's; write the one from the provider's dashboard",
                         sources->own_place, keys[i]);
    }
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

static char *make_callback_url(const struct config *config, const struct provider *provider) {
    struct buffer url = BUFFER_EMPTY;
    const char *written = json_string(provider->settings, "callback_url");
    if (written != NULL)
        buffer_append_text(&url, written);
    else
        buffer_append_format(&url, "%s/auth/%s/callback", config->base_url, provider->name);
    return buffer_take(&url);
}

/* Fills the provider from checked settings. False when memory runs out. */
static bool read_values(const struct config *config, struct provider *provider) {
    const char *secret = json_string(provider->settings, "client_secret");
    settings_read(provider->settings, provider_settings, provider);
    /* A `refresh` without a URL is RFC 6749's own, at the token endpoint. */
    if (provider->refresh_url == NULL)
        provider->refresh_url = provider->token_url;
    provider->client_secret = secret_copy(secret, strlen(secret));
    provider->scope = join_scope(provider);
    provider->callback_url = make_callback_url(config, provider);
    return provider->client_secret != NULL && provider->scope != NULL && provider->callback_url != NULL;
}

/* Checks what depends on both sources, once the config's keys lie over the preset's. */
static void check_whole(const struct sources *sources, struct problems *problems) {
    settings_require(sources->preset, sources->own_place, provider_settings, problems);
    check_profile_map(place_of(sources, "profile"), json_member(sources->preset, "profile"), true, problems);
    check_authorize_params(sources, "authorize_params", problems);
    check_authorize_params(sources, "reauth_params", problems);
    check_credentials(sources, problems);
}

/* Reads, checks and joins the sources. False if there are problems, or memory runs out. */
static bool read_settings(const struct config *config, struct provider *provider, struct sources *sources,
                          struct problems *problems) {
    const size_t before = problems->count;
    snprintf(sources->own_place, sizeof sources->own_place, "providers.%.*s", PROVIDER_NAME_MAX, provider->name);
    settings_check(sources->own, sources->own_place, provider_settings, false, problems);
    if (!read_preset(config, provider, sources, problems))
        return false;
    if (cJSON_IsObject(sources->preset))
        settings_check(sources->preset, sources->preset_place, provider_settings, true, problems);
    if (problems->count != before || !overlay(sources->preset, sources->own))
        return false;
    check_whole(sources, problems);
    return problems->count == before;
}

enum error_code provider_load(const struct config *config, const char *name, struct provider **provider,
                              struct problems *problems, struct error *error) {
    const size_t before = problems->count;
    struct sources sources = {.own = json_member(config->providers, name)};
    struct provider *loaded = calloc(1, sizeof *loaded);
    *provider = NULL;
    if (sources.own == NULL)
        problems_add(problems, "providers: there is no \"%.40s\"", name);
    if (loaded == NULL || sources.own == NULL)
        goto failed;
    loaded->name = sources.own->string;
    const bool read = read_settings(config, loaded, &sources, problems);
    loaded->settings = sources.preset;
    buffer_free_text(sources.preset_place);
    if (read && read_values(config, loaded)) {
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
