/* SPDX-License-Identifier: MIT */
#include "config/config.h"

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "base/url.h"
#include "config/allow.h"
#include "config/config_place.h"
#include "config/entrance.h"
#include "config/gate_rules.h"
#include "config/owners.h"
#include "config/private_file.h"
#include "config/provider.h"
#include "config/provider_name.h"
#include "config/routes.h"
#include "config/store_uri.h"
#include "language/language_file.h"

#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT_AT(member) SETTING_AT(struct config, const char *, member)
#define NUMBER_AT(member) SETTING_AT(struct config, int64_t, member)
#define BOOLEAN_AT(member) SETTING_AT(struct config, bool, member)
#define JSON_AT(member) SETTING_AT(struct config, const cJSON *, member)

// clang-format off
static const struct setting session_settings[] = {
    {.key = "lifetime_days", .type = SETTING_DAYS, .minimum = 1, .maximum = 400, .number = 14,
     .offset = NUMBER_AT(session_lifetime), .example = "30",
     .meaning = "how long a login lasts"},
    {.key = "recheck_minutes", .type = SETTING_MINUTES, .minimum = 0, .maximum = 1440, .number = 5,
     .offset = NUMBER_AT(session_recheck), .example = "0",
     .meaning = "how long a session is trusted before the store is asked again; 0: it is asked every time"},
    {.key = "max_age", .type = SETTING_MINUTES, .minimum = 1, .maximum = SESSION_MINUTES_MAX,
     .otherwise = "every one does",
     .offset = NUMBER_AT(session_max_age), .example = "30",
     .meaning = "from which age on a login must be repeated where a link has `?reauth=1`"},
    {.key = "on_store_outage", .type = SETTING_CHOICE, .choices = {"trust", "sign_out"}, .text = "trust",
     .offset = BOOLEAN_AT(trust_on_outage), .example = "\"sign_out\"",
     .meaning = "when the store cannot be asked: trust the session meanwhile, or end it"},
    {.key = "outage_minutes", .unsupported = "`session.on_store_outage` alone decides what an outage does"},
    {0}};

static const struct setting redirect_settings[] = {
    {.key = "success", .type = SETTING_LOCAL_PATH, .text = ROUTE_PATH_PROFILE,
     .offset = TEXT_AT(success), .example = "\"/members/\"",
     .meaning = "where a login leads"},
    {.key = "failure", .type = SETTING_LOCAL_PATH, .text = ROUTE_PATH_LOGIN,
     .offset = TEXT_AT(failure), .example = "\"/sorry.html\"",
     .meaning = "where a failed login leads, with `?error=`"},
    {.key = "home", .type = SETTING_LOCAL_PATH, .text = "/",
     .offset = TEXT_AT(home_path), .example = "\"/welcome.html\"",
     .meaning = "where logout leads"},
    {.key = "signed_out", .type = SETTING_LOCAL_PATH,
     .otherwise = "`redirects.home`; `/login` where that is `/profile`",
     .offset = TEXT_AT(signed_out), .example = "\"/login\"",
     .meaning = "where `/profile` leads when nobody is signed in. The login page leads back from there"},
    {0}};

static const struct setting site_settings[] = {
    {.key = "name", .type = SETTING_LINE, .maximum = SITE_NAME_MAX, .otherwise = "pages do not say whose they are",
     .offset = TEXT_AT(site_name), .example = "\"Harbour Bakery\"",
     .meaning = "whose pages they are: \"Log in to Harbour Bakery\""},
    {.key = "logo", .type = SETTING_PICTURE, .otherwise = "none",
     .offset = TEXT_AT(site_logo), .example = "\"/images/logo.svg\"",
     .meaning = "the picture on the login page and at the top of each"},
    {.key = "colour", .type = SETTING_COLOUR, .otherwise = "that of `cgi-login/style.css`",
     .offset = TEXT_AT(site_colour), .example = "\"#1d4ed8\"",
     .meaning = "the colour of buttons and links"},
    {0}};

