/* SPDX-License-Identifier: MIT */
#include "config/config.h"

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "base/url.h"
#include "config/provider.h"
#include "config/settings.h"
#include "config/store_uri.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

enum { DEFAULT_LIFETIME_DAYS = 14, DEFAULT_RECHECK_MINUTES = 5, LONGEST_LIFETIME_DAYS = 400 };

static const char *const outage_choices[] = {"trust", "sign_out", NULL};

// clang-format off
static const struct setting session_settings[] = {
    {.key = "lifetime_days",
     .type = SETTING_NUMBER,
     .minimum = 1,
     .maximum = LONGEST_LIFETIME_DAYS,
     .expected = "a whole number of days from 1 to 400, such as 14"},
    {.key = "recheck_minutes",
     .type = SETTING_NUMBER,
     .minimum = 0,
     .maximum = 1440,
     .expected = "a whole number of minutes from 0 (ask the store every time) to 1440, such as 5"},
    {.key = "max_age",
     .type = SETTING_NUMBER,
     .minimum = 1,
     .maximum = 1440 * LONGEST_LIFETIME_DAYS,
     .expected =
         "a whole number of minutes from 1, such as 30: start?reauth=1 asks for a fresh login when the last one "
         "is older"},
    {.key = "on_store_outage",
     .type = SETTING_CHOICE,
     .choices = outage_choices,
     .expected = "\"trust\" (a sealed session holds until its lifetime ends) or \"sign_out\""},
    {0}};

static const struct setting redirect_settings[] = {
    {.key = "success", .type = SETTING_LOCAL_PATH, .expected = "a path of this site, such as \"/profile\""},
    {.key = "failure", .type = SETTING_LOCAL_PATH, .expected = "a path of this site, such as \"/login\""},
    {.key = "home", .type = SETTING_LOCAL_PATH, .expected = "a path of this site, such as \"/\""},
    {0}};

static const struct setting gate_settings[] = {
    {.key = "folders", .type = SETTING_TEXT_LIST,
     .expected = "a list of URL paths, such as [\"/members\"]"},
    {0}};

static const struct setting config_settings[] = {
    {.key = "base_url", .type = SETTING_URL, .required = true,
     .expected = "the site's address, https and without a path, such as \"https://www.example.com\" (http only on "
                 "localhost, 127.0.0.1 and [::1])"},
    {.key = "keys", .type = SETTING_TEXT_LIST, .required = true,
     .expected = "a list of keys; print one with `cgi-login new-key`"},
    {.key = "store", .type = SETTING_TEXT, .required = true,
     .expected = "where users are kept, such as \"sqlite:///home/you/cgi-login/users.db\""},
    {.key = "session", .type = SETTING_OBJECT, .members = session_settings,
     .expected = "an object, such as {\"lifetime_days\": 14}"},
    {.key = "redirects", .type = SETTING_OBJECT, .members = redirect_settings,
     .expected = "an object, such as {\"success\": \"/profile\"}"},
    {.key = "default_provider", .type = SETTING_TEXT, .expected = "the name of one of `providers`"},
    {.key = "ca_folder",
     .type = SETTING_FILE,
     .expected = "the absolute path of a folder of CA certificates by their hashes, such as \"/etc/ssl/certs\""},
    {.key = "seal_tokens", .type = SETTING_BOOLEAN, .expected = "true or false"},
    {.key = "gate", .type = SETTING_OBJECT, .members = gate_settings,
     .expected = "an object, such as {\"folders\": [\"/members\"]}"},
    {.key = "providers", .type = SETTING_OBJECT, .required = true,
     .expected = "an object with one entry a provider, such as {\"instagram\": {\"client_id\": \"…\"}}"},
    {0}};
// clang-format on

/* The program's file. A root folder made for one account may have no /proc; then it is as the program was started,
 * which tells as much for a program that has not left its first folder. */
static bool find_program(char path[PATH_MAX]) {
    const ssize_t len = readlink("/proc/self/exe", path, PATH_MAX - 1);
    if (len > 0) {
        path[len] = '\0';
        return true;
    }
    const char *started = (const char *)getauxval(AT_EXECFN);
    return started != NULL && realpath(started, path) != NULL;
}

bool config_program_folder(char folder[PATH_MAX]) {
    char *slash = find_program(folder) ? strrchr(folder, '/') : NULL;
    if (slash == NULL)
        return false;
    *slash = '\0';
    return true;
}

/* Where the file is looked for, from the program's folder; the command-line program lies in the product's own. */
static const char *const request_places[] = {"../cgi-login/config.json", "../../cgi-login/config.json", NULL};
static const char *const command_places[] = {"../config.json", "../cgi-login/config.json",
                                             "../../cgi-login/config.json", NULL};

