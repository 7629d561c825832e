/* SPDX-License-Identifier: MIT */
#include "config/provider.h"

#include "base/file.h"
#include "base/file_fault.h"
#include "base/json.h"
#include "base/query.h"
#include "base/text.h"
#include "config/profile_field.h"
#include "config/provider_allow.h"
#include "config/provider_file.h"
#include "config/provider_settings.h"
#include "config/routes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *provider_choose(const struct config *config, const char *path_name) {
    if (path_name == NULL || *path_name == '\0')
        return config->default_provider;
    const cJSON *entry = json_member(config->providers, path_name);
    return entry != NULL ? entry->string : NULL;
}

/* One provider's settings and where each was written, for the messages. */
struct sources {
    const cJSON *own; /* in config.json */
    cJSON *preset;    /* the settings of the file, over which those of the config are laid */
    char own_place[PROVIDER_NAME_MAX + sizeof "providers."];
    char *preset_place; /* the file's name and ": " */
};

/* Returns the source in which a key was written. */
static const char *place_of(const struct sources *sources, const char *key) {
    return json_member(sources->own, key) != NULL || json_member(sources->preset, key) == NULL ? sources->own_place
                                                                                               : sources->preset_place;
}

/* True if the config describes a provider itself, which then needs no file: it has a key that each provider must have,
 * and not only one that changes something in a file. */
static bool describes_provider(const cJSON *own) {
    for (const struct setting *setting = provider_settings; setting->key != NULL; setting++)
        if (setting->required && !setting->config_only && json_member(own, setting->key) != NULL)
            return true;
    return false;
}

static cJSON *parse_preset(const struct sources *sources, const char *path, const struct buffer *text,
                           struct problems *problems) {
    const char *problem = NULL;
    cJSON *preset;
    switch (json_parse_settings(buffer_text(text), text->len, &preset, &problem)) {
    case JSON_PARSED:
        if (!cJSON_IsObject(preset) || json_has_duplicate_key(preset, NULL))
            problems_add(problems, "%sexpected one JSON object in which no key stands twice", sources->preset_place);
        break;
    case JSON_MALFORMED: problems_add_malformed(problems, path, problem, text); break;
    case JSON_NO_MEMORY: problems->out_of_memory = true; break;
    }
    return preset;
}

/* Reads the file at `path`, or takes an empty object where the provider needs no file. */
static void read_preset_file(struct sources *sources, const char *path, struct stat *status,
                             struct problems *problems) {
    struct buffer text = BUFFER_EMPTY;
    if (file_read(path, CONFIG_FILE_MAX, &text, status)) {
        sources->preset = parse_preset(sources, path, &text, problems);
    } else {
        const int cause = errno;
        status->st_size = -1;
        sources->preset = cJSON_CreateObject();
        if (cause != ENOENT)
            problems_add_unreadable(problems, path, cause);
        else if (json_member(sources->own, "preset") != NULL || !describes_provider(sources->own))
            problems_add(problems, "there is no %s; upload it, or name another file in providers/ with %s.preset", path,
                         sources->own_place);
    }
    buffer_free(&text);
}