const struct setting config_settings[] = {
    {.key = "base_url", .type = SETTING_URL, .required = true,
     .offset = TEXT_AT(base_url), .example = "\"https://www.example.com\"",
     .what = "an https URL without a path (http only on localhost, 127.0.0.1 and [::1])",
     .meaning = "the site's address"},
    {.key = "keys", .type = SETTING_TEXT_LIST, .required = true, .example = "[\"8d/gts6n…=\"]",
     .what = "a list of keys from `cgi-login new-key`",
     .meaning = "what cookies and stored tokens are sealed with, at most 8: the first seals, all open"},
    {.key = "store", .type = SETTING_TEXT, .required = true,
     .offset = TEXT_AT(store), .example = "\"sqlite:///home/you/cgi-login/users.db\"",
     .what = "the URI of an SQLite file, by its absolute path (three slashes), or of a MongoDB database",
     .meaning = "where users are kept"},
    {.key = "session", .type = SETTING_OBJECT, .members = session_settings, .example = "{\"lifetime_days\": 14}"},
    {.key = "callback_seconds", .type = SETTING_SECONDS, .minimum = 2, .maximum = 60, .number = 10,
     .offset = NUMBER_AT(callback_seconds), .example = "5",
     .meaning = "how long a login may take after the provider has sent the browser back, all waiting for provider and "
                "store together"},
    {.key = "redirects", .type = SETTING_OBJECT, .members = redirect_settings,
     .example = "{\"success\": \"/profile\"}"},
    {.key = "default_provider", .type = SETTING_TEXT, .otherwise = "the only one, if there is one",
     .offset = TEXT_AT(default_provider), .example = "\"instagram\"",
     .what = "the name of one of `providers`",
     .meaning = "the provider where a URL names none"},
    {.key = "ca_folder", .type = SETTING_FILE,
     .otherwise = "`ca/` beside the config where it is there, else the system's",
     .example = "\"/etc/ssl/certs\"",
     .what = "the absolute path of a folder of CA certificates by their hashes",
     .meaning = "what the certificates of providers and of MongoDB are checked with"},
    {.key = "seal_tokens", .type = SETTING_BOOLEAN, .number = true,
     .offset = BOOLEAN_AT(seal_tokens), .example = "false",
     .meaning = "seal access tokens in the store"},
    {.key = "language", .type = SETTING_TEXT,
     .otherwise = "what the browser asks for, English where there is none of it",
     .offset = TEXT_AT(language), .example = "\"en\"",
     .what = "the name of a file of `languages/` without `.json`",
     .meaning = "the language of the pages, whatever the browser asks for"},
    {.key = "log", .type = SETTING_FILE, .otherwise = "`error.log` beside the config",
     .example = "\"/home/you/logs/cgi-login.log\"",
     .what = "the absolute path of a file outside the web root",
     .meaning = "where the programs write what went wrong, besides the server's own error log"},
    {.key = "state", .type = SETTING_FILE, .otherwise = "the config's own folder",
     .offset = TEXT_AT(state), .example = "\"/var/lib/cgi-login\"",
     .what = "the absolute path of a folder outside the web root, which the programs can write",
     .meaning = "where the programs keep what they can make anew: what issuers publish (`issuers/`), the buttons of "
                "the login page, which provider is failing; for a config in a folder that they cannot write"},
    {.key = "providers", .type = SETTING_OBJECT, .required = true,
     .offset = JSON_AT(providers), .example = "{\"instagram\": {\"client_id\": \"…\"}}",
     .what = "an object with an entry for each, by its name (a-z, 0-9, `-`, `_`)",
     .meaning = "the providers people can log in with, and their settings"},
    {.key = "allow", .type = SETTING_RULES, .members = allow_settings, .otherwise = "everybody",
     .offset = JSON_AT(allow), .example = "{\"domains\": [\"example.com\"]}",
     .what = "a list of usernames and ids, or an object of rules",
     .meaning = "nobody else gets in, with whatever provider"},
    {.key = "gate", .type = SETTING_PARTS, .members = gate_rule_settings, .otherwise = "the gate lets nobody in",
     .offset = JSON_AT(gate), .example = "[{\"path\": \"/members\", \"allow\": {\"signed_in\": true}}]",
     .what = "a list of rules, each with a path and whom it allows",
     .meaning = "who may see which part of the site: the first rule whose path holds a request's decides, and what "
                "none holds nobody may see"},
    {.key = "site", .type = SETTING_OBJECT, .members = site_settings, .example = "{\"name\": \"Harbour Bakery\"}"},
    {.key = "owners", .type = SETTING_RULES, .otherwise = "there is no owner's page",
     .offset = JSON_AT(owners), .example = "[\"instagram:17841405793187218123\"]",
     .what = "a list of accounts, each \"PROVIDER:ID\", or an object of rules, as `allow` takes, that picks somebody",
     .meaning = "who may open the owner's page, `/auth/console`"},
    {.key = "setup_code", .type = SETTING_TEXT, .otherwise = "no code opens the owner's page",
     .offset = TEXT_AT(setup_code), .example = "\"5f0c8b4d21e94a7c9d3b6a1e8f7240c3\"",
     .what = "a code from `cgi-login new-code`, or INSTALL.html's",
     .meaning = "what opens the owner's page before the first owner has logged in: it shows the check, and nothing "
                "else"},
    {.key = "refresh_key", .type = SETTING_TEXT, .otherwise = "no URL refreshes tokens",
     .offset = TEXT_AT(refresh_key), .example = "\"c94b1d7e60f2483a85e7d9120b6f3a4c\"",
     .what = "another code from `cgi-login new-code`",
     .meaning = "what a cron job sends to `/auth/console/refresh`, where it can fetch URLs alone"},
    {0}};