enum error_code config_find(const char *named, const char *folder, enum config_reader reader, char path[PATH_MAX],
                            struct error *error) {
    const char *const *places = reader == CONFIG_FOR_REQUEST ? request_places : command_places;
    if (named != NULL && *named != '\0')
        return text_copy(path, PATH_MAX, named)
                   ? ERROR_NONE
                   : error_set(error, ERROR_CONFIG, "the path of the config file has more than %d bytes", PATH_MAX - 1);
    for (; folder != NULL && *places != NULL; places++) {
        const int len = snprintf(path, PATH_MAX, "%s/%s", folder, *places);
        if (len > 0 && len < PATH_MAX && access(path, F_OK) == 0)
            return ERROR_NONE;
    }
    return error_set(
        error, ERROR_CONFIG,
        "there is no config file: copy config-template.json to config.json, or name one with "
        "SetEnv CGI_LOGIN_CONFIG; looked for ../cgi-login/config.json and ../../cgi-login/config.json from %s",
        folder != NULL ? folder : "the program's folder");
}

enum error_code config_locate(const char *named, enum config_reader reader, char path[PATH_MAX], struct error *error) {
    char folder[PATH_MAX];
    if (named == NULL)
        named = getenv(CONFIG_VARIABLE);
    const bool search = (named == NULL || *named == '\0') && config_program_folder(folder);
    return config_find(named, search ? folder : NULL, reader, path, error);
}

/* The real path of the web root in `real`, of PATH_MAX bytes; NULL where it is not known. */
static const char *find_web_root(const char *document_root, char *real) {
    return document_root != NULL && *document_root != '\0' ? realpath(document_root, real) : NULL;
}

/* Both are real paths. */
static bool lies_in(const char *path, const char *folder) {
    const size_t len = strlen(folder);
    return strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == '\0' || folder[len - 1] == '/');
}

/* The config holds the keys to every account. One owner reads it; where the web server runs programs as another user
 * (no suEXEC), that user reads it by its group. */
static void check_permissions(const struct config *config, const struct stat *status, enum config_reader reader,
                              struct problems *problems) {
    const bool ours = status->st_uid == geteuid();
    if ((status->st_mode & (S_IROTH | S_IWOTH | S_IWGRP)) != 0)
        problems_add(problems, "%s can be %s by other users (mode %04o); run: chmod 600 %s", config->path,
                     (status->st_mode & S_IROTH) != 0 ? "read" : "written", (unsigned)status->st_mode & 07777u,
                     config->path);
    else if (ours && (status->st_mode & S_IRGRP) != 0 && reader == CONFIG_FOR_REQUEST)
        problems_add(problems, "%s can be read by other users of its group (mode %04o); run: chmod 600 %s",
                     config->path, (unsigned)status->st_mode & 07777u, config->path);
}

static void check_keys(struct config *config, struct problems *problems) {
    const cJSON *keys = json_member(config->document, "keys");
    int index = 0;
    for (const cJSON *key = cJSON_IsArray(keys) ? keys->child : NULL; key != NULL; key = key->next, index++) {
        const char *text = cJSON_GetStringValue(key);
        if (index == KEYS_MAX)
            problems_add(problems, "keys: more than %d; remove the oldest", KEYS_MAX);
        else if (index < KEYS_MAX && text != NULL && !keyring_add(&config->keys, text))
            problems_add(problems, "keys[%d]: not the Base64 of 32 random bytes; print a key with `cgi-login new-key`",
                         index);
    }
}

static void check_base_url(const struct config *config, struct problems *problems) {
    struct url url;
    if (config->base_url != NULL && url_is_secure(config->base_url) && url_parse(config->base_url, &url) &&
        *url.path != '\0')
        problems_add(problems, "base_url: must end after the host or port; remove \"%s\" at its end", url.path);
}

