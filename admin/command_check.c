/* `cgi-login check`: what is right with the setup, and what to change, a line each.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"
#include "program/store_open.h"

#include "admin/ca/ca_folder.h"
#include "admin/clock_comparison.h"
#include "admin/gate/gate_check.h"
#include "admin/issuer_refresh.h"
#include "admin/provider_hosts.h"
#include "admin/session_key_file.h"
#include "admin/web_root.h"
#include "base/date.h"
#include "base/file.h"
#include "base/file_fault.h"
#include "base/json.h"
#include "base/log_file.h"
#include "base/text.h"
#include "base/url.h"
#include "config/provider.h"
#include "config/routes.h"
#include "config/store_uri.h"
#include "http/template.h"
#include "http/http_client.h"
#include "oauth/client_assertion.h"
#include "openid/issuer.h"
#include "program/mongodb_loader/mongodb_loader.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { CA_FOLDER_STALE_DAYS = 365, PRESET_STALE_DAYS = 730 };

struct check {
    const struct config *config;   /* with CONFIG_FOR_CHECK: any pointer can be NULL */
    struct http_client *client;    /* with --online */
    struct clock_comparison clock; /* likewise */
    unsigned to_fix;
};

static void print_line(const char *mark, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

static void print_line(const char *mark, const char *format, va_list arguments) {
    char line[LOG_LINE_MAX];
    vsnprintf(line, sizeof line, format, arguments);
    printf("  %-4s  ", mark);
    command_print_text(stdout, line);
    fputc('\n', stdout);
}

static void ok(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void fix(struct check *check, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void ok(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print_line("ok", format, arguments);
    va_end(arguments);
}

static void note(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print_line("note", format, arguments);
    va_end(arguments);
}

static void fix(struct check *check, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print_line("FIX", format, arguments);
    va_end(arguments);
    check->to_fix++;
}

static void fix_all(struct check *check, const struct problems *problems) {
    for (size_t i = 0; i < problems->count; i++)
        fix(check, "%s", problems->lines[i]);
    if (problems->out_of_memory)
        fix(check, "out of memory: not everything could be checked");
}

/* Permissions. */

static void check_permissions(struct check *check) {
    const struct config *config = check->config;
    struct stat file, folder;
    if (stat(config->path, &file) != 0 || stat(config->home, &folder) != 0) {
        fix(check, "%s: %s", config->path, strerror(errno));
        return;
    }
    if (file.st_uid != geteuid())
        note("the config belongs to user %ld and you are user %ld: run this as the user that runs the programs",
             (long)file.st_uid, (long)geteuid());
    if ((folder.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        fix(check, "%s can be written by other users (mode %04o); run: chmod 755 %s", config->home,
            (unsigned)folder.st_mode & 07777u, config->home);
    /* The config's own line tells what others may do with it. */
    if ((file.st_mode & (S_IROTH | S_IWOTH | S_IWGRP)) == 0 && (file.st_mode & S_IRGRP) != 0 &&
        file.st_uid == geteuid())
        note("the config can be read by its group: right only where the web server runs the programs as another user "
             "of that group; where it runs them as you they refuse it, so run: chmod 600 %s",
             config->path);
    else if ((file.st_mode & 077) == 0)
        ok("the config can be read by its owner only");
    if (web_root_is_likely(config->path))
        fix(check, "%s seems to lie in a web root; move its folder out of there", config->path);
}

/* Templates. */

static void check_templates(struct check *check) {
    static const char *const names[] = {"login", "profile", "logout", "error", "delete", "deletion", "forbidden"};
    char folder[PATH_MAX];
    bool all = true;
    cJSON *view = cJSON_CreateObject();
    snprintf(folder, sizeof folder, "%s/templates", check->config->home);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct buffer page = BUFFER_EMPTY;
        struct error error;
        if (template_render_file(folder, names[i], view, &page, &error) != ERROR_NONE) {
            fix(check,
                "%s; correct it, or for the product's own remove the file, and run `make install` or upload templates/",
                error.cause);
            all = false;
        }
        buffer_free(&page);
    }
    if (all)
        ok("the page templates are whole");
    json_free(view);
}

/* Store. */

/* Adds the key's name only where the cause does not begin with it. */
static void fix_store(struct check *check, const struct error *error) {
    fix(check, "%s%s", text_starts_with(error->cause, "store: ") ? "" : "store: ", error->cause);
}

static void check_store(struct check *check) {
    struct store *store = NULL;
    struct error error;
    bool exists = false;
    const char *problem;
    char lacking[PATH_MAX];
    const struct config *config = check->config;
    const enum store_kind kind = config->store != NULL ? store_uri_kind(config->store, &problem) : STORE_UNKNOWN;
    if (kind == STORE_UNKNOWN)
        return; /* the line about the config has said so */
    if (kind == STORE_MONGODB && mongodb_loader_lacks(config->home, lacking))
        fix(check, "%s cannot be run: upload it, and give it the mode 755", lacking);
    if (web_root_is_likely(config->store))
        fix(check, "store: the file seems to lie in a web root; name one outside of it");
    const enum error_code code = store_open(config->store, config->home, config->ca_folder, &store, &error);
    if (code != ERROR_NONE)
        fix(check, "%s", error.cause);
    else if (store_probe(store, &exists, &error) != ERROR_NONE)
        fix_store(check, &error);
    else
        ok("the store can be written%s",
           exists ? "" : ", and is not there yet: the first login makes it, or `cgi-login setup`");
    store_close(store);
}

/* Providers. */

static void check_callback_url(struct check *check, const struct provider *provider) {
    const char *base = check->config->base_url;
    struct buffer route = BUFFER_EMPTY;
    struct url url;
    route_append(&route, ROUTE_CALLBACK, provider->name);
    if (!url_parse(provider->callback_url, &url))
        fix(check, "providers.%s.callback_url: %s is no URL", provider->name, provider->callback_url);
    else if (!url_same_origin(provider->callback_url, base))
        fix(check,
            "providers.%s.callback_url: %s is not on base_url %s; the two must agree in http or https, host and port",
            provider->name, provider->callback_url, base);
    else if (!route_is_reached(ROUTE_CALLBACK, provider->name, url.path))
        fix(check, "providers.%s.callback_url: \"%s\" leads to no program; it should end in %s", provider->name,
            url.path, buffer_text(&route));
    else
        ok("providers.%s: its callback_url is on base_url", provider->name);
    buffer_free(&route);
}

/* Notes a `session.max_age` that may have no effect: it sends people to log in anew, but a provider without
 * `reauth_params` may pass them through. */
static void check_reauth(const struct check *check, const struct provider *provider) {
    if (check->config->session_max_age != 0 && provider->reauth_params == NULL)
        note("providers.%s: has no reauth_params, so session.max_age makes nobody type a password again there",
             provider->name);
}

/* Notes a day that is more than two years ago: Meta keeps a version of its API for that long, and others change as
 * fast. */
static void check_age(const struct provider *provider, const char *day, const char *what) {
    int64_t then;
    if (!date_read(day, &then))
        return; /* there is none */
    if ((int64_t)time(NULL) - then > (int64_t)PRESET_STALE_DAYS * SECONDS_PER_DAY)
        note("providers.%s: %s %s, more than two years ago: look for a newer file, or compare it with %s",
             provider->name, what, day,
             provider->documentation != NULL ? provider->documentation : "what the provider documents");
}

/* Notes what the provider's file tells the owner: what stands in the way there, and its age. */
static void check_preset(const struct provider *provider) {
    const cJSON *hurdle = provider->hurdles != NULL ? provider->hurdles->child : NULL;
    for (; hurdle != NULL; hurdle = hurdle->next)
        note("providers.%s: %s", provider->name, hurdle->valuestring);
    check_age(provider, provider->checked, "its file was last checked on");
    check_age(provider, provider->api_version_date, "the version of the API in its URLs is of");
}

/* Looks at what is kept of the issuer, and with --online at what it publishes now, which is kept from then on. */
static void check_issuer(struct check *check, struct provider *provider) {
    struct error error, remark = {.cause = ""};
    enum issuer_state state;
    if (!issuer_is_wanted(provider))
        return;
    enum error_code code = issuer_load(check->config, provider, (int64_t)time(NULL), &state, &error);
    if (code == ERROR_NONE && check->client != NULL)
        code = issuer_refresh(check->config, provider, check->client, &remark, &error);
    if (code != ERROR_NONE)
        fix(check, "providers.%s: %s", provider->name, error.cause);
    else if (remark.cause[0] != '\0')
        fix(check, "providers.%s: what its issuer publishes is fetched anew for each login, since %s", provider->name,
            remark.cause);
    else if (check->client != NULL)
        ok("providers.%s: what %s publishes, its keys too, is fetched and kept", provider->name, provider->issuer);
    else if (state == ISSUER_UNKNOWN)
        note(
            "providers.%s: nothing that could be used is kept yet of what %s publishes: the first login fetches it, or "
            "`cgi-login check --online`",
            provider->name, provider->issuer);
    else
        ok("providers.%s: what %s publishes is kept, %ld hours old", provider->name, provider->issuer,
           (long)((time(NULL) - provider->metadata_fetched) / SECONDS_PER_HOUR));
}

static void print_uri(const char *what, const struct provider *provider, const char *uri) {
    printf("\n  %s to register with %s, to the letter:\n\n      ", what, provider->title);
    command_print_text(stdout, uri);
    fputs("\n", stdout);
}

static void print_uris(const struct config *config, const struct provider *provider) {
    struct buffer home = BUFFER_EMPTY;
    print_uri("Redirect URI", provider, provider->callback_url);
    if (provider->end_session_url != NULL && provider->logout_at_provider && config->home_path != NULL) {
        buffer_append_format(&home, "%s%s", config->base_url, config->home_path);
        print_uri("Post-logout redirect URI", provider, buffer_text(&home));
    }
    putchar('\n');
    buffer_free(&home);
}

static void tell_clock(struct check *check) {
    struct buffer difference = BUFFER_EMPTY;
    if (!clock_is_compared(&check->clock))
        return;
    clock_append_difference(&check->clock, &difference);
    if (clock_agrees(&check->clock))
        ok("this machine's clock is right: %s told the time", check->clock.host);
    else
        fix(check,
            "this machine's clock is %s: set it, or ask the host to; signed requests of a provider (deauthorize, "
            "deletion) are refused where it is more than %d minutes behind, or %d ahead",
            buffer_text(&difference), SIGNED_REQUEST_AHEAD_SECONDS / SECONDS_PER_MINUTE,
            SIGNED_REQUEST_SECONDS / SECONDS_PER_MINUTE);
    buffer_free(&difference);
}

static void check_host(void *context, const struct provider *provider, const char *text) {
    struct check *check = context;
    struct error error;
    struct url url = {.https = false};
    url_parse(text, &url);
    if (http_client_probe(check->client, text, provider->ca_file, &error) != ERROR_NONE) {
        fix(check, "providers.%s: %s", provider->name, error.cause);
    } else {
        ok("providers.%s: %.*s answers%s", provider->name, (int)url.origin_len, text, url.https ? " over TLS" : "");
        clock_compare(&check->clock, check->client, text, provider->ca_file);
    }
    fflush(stdout);
}

/* Looks at what the HTTP client would wait for, or read to no end. */
static void check_ca_file(struct check *check, const struct provider *provider) {
    const char *path = provider->ca_file;
    struct stat status;
    char fault[FILE_FAULT_MAX];
    if (path == NULL)
        return;
    if (access(path, R_OK) != 0 || stat(path, &status) != 0)
        fix(check, "providers.%s.ca_file: %s cannot be read: %s", provider->name, path, file_fault(path, errno, fault));
    else if (!S_ISREG(status.st_mode))
        fix(check, "providers.%s.ca_file: %s is no file; name a PEM file", provider->name, path);
}

/* Signs with the private key, for nobody: a key of another kind would be noticed by the first visitor alone. */
static void check_client_key(struct check *check, const struct provider *provider) {
    struct provider signer = *provider;
    struct secret *assertion = NULL;
    struct error error;
    if (provider->client_key_file == NULL)
        return;
    if (signer.token_url == NULL)
        signer.token_url = provider->issuer; /* nothing is known of the issuer yet */
    if (client_assertion_make(&signer, (int64_t)time(NULL), &assertion, &error) == ERROR_NONE)
        ok("providers.%s: its client_key signs", provider->name);
    else
        fix(check, "%s", error.cause);
    secret_free(assertion);
}

/* Looks for what `make install` laid beside a file that the owner had changed, or that is from before it kept a list of
 * what it installs: codes of errors and lifetimes of tokens stand in there, and nothing else would miss them. */
static void check_newer_file(const struct provider *provider) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s.new", provider->preset) < (int)sizeof path && access(path, F_OK) == 0)
        note("%s lies beside the file that is used; carry over what you want of it, then remove it", path);
}

static void check_provider(struct check *check, const char *name) {
    struct problems problems = {.count = 0};
    struct provider *provider = NULL;
    struct error error;
    if (provider_load(check->config, name, &provider, &problems, &error) == ERROR_NONE) {
        check_newer_file(provider);
        check_preset(provider);
        check_ca_file(check, provider);
        check_client_key(check, provider);
        check_callback_url(check, provider);
        check_reauth(check, provider);
        check_issuer(check, provider);
        if (check->client != NULL)
            provider_hosts_each(provider, check_host, check);
        print_uris(check->config, provider);
    } else if (problems.count == 0) {
        fix(check, "providers.%s: %s", name, error.cause);
    }
    fix_all(check, &problems);
    provider_free(provider);
    problems_clear(&problems);
}

static void check_providers(struct check *check, bool online) {
    struct error error;
    const cJSON *providers = check->config->providers;
    if (online && http_client_new(check->config->ca_folder, &check->client, &error) != ERROR_NONE)
        fix(check, "%s", error.cause);
    for (const cJSON *entry = cJSON_IsObject(providers) ? providers->child : NULL; entry != NULL; entry = entry->next)
        if (cJSON_IsObject(entry) && provider_name_is_valid(entry->string) && check->config->base_url != NULL)
            check_provider(check, entry->string);
    tell_clock(check);
    http_client_free(check->client);
}

static void check_ca_folder(struct check *check) {
    const char *folder = check->config->ca_folder;
    struct ca_folder_contents contents;
    struct error error;
    char fault[FILE_FAULT_MAX];
    struct stat status;
    if (folder == NULL)
        return;
    if (stat(folder, &status) == 0 && !S_ISDIR(status.st_mode)) {
        fix(check, "ca_folder: %s is no folder; name one with certificates in it", folder);
        return;
    }
    if (access(folder, R_OK | X_OK) != 0) {
        fix(check, "ca_folder: %s cannot be read: %s", folder, file_fault(folder, errno, fault));
        return;
    }
    ok("certificates are checked against %s", folder);
    /* Looks only at a folder that ca-refresh can refresh. */
    const bool ours = ca_folder_look(folder, &contents, &error) == ERROR_NONE && contents.files != 0;
    const long days = ours ? (long)((time(NULL) - contents.newest) / SECONDS_PER_DAY) : 0;
    if (days > CA_FOLDER_STALE_DAYS)
        note("the CA certificates in %s were put there %ld days ago, and CAs come and go; run: cgi-login ca-refresh",
             folder, days);
}

/* Looks at the programs' own log, and writes nothing to it. */
static void check_log(struct check *check) {
    const char *log = check->config->log;
    if (log == NULL || *log != '/')
        return; /* the line about the config has said so */
    const char *problem = log_file_problem(log);
    if (web_root_is_likely(log))
        fix(check, "log: %s seems to lie in a web root; name a file outside of it", log);
    else if (problem != NULL)
        fix(check, "the programs' error log, %s, cannot be written: %s; mend that, or name another file in `log`", log,
            problem);
    else
        ok("what goes wrong in the programs is written to %s", log);
}

/* Looks at the file of `cgi-login export-key`, where there is one. */
static void check_session_keys(struct check *check) {
    char path[PATH_MAX], fault[LOG_LINE_MAX];
    switch (session_key_file_look(check->config, path, fault)) {
    case SESSION_KEY_FILE_NONE: return;
    case SESSION_KEY_FILE_CURRENT: ok("%s is of this config's keys", path); return;
    case SESSION_KEY_FILE_STALE:
        fix(check, "%s is of other keys or settings than the config now has; run: cgi-login export-key", path);
        return;
    case SESSION_KEY_FILE_FAULTY: fix(check, "%s", fault); return;
    case SESSION_KEY_FILE_NO_MEMORY: fix(check, "out of memory: %s could not be checked", path); return;
    }
}

static void check_base_url(const struct check *check) {
    struct url url;
    if (check->config->base_url == NULL || !url_parse(check->config->base_url, &url))
        return; /* the line about the config has said so */
    if (url_is_loopback(&url))
        note("base_url is this machine only: %s", check->config->base_url);
    else
        ok("base_url is %s", check->config->base_url);
}

static void take_gate_finding(void *context, enum gate_finding kind, const char *sentence) {
    switch (kind) {
    case GATE_FINDING_OK: ok("%s", sentence); break;
    case GATE_FINDING_NOTE: note("%s", sentence); break;
    case GATE_FINDING_FIX: fix(context, "%s", sentence); break;
    }
}

static void check_all(struct check *check, const struct problems *problems, bool online) {
    fix_all(check, problems);
    if (check->config == NULL)
        return;
    check_permissions(check);
    if (problems_none(problems, 0))
        ok("every key of the config is known and has a fitting value");
    check_base_url(check);
    check_templates(check);
    check_log(check);
    if (problems_none(problems, 0))
        check_session_keys(check);
    check_ca_folder(check);
    check_store(check);
    gate_check(check->config, take_gate_finding, check);
    check_providers(check, online);
}

enum command_status command_check(const struct command_line *line) {
    struct problems problems = {.count = 0};
    struct config *config = NULL;
    struct error error;
    struct check check = {.to_fix = 0};
    char path[PATH_MAX], real[PATH_MAX];
    if (command_find_config(line, path, &error) != ERROR_NONE) {
        fix(&check, "%s", error.cause);
    } else {
        const enum error_code code = config_load(path, NULL, CONFIG_FOR_CHECK, &config, &problems, &error);
        if (code != ERROR_NONE && problems.count == 0)
            problems.out_of_memory = true;
        command_print_text(stdout, realpath(path, real) != NULL ? real : path);
        putchar('\n');
        check.config = config;
        check_all(&check, &problems, line->online);
    }
    if (check.to_fix == 0)
        puts("All is right.");
    else
        printf("%u thing%s to fix.\n", check.to_fix, check.to_fix == 1 ? "" : "s");
    config_free(config);
    problems_clear(&problems);
    return check.to_fix == 0 ? COMMAND_DONE : COMMAND_FAILED;
}