// clang-format on

static void add_key(struct config *config, const char *text, int index, struct problems *problems) {
    const enum key_result result = keyring_add(&config->keys, text);
    if (result == KEY_REFUSED)
        problems_add(problems, "keys[%d]: not the Base64 of 32 random bytes; print a key with `cgi-login new-key`",
                     index);
    problems->out_of_memory = problems->out_of_memory || result == KEY_NO_MEMORY;
}

static void check_keys(struct config *config, struct problems *problems) {
    const cJSON *keys = json_member(config->document, "keys");
    int index = 0;
    for (const cJSON *key = cJSON_IsArray(keys) ? keys->child : NULL; key != NULL; key = key->next, index++) {
        const char *text = cJSON_GetStringValue(key);
        if (index == KEYS_MAX)
            problems_add(problems, "keys: more than %d; remove the oldest", KEYS_MAX);
        else if (index < KEYS_MAX && text != NULL)
            add_key(config, text, index, problems);
    }
}

static void check_language(struct config *config, struct problems *problems) {
    if (config->language == NULL || language_name_is_valid(config->language))
        return;
    problems_add(problems,
                 "language: expected the name of a file of languages/ without .json, such as \"de\" or \"pt\"");
    config->language = NULL;
}

static void check_base_url(const struct config *config, struct problems *problems) {
    struct url url;
    if (config->base_url != NULL && url_is_secure(config->base_url) && url_parse(config->base_url, &url) &&
        *url.path != '\0')
        problems_add(problems, "base_url: must end after the host or port; remove \"%s\" at its end%s", url.path,
                     url.path[0] == '/' && url.path[1] != '\0' ? ": the product needs a host of its own, and no folder"
                                                               : "");
}

static void check_providers(const struct config *config, struct problems *problems) {
    const char *chosen = json_string(config->document, "default_provider");
    int count = 0;
    for (const cJSON *entry = config->providers->child; entry != NULL; entry = entry->next, count++) {
        if (provider_name_is_taken(entry->string))
            problems_add(problems,
                         "providers.%s: is the address of the owner's page; give the provider another name, and name "
                         "its file in `preset`",
                         entry->string);
        else if (!provider_name_is_valid(entry->string))
            problems_add(problems,
                         "providers: a name is made of a-z, 0-9, \"-\" and \"_\", starts with a letter, and "
                         "has at most %d characters; \"%.40s\" is not",
                         PROVIDER_NAME_MAX, entry->string);
        else if (!cJSON_IsObject(entry))
            problems_add(problems, "providers.%s: expected an object with client_id and client_secret", entry->string);
    }
    if (count == 0)
        problems_add(problems, "providers: is empty; add one, such as {\"instagram\": {\"client_id\": \"…\", "
                               "\"client_secret\": \"…\"}}");
    if (count > PROVIDERS_MAX)
        problems_add(problems, "providers: more than %d", PROVIDERS_MAX);
    if (chosen != NULL && json_member(config->providers, chosen) == NULL)
        problems_add(problems, "default_provider: \"%.40s\" is not among `providers`", chosen);
}

/* True for the address from which redirects.signed_out leads away: it must not lead back there. */
static bool leads_to_profile(const char *path) {
    const size_t len = strlen(ROUTE_PATH_PROFILE);
    return path != NULL && strncmp(path, ROUTE_PATH_PROFILE, len) == 0 &&
           strchr("?#", path[len + (path[len] == '/' ? 1 : 0)]) != NULL;
}