static void check_providers(const struct config *config, struct problems *problems) {
    const char *chosen = json_string(config->document, "default_provider");
    int count = 0;
    for (const cJSON *entry = config->providers->child; entry != NULL; entry = entry->next, count++) {
        if (!provider_name_is_valid(entry->string))
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

static void read_values(struct config *config) {
    const cJSON *document = config->document;
    const cJSON *session = json_member(document, "session");
    const cJSON *redirects = json_member(document, "redirects");
    config->base_url = json_string(document, "base_url");
    config->store = json_string(document, "store");
    config->session_lifetime =
        (int64_t)settings_number(session, "lifetime_days", DEFAULT_LIFETIME_DAYS) * SECONDS_PER_DAY;
    config->session_recheck =
        (int64_t)settings_number(session, "recheck_minutes", DEFAULT_RECHECK_MINUTES) * SECONDS_PER_MINUTE;
    config->session_max_age = (int64_t)settings_number(session, "max_age", 0) * SECONDS_PER_MINUTE;
    config->trust_on_outage = !text_equal(json_string(session, "on_store_outage"), "sign_out");
    config->success = settings_text(redirects, "success", "/profile");
    config->failure = settings_text(redirects, "failure", "/login");
    config->home_path = settings_text(redirects, "home", "/");
    config->seal_tokens = !cJSON_IsFalse(json_member(document, "seal_tokens"));
    config->providers = json_member(document, "providers");
    config->default_provider = json_string(document, "default_provider");
    if (config->default_provider == NULL && cJSON_GetArraySize(config->providers) == 1)
        config->default_provider = config->providers->child->string;
}

/* The folder that is named, or the product's own ca/, where that is there: `make dist` brings one. */
static bool find_ca_folder(struct config *config) {
    const char *named = json_string(config->document, "ca_folder");
    struct buffer path = BUFFER_EMPTY;
    buffer_append_format(&path, "%s%s", named != NULL ? named : config->home, named != NULL ? "" : "/ca");
    if (named != NULL || access(buffer_text(&path), R_OK | X_OK) == 0)
        config->ca_folder = buffer_take(&path);
    const bool whole = !path.failed;
    buffer_free(&path);
    return whole;
}

static void check_document(struct config *config, struct problems *problems) {
    const char *key = NULL;
    const char *problem = NULL;
    if (json_has_duplicate_key(config->document, &key))
        problems_add(problems, "%.80s: stands twice in the same object; remove one", key);
    settings_check(config->document, "", config_settings, problems);
    read_values(config);
    check_keys(config, problems);
    check_base_url(config, problems);
    if (config->store != NULL && *config->store != '\0' && store_uri_kind(config->store, &problem) == STORE_UNKNOWN)
        problems_add(problems, "store: %s", problem);
    if (cJSON_IsObject(config->providers))
        check_providers(config, problems);
}

/* A database in the web root could be downloaded. Its folder is looked at: the file need not be there yet. */
static void check_store_place(const struct config *config, const char *web_root, struct problems *problems) {
    const char *problem;
    char folder[PATH_MAX], real[PATH_MAX];
    if (web_root == NULL || config->store == NULL || store_uri_kind(config->store, &problem) != STORE_SQLITE)
        return;
    snprintf(folder, sizeof folder, "%s", store_uri_sqlite_path(config->store));
    char *slash = strrchr(folder, '/');
    slash[slash == folder] = '\0';
    /* Beside the config it is where the config has been looked for. */
    if (strcmp(folder, config->home) != 0 && realpath(folder, real) != NULL && lies_in(real, web_root))
        problems_add(problems,
                     "store: %s lies in the web root, where anybody could fetch it; name a file outside of it",
                     store_uri_sqlite_path(config->store));
}

static cJSON *read_document(const struct config *config, enum config_reader reader, struct problems *problems) {
    struct buffer text = BUFFER_EMPTY;
    struct stat status;
    const char *problem = NULL;
    cJSON *document = NULL;
    if (!file_read(config->path, CONFIG_FILE_MAX, &text, &status)) {
        problems_add(problems, "%s cannot be read: %s", config->path, strerror(errno));
    } else {
        check_permissions(config, &status, reader, problems);
        document = json_parse(buffer_text(&text), text.len, &problem);
        if (document == NULL)
            problems_add(problems, "%s: %s; look for a missing comma, quote or bracket", config->path, problem);
        else if (!cJSON_IsObject(document))
            problems_add(problems, "%s: expected one JSON object, { … }", config->path);
    }
    buffer_free(&text);
    return document;
}

static bool find_home(struct config *config, const char *path, struct problems *problems) {
    config->path = realpath(path, NULL);
    if (config->path == NULL) {
        problems_add(problems, "%s cannot be read: %s", path, strerror(errno));
        return false;
    }
    config->home = strdup(config->path);
    if (config->home == NULL)
        return false;
    char *slash = strrchr(config->home, '/');
    slash[slash == config->home] = '\0';
    return true;
}

enum error_code config_load(const char *path, const char *document_root, enum config_reader reader,
                            struct config **config, struct problems *problems, struct error *error) {
    char real[PATH_MAX];
    const char *web_root = find_web_root(document_root, real);
    *config = NULL;
    struct config *loaded = calloc(1, sizeof *loaded);
    bool whole = false;
    if (loaded == NULL)
        return error_out_of_memory(error);
    if (find_home(loaded, path, problems)) {
        if (web_root != NULL && lies_in(loaded->path, web_root))
            problems_add(problems,
                         "%s lies in the web root %s, where anybody could fetch it; move its folder out of "
                         "there",
                         loaded->path, document_root);
        loaded->document = read_document(loaded, reader, problems);
        if (cJSON_IsObject(loaded->document)) {
            check_document(loaded, problems);
            check_store_place(loaded, web_root, problems);
            whole = find_ca_folder(loaded);
        }
    }
    if (problems->count == 0 && whole) {
        *config = loaded;
        return ERROR_NONE;
    }
    if (reader == CONFIG_FOR_CHECK && cJSON_IsObject(loaded->document))
        *config = loaded;
    else
        config_free(loaded);
    if (problems->count == 0)
        return error_out_of_memory(error);
    return error_set(error, ERROR_CONFIG, "%s", problems_line(problems, 0));
}

void config_free(struct config *config) {
    if (config == NULL)
        return;
    keyring_clear(&config->keys);
    json_free(config->document);
    free(config->ca_folder);
    free(config->home);
    free(config->path);
    free(config);
}
