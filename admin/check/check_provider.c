/* SPDX-License-Identifier: MIT */
#include "admin/check/check_parts.h"

#include "admin/issuer_refresh.h"
#include "admin/provider_hosts.h"
#include "base/url.h"
#include "config/routes.h"
#include "http/http_client.h"
#include "openid/issuer.h"

#include <time.h>

static void check_callback_url(const struct check *check, const struct provider *provider) {
    const char *base = check->config->base_url;
    struct buffer route = BUFFER_EMPTY;
    struct url url;
    route_append(&route, ROUTE_CALLBACK, provider->name);
    if (!url_parse(provider->callback_url, &url))
        check_fix(check, "providers.%s.callback_url: %s is no URL", provider->name, provider->callback_url);
    else if (!url_same_origin(provider->callback_url, base))
        check_fix(
            check,
            "providers.%s.callback_url: %s is not on base_url %s; the two must agree in http or https, host and port",
            provider->name, provider->callback_url, base);
    else if (!route_is_reached(ROUTE_CALLBACK, provider->name, url.path))
        check_fix(check, "providers.%s.callback_url: \"%s\" leads to no program; it should end in %s", provider->name,
                  url.path, buffer_text(&route));
    else
        check_ok(check, "providers.%s: its callback_url is on base_url", provider->name);
    buffer_free(&route);
}

/* Notes a `session.max_age` that may have no effect: it sends people to log in anew, but a provider without
 * `reauth_params` may pass them through. */
static void check_reauth(const struct check *check, const struct provider *provider) {
    if (check->config->session_max_age != 0 && provider->reauth_params == NULL)
        check_note(check,
                   "providers.%s: has no reauth_params, so session.max_age makes nobody type a password again there",
                   provider->name);
}

/* Looks at what is kept of the issuer, and with --online at what it publishes now, which is kept from then on. */
static void check_issuer(const struct check *check, struct provider *provider) {
    struct error error, remark = {.cause = ""};
    enum issuer_state state;
    if (!issuer_is_wanted(provider))
        return;
    enum error_code code = issuer_load(check->config, provider, (int64_t)time(NULL), &state, &error);
    if (code == ERROR_NONE && check->client != NULL)
        code = issuer_refresh(check->config, provider, check->client, &remark, &error);
    if (code != ERROR_NONE)
        check_fix(check, "providers.%s: %s", provider->name, error.cause);
    else if (remark.cause[0] != '\0')
        check_fix(check, "providers.%s: what its issuer publishes is fetched anew for each login, since %s",
                  provider->name, remark.cause);
    else if (check->client != NULL)
        check_ok(check, "providers.%s: what %s publishes, its keys too, is fetched and kept", provider->name,
                 provider->issuer);
    else if (state == ISSUER_UNKNOWN)
        check_note(
            check,
            "providers.%s: nothing that could be used is kept yet of what %s publishes: the first login fetches it, or "
            "`cgi-login check --online`",
            provider->name, provider->issuer);
    else
        check_ok(check, "providers.%s: what %s publishes is kept, %ld hours old", provider->name, provider->issuer,
                 (long)((time(NULL) - provider->metadata_fetched) / SECONDS_PER_HOUR));
}

static void tell_uris(const struct check *check, const struct provider *provider) {
    const struct check_options *options = check->options;
    const struct config *config = check->config;
    struct buffer home = BUFFER_EMPTY;
    if (options->take_uri == NULL)
        return;
    options->take_uri(options->taker.context, "Redirect URI", provider->title, provider->callback_url);
    if (provider->end_session_url != NULL && provider->logout_at_provider && config->home_path != NULL) {
        buffer_append_format(&home, "%s%s", config->base_url, config->home_path);
        options->take_uri(options->taker.context, "Post-logout redirect URI", provider->title, buffer_text(&home));
    }
    buffer_free(&home);
}

static void check_host(void *context, const struct provider *provider, const char *text) {
    struct check *check = context;
    struct error error;
    struct url url = {.https = false};
    url_parse(text, &url);
    if (http_client_probe(check->client, text, provider->ca_file, &error) != ERROR_NONE) {
        check_fix(check, "providers.%s: %s", provider->name, error.cause);
    } else {
        check_ok(check, "providers.%s: %.*s answers%s", provider->name, (int)url.origin_len, text,
                 url.https ? " over TLS" : "");
        clock_compare(&check->clock, check->client, text, provider->ca_file);
    }
}

static void check_provider(struct check *check, const char *name) {
    struct problems problems = {.count = 0};
    struct provider *provider = NULL;
    struct error error;
    if (provider_load(check->config, name, &provider, &problems, &error) == ERROR_NONE) {
        check_provider_files(check, provider);
        check_callback_url(check, provider);
        check_redirect_uri(check, provider);
        check_reauth(check, provider);
        check_issuer(check, provider);
        if (check->client != NULL)
            provider_hosts_each(provider, check_host, check);
        tell_uris(check, provider);
    } else if (problems.count == 0) {
        check_fix(check, "providers.%s: %s", name, error.cause);
    }
    check_fix_all(check, &problems);
    provider_free(provider);
    problems_clear(&problems);
}

void check_providers(struct check *check) {
    struct error error;
    const cJSON *providers = check->config->providers;
    if (check->options->online && http_client_new(check->config->ca_folder, &check->client, &error) != ERROR_NONE)
        check_fix(check, "%s", error.cause);
    if (check->client != NULL && check->options->milliseconds != 0)
        http_client_limit(check->client, deadline_in(check->options->milliseconds));
    for (const cJSON *entry = cJSON_IsObject(providers) ? providers->child : NULL; entry != NULL; entry = entry->next)
        if (cJSON_IsObject(entry) && provider_name_is_valid(entry->string) && check->config->base_url != NULL)
            check_provider(check, entry->string);
    check_clock(check);
    http_client_free(check->client);
}