static void read_values(struct config *config) {
    settings_read(config->document, config_settings, config);
    if (config->state == NULL)
        config->state = config->home;
    if (config->default_provider == NULL && cJSON_GetArraySize(config->providers) == 1)
        config->default_provider = config->providers->child->string;
    if (config->signed_out == NULL)
        config->signed_out = leads_to_profile(config->home_path) ? ROUTE_PATH_LOGIN : config->home_path;
}

/* Takes the folder that the config names, else the product's own ca/ if there is one (`make dist` brings one). A folder
 * that cannot be looked at counts as being there: what is trusted must not depend on that. */
static void find_ca_folder(struct config *config, struct problems *problems) {
    const char *named = json_string(config->document, "ca_folder");
    struct buffer path = BUFFER_EMPTY;
    struct stat status;
    buffer_append_format(&path, "%s%s", named != NULL ? named : config->home, named != NULL ? "" : "/ca");
    config->ca_place = buffer_take(&path);
    if (config->ca_place == NULL)
        problems->out_of_memory = true;
    else if (named != NULL || lstat(config->ca_place, &status) == 0 || errno != ENOENT)
        config->ca_folder = config->ca_place;
    buffer_free(&path);
}

/* Takes the file that the config names, or the one beside the config. */
static void find_log(struct config *config, struct problems *problems) {
    const char *named = json_string(config->document, "log");
    struct buffer path = BUFFER_EMPTY;
    if (named != NULL)
        buffer_append_text(&path, named);
    else
        buffer_append_format(&path, "%s/%s", config->home, CONFIG_LOG_NAME);
    config->log = buffer_take(&path);
    problems->out_of_memory = problems->out_of_memory || config->log == NULL;
    buffer_free(&path);
}

static void check_document(struct config *config, struct problems *problems) {
    const char *key = NULL;
    const char *problem = NULL;
    if (json_has_duplicate_key(config->document, &key))
        problems_add(problems, "%.80s: stands twice in the same object; remove one", key);
    settings_check(config->document, "", config_settings, false, problems);
    settings_require(config->document, "", config_settings, problems);
    read_values(config);
    check_keys(config, problems);
    check_base_url(config, problems);
    check_language(config, problems);
    if (leads_to_profile(config->signed_out))
        problems_add(problems,
                     "redirects.signed_out: is where " ROUTE_PATH_PROFILE " leads, and so cannot be that page "
                     "itself; name another, such as \"" ROUTE_PATH_LOGIN "\"");
    if (config->store != NULL && *config->store != '\0' && store_uri_kind(config->store, &problem) == STORE_UNKNOWN)
        problems_add(problems, "store: %s", problem);
    if (cJSON_IsObject(config->providers)) {
        const struct allow allow = allow_of_site(config);
        check_providers(config, problems);
        if (config->providers->child != NULL)
            allow_check(&allow, problems);
    }
    gate_rules_check(config, problems);
    owners_check(config, problems);
}

/* SQLite takes what it finds under these names for its own, and removes it. */
static bool is_file_of_sqlite(const char *path, const char *database) {
    static const char *const endings[] = {"", "-journal", "-wal", "-shm"};
    const char *ending = text_starts_with(path, database) ? path + strlen(database) : NULL;
    bool found = false;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        found = found || text_equal(ending, endings[i]);
    return found;
}

static void check_places(const struct config *config, const char *web_root, struct problems *problems) {
    const char *problem;
    const bool sqlite = config->store != NULL && store_uri_kind(config->store, &problem) == STORE_SQLITE;
    if (sqlite)
        private_file_check_place(config->home, "store", store_uri_sqlite_path(config->store), web_root, problems);
    if (config->log != NULL)
        private_file_check_place(config->home, "log", config->log, web_root, problems);
    if (config->state != config->home)
        private_file_check_place(config->home, "state", config->state, web_root, problems);
    if (sqlite && config->log != NULL && is_file_of_sqlite(config->log, store_uri_sqlite_path(config->store)))
        problems_add(problems, "log: %s is a name of the store's own files; name another", config->log);
}