/* Reads both sources. False when memory runs out or a source cannot be read; the latter has added a problem. */
static bool read_preset(const struct config *config, struct provider *provider, struct sources *sources,
                        struct problems *problems) {
    const char *preset = provider_file_preset(sources->own, provider->name);
    struct buffer place = BUFFER_EMPTY;
    if (preset == NULL) {
        problems_add(problems, "%s.preset: expected the name of a file in providers/, without .json",
                     sources->own_place);
        return false;
    }
    provider->preset = provider_file_path(config, preset);
    if (provider->preset != NULL)
        buffer_append_format(&place, "%s: ", provider->preset);
    sources->preset_place = buffer_take(&place);
    if (provider->preset != NULL && sources->preset_place != NULL)
        read_preset_file(sources, provider->preset, &provider->preset_status, problems);
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

/* What the program puts into the authorize URL. No parameter may stand there twice (RFC 6749, section 3.1). */
static const char *const authorize_names[] = {"client_id", "redirect_uri",   "response_type",        "scope",
                                              "state",     "code_challenge", "code_challenge_method"};

/* Checks one parameter that goes into the authorize URL besides; `where` names it for the message. */
static void check_authorize_param(const char *where, const char *name, const char *value, struct problems *problems) {
    for (size_t i = 0; i < sizeof authorize_names / sizeof *authorize_names; i++)
        if (strcmp(name, authorize_names[i]) == 0)
            problems_add(problems, "%s%s: is set by the program; remove it", where, name);
    /* OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1; OAuth 2.0 Form Post Response Mode. */
    if (strcmp(name, "response_mode") == 0 && !text_equal(value, "query"))
        problems_add(problems,
                     "%sresponse_mode: the callback reads only what comes in the query; remove it, or write \"query\"",
                     where);
}

/* Checks the parameters under `key`, and that none stands in the query of authorize_url, too. */
static void check_authorize_params(const struct sources *sources, const char *key, const struct query *query,
                                   struct problems *problems) {
    const cJSON *params = json_member(sources->preset, key);
    const char *place = place_of(sources, key);
    const char *value;
    char where[LOG_LINE_MAX];
    snprintf(where, sizeof where, "%s%s%s.", place, place == sources->own_place ? "." : "", key);
    for (const cJSON *param = params != NULL ? params->child : NULL; param != NULL; param = param->next) {
        check_authorize_param(where, param->string, param->valuestring, problems);
        if (query_find(query, param->string, &value) != QUERY_ABSENT)
            problems_add(problems, "%s%.80s: stands in authorize_url, too; remove it there", where, param->string);
    }
}

/* Checks what is sent to the provider with the browser: the query of authorize_url, and the parameters besides. */
static void check_authorize_request(const struct sources *sources, struct problems *problems) {
    static const char mode[] = "response_mode";
    const char *url = json_string(sources->preset, "authorize_url");
    const char *start = url != NULL ? strchr(url, '?') : NULL;
    const char *place = place_of(sources, "authorize_url");
    const char *value;
    char where[LOG_LINE_MAX];
    struct query query;
    struct error error;
    if (query_parse(&query, start != NULL ? start + 1 : NULL, &error) == ERROR_INTERNAL)
        problems->out_of_memory = true;
    snprintf(where, sizeof where, "%s%sauthorize_url: ", place, place == sources->own_place ? "." : "");
    for (size_t i = 0; i < sizeof authorize_names / sizeof *authorize_names; i++)
        if (query_find(&query, authorize_names[i], &value) != QUERY_ABSENT)
            check_authorize_param(where, authorize_names[i], NULL, problems);
    if (query_find(&query, mode, &value) != QUERY_ABSENT)
        check_authorize_param(where, mode, value, problems);
    check_authorize_params(sources, "authorize_params", &query, problems);
    check_authorize_params(sources, "reauth_params", &query, problems);
    query_free(&query);
}

/* The program puts the token there itself. */
static void check_profile_params(const struct sources *sources, struct problems *problems) {
    const char *place = place_of(sources, "profile_params");
    if (text_equal(json_string(sources->preset, "profile_auth"), "query") &&
        json_member(json_member(sources->preset, "profile_params"), "access_token") != NULL)
        problems_add(problems, "%s%sprofile_params.access_token: is set by the program; remove it", place,
                     place == sources->own_place ? "." : "");
}

/* A setting that does nothing is refused. A `profile` of the config's own may do without what the file has for it. */
static void check_account_types(const struct sources *sources, struct problems *problems) {
    const cJSON *profile = json_member(sources->preset, "profile");
    const char *where = place_of(sources, "account_types");
    if (json_member(sources->preset, "account_types") == NULL || json_member(profile, PROFILE_ACCOUNT_TYPE) != NULL ||
        (where == sources->preset_place && place_of(sources, "profile") == sources->own_place))
        return;
    problems_add(problems,
                 "%s%saccount_types: has no effect, since profile maps no " PROFILE_ACCOUNT_TYPE
                 "; add that to profile, or remove account_types",
                 where, where == sources->own_place ? "." : "");
}

/* A setting that does nothing is refused, as above. */
static void check_field_list(const struct sources *sources, struct problems *problems) {
    const char *where = place_of(sources, "field_list");
    const char *param = json_string(json_member(sources->preset, "field_list"), "param");
    if (param == NULL || json_string(json_member(sources->preset, "profile_params"), param) != NULL ||
        (where == sources->preset_place && place_of(sources, "profile_params") == sources->own_place))
        return;
    problems_add(problems, "%s%sfield_list.param: profile_params has no \"%.40s\"; add it there, or remove field_list",
                 where, where == sources->own_place ? "." : "", param);
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
    provider->client_secret = secret_copy(secret, strlen(secret));
    provider->scope = join_scope(provider);
    provider->callback_url = make_callback_url(config, provider);
    return provider->client_secret != NULL && provider->scope != NULL && provider->callback_url != NULL;
}

/* Checks what depends on both sources, once the config's keys lie over the preset's. */
static void check_whole(const struct sources *sources, struct problems *problems) {
    provider_allow_check(json_member(sources->own, "allow"), sources->own->string, problems);
    settings_require(sources->preset, sources->own_place, provider_settings, problems);
    provider_check_profile(place_of(sources, "profile"), json_member(sources->preset, "profile"), problems);
    check_account_types(sources, problems);
    check_field_list(sources, problems);
    check_authorize_request(sources, problems);
    check_profile_params(sources, problems);
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
    if (!problems_none(problems, before) || !overlay(sources->preset, sources->own))
        return false;
    check_whole(sources, problems);
    return problems_none(problems, before);
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
    free(provider);
}
