/* Whether what the site has at the addresses of our routes is our programs, and at that of the style sheet the style
 * sheet.
 * SPDX-License-Identifier: MIT */
#include "admin/check/check_parts.h"

#include "base/query.h"
#include "base/text.h"
#include "config/routes.h"
#include "meta/deletion_code.h"

#include <string.h>
#include <time.h>

static const char STYLE_SHEET[] = ROUTE_PATH_FILES "/style.css";

/* How a program responds to a request that changes nothing and is not worth a line in its log. */
struct probe {
    enum route route;
    enum site_method method;
    long status;
};

static const struct probe probes[] = {{ROUTE_CALLBACK, SITE_HEAD, 405},    {ROUTE_PROFILE, SITE_GET, 401},
                                      {ROUTE_LOGOUT, SITE_HEAD, 200},      {ROUTE_DEAUTHORIZE, SITE_HEAD, 405},
                                      {ROUTE_BACKCHANNEL, SITE_HEAD, 405}, {ROUTE_DELETION, SITE_GET, 200}};

/* What makes a deletion's status page be shown: a code as a deletion gives it, of nobody. */
static void append_code(const struct check *check, const char *provider, struct buffer *path) {
    const struct deletion deletion = {.time = (int64_t)time(NULL)};
    buffer_append_text(path, "?code=");
    path->failed = !deletion_code_make(&check->config->keys, provider, &deletion, path) || path->failed;
}

static bool is_json(const struct site_answer *answer) {
    return site_answer_is_failure(answer) || text_starts_with(answer->response.content_type, "application/json");
}

static const char *explain(const struct check *check, const struct site_answer *answer) {
    const long status = answer->response.status;
    if (answer->problem[0] != '\0')
        return "its error log says why";
    if (check->told && (status == 404 || status == 403 || status == 500))
        return "see above";
    switch (status) {
    case 404: return "no rule leads to the program, or it is not there; run: cgi-login htaccess add";
    case 403: return "the web server does not let the program run: look at its mode (755)";
    case 500: return "the web server cannot run the program: look at its mode (755), and at the host's error log";
    default: return "another program has that address: our rules must come first; run: cgi-login htaccess add";
    }
}

/* False, having told, if the route does not lead to its program. */
static bool is_right(const struct check *check, const struct probe *probe, const char *provider) {
    struct site_answer answer;
    struct buffer path = BUFFER_EMPTY;
    route_append(&path, probe->route, provider);
    const size_t len = path.len;
    if (probe->route == ROUTE_DELETION)
        append_code(check, provider, &path);
    site_ask(check->site, check->config, probe->method, buffer_text(&path), NULL, &answer);
    const bool right = !path.failed && is_json(&answer) && answer.response.status == probe->status;
    buffer_cut(&path, len);
    if (!right && site_answer_is_there(&answer))
        check_fix(check, "%s%s responds %ld, and not as our program %s does: %s", check->config->base_url,
                  buffer_text(&path), answer.response.status, route_program(probe->route), explain(check, &answer));
    else if (!right)
        check_fix(check, "%s%s: %s", check->config->base_url, buffer_text(&path), answer.error.cause);
    buffer_free(&path);
    site_answer_free(&answer);
    return right;
}

static void check_style_sheet(const struct check *check) {
    struct site_answer answer;
    const char *base = check->config->base_url;
    site_ask(check->site, check->config, SITE_HEAD, STYLE_SHEET, NULL, &answer);
    if (answer.response.status == 404)
        check_fix(check,
                  "%s%s is not there, so the pages have no style: upload the folder cgi-login of the web root "
                  "(public/ in the archive)",
                  base, STYLE_SHEET);
    else if (answer.response.status != 200)
        check_fix(check, "%s%s responds %ld, so the pages have no style: anybody must be able to read it", base,
                  STYLE_SHEET, answer.response.status);
    else if (!text_starts_with(answer.response.content_type, "text/css"))
        check_fix(check, "%s%s is sent as \"%s\", which browsers take for no style sheet: it should be text/css", base,
                  STYLE_SHEET, answer.response.content_type);
    site_answer_free(&answer);
}

/* The provider whose name the routes are asked with; NULL: there is none that can be used. */
static const char *find_provider(const struct check *check) {
    const cJSON *providers = check->config->providers;
    if (check->config->default_provider != NULL)
        return check->config->default_provider;
    return cJSON_IsObject(providers) && providers->child != NULL ? providers->child->string : NULL;
}

void check_routes(const struct check *check) {
    const char *provider = find_provider(check);
    size_t wrong = 0;
    if ((check->state != SITE_REPORTING && check->state != SITE_UNPROVED) || provider == NULL)
        return;
    /* Without the keys no code is one. */
    const size_t count = sizeof probes / sizeof *probes - (check->state == SITE_UNPROVED ? 1 : 0);
    for (size_t i = 0; i < count; i++)
        wrong += is_right(check, &probes[i], provider) ? 0 : 1;
    if (wrong == 0)
        check_ok(check, "the routes to callback, profile, logout, deauthorize, deletion and backchannel lead to them");
    check_style_sheet(check);
}

/* The redirect URI. */

/* Appends the parameter of the URL that a browser is sent to. False if there is none. */
static bool find_redirect_uri(const char *location, struct buffer *uri) {
    struct query query = {.pairs = NULL};
    struct error error;
    const char *mark = strchr(location, '?'), *value = NULL;
    const bool found = mark != NULL && query_parse(&query, mark + 1, &error) == ERROR_NONE &&
                       query_find(&query, "redirect_uri", &value) == QUERY_FOUND;
    if (found)
        buffer_append_text(uri, value);
    query_free(&query);
    return found;
}

static void tell_uri(const struct check *check, const struct provider *provider, const char *uri) {
    if (strcmp(uri, provider->callback_url) == 0)
        check_ok(check, "providers.%s: the site sends people to %s with this config's redirect URI", provider->name,
                 provider->title);
    else
        check_fix(
            check,
            "providers.%s: the site sends people to %s with the redirect URI %s, and this config has %s: it works "
            "with another config",
            provider->name, provider->title, uri, provider->callback_url);
}

void check_redirect_uri(const struct check *check, const struct provider *provider) {
    struct site_answer answer;
    struct buffer path = BUFFER_EMPTY, uri = BUFFER_EMPTY;
    /* Without the address of an issuer's page `start` would first ask the issuer for it. */
    if ((check->state != SITE_REPORTING && check->state != SITE_UNPROVED) || provider->authorize_url == NULL)
        return;
    route_append(&path, ROUTE_START, provider->name);
    site_ask(check->site, check->config, SITE_GET_PAGE, buffer_text(&path), NULL, &answer);
    const bool found = find_redirect_uri(buffer_text(&answer.response.location), &uri);
    if (found)
        tell_uri(check, provider, buffer_text(&uri));
    else if (answer.response.status < 300 || answer.response.status >= 400)
        check_fix(check, "providers.%s: %s%s responds %ld, and sends nobody to %s: the error log says why",
                  provider->name, check->config->base_url, buffer_text(&path), answer.response.status, provider->title);
    buffer_free(&uri);
    buffer_free(&path);
    site_answer_free(&answer);
}