/* Where there are rules of the gate, takes a mark of the text. It is no secret, and keeps none: 48 bits of a hash. */
static void take_mark(struct config *config, const cJSON *document, const struct buffer *text) {
    enum { MARK_BYTES = (CONFIG_MARK_SIZE - 1) / 4 * 3 }; /* Base64 makes four characters of three bytes */
    unsigned char hash[crypto_generichash_BYTES_MIN];
    const cJSON *gate = json_member(document, "gate");
    if (gate == NULL || gate->child == NULL)
        return;
    crypto_generichash(hash, sizeof hash, (const unsigned char *)buffer_text(text), text->len, NULL, 0);
    sodium_bin2base64(config->mark, sizeof config->mark, hash, MARK_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static cJSON *read_document(struct config *config, enum config_reader reader, struct problems *problems) {
    struct buffer text = BUFFER_EMPTY;
    struct stat status;
    char fault[LOG_LINE_MAX];
    const char *problem = NULL;
    cJSON *document = NULL;
    if (!file_read(config->path, CONFIG_FILE_MAX, &text, &status)) {
        problems_add_unreadable(problems, config->path, errno);
        goto done;
    }
    if (!private_file_is_private(config->path, &status, reader, fault))
        problems_add(problems, "%s", fault);
    switch (json_parse_settings(buffer_text(&text), text.len, &document, &problem)) {
    case JSON_PARSED:
        take_mark(config, document, &text);
        if (!cJSON_IsObject(document))
            problems_add(problems, "%s: expected one JSON object, { … }", config->path);
        break;
    case JSON_MALFORMED: problems_add_malformed(problems, config->path, problem, &text); break;
    case JSON_NO_MEMORY: problems->out_of_memory = true; break;
    }
done:
    buffer_free(&text);
    return document;
}

/* False, with a problem, if the file is not there. */
static bool find_home(struct config *config, const char *path, struct problems *problems) {
    char home[PATH_MAX];
    config->path = realpath(path, NULL);
    if (config->path == NULL) {
        problems_add_unreadable(problems, path, errno);
        return false;
    }
    if (file_parent(config->path, home))
        config->home = strdup(home);
    problems->out_of_memory = problems->out_of_memory || config->home == NULL;
    return config->home != NULL;
}

/* True if a reader takes the config with its faults. */
static bool is_wanted_nevertheless(struct config *config, enum config_reader reader, bool is_safe,
                                   const struct problems *problems) {
    if (!cJSON_IsObject(config->document) || problems->out_of_memory)
        return false;
    return reader == CONFIG_FOR_CHECK ||
           (reader == CONFIG_FOR_OWNER && is_safe && entrance_keep(config, config->web_root));
}

enum error_code config_load(const char *path, const char *document_root, enum config_reader reader,
                            struct config **config, struct problems *problems, struct error *error) {
    char real[PATH_MAX];
    const char *web_root = config_web_root(document_root, real);
    bool is_safe = false; /* the file itself: where it lies, whose it is, who reads it */
    *config = NULL;
    struct config *loaded = calloc(1, sizeof *loaded);
    if (loaded == NULL)
        return error_out_of_memory(error);
    loaded->reader = reader == CONFIG_FOR_OWNER ? CONFIG_FOR_REQUEST : reader;
    loaded->web_root = web_root != NULL ? strdup(web_root) : NULL;
    problems->out_of_memory = problems->out_of_memory || (web_root != NULL && loaded->web_root == NULL);
    if (find_home(loaded, path, problems)) {
        if (web_root != NULL && config_lies_in(loaded->path, web_root))
            problems_add(problems,
                         "%s lies in the web root %s, where anybody could fetch it; move its folder out of "
                         "there",
                         loaded->path, document_root);
        loaded->document = read_document(loaded, loaded->reader, problems);
        is_safe = problems_none(problems, 0);
        if (cJSON_IsObject(loaded->document)) {
            check_document(loaded, problems);
            find_ca_folder(loaded, problems);
            find_log(loaded, problems);
            check_places(loaded, web_root, problems);
        }
    }
    const enum error_code code = problems_result(problems, 0, error);
    if (code == ERROR_NONE || is_wanted_nevertheless(loaded, reader, is_safe, problems))
        *config = loaded;
    else
        config_free(loaded);
    return code;
}

void config_free(struct config *config) {
    if (config == NULL)
        return;
    keyring_clear(&config->keys);
    json_free(config->document);
    free(config->ca_place);
    free(config->log);
    free(config->home);
    free(config->path);
    free(config->web_root);
    free(config);
}
