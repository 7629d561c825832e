/* Why what responds at the address of `login` is not ours.
 * SPDX-License-Identifier: MIT */
#include "admin/check/check_parts.h"

#include "admin/own_site/route_ask.h"
#include "base/text.h"
#include "base/url.h"
#include "config/routes.h"

#include <elf.h>
#include <string.h>
#include <strings.h>

#define ADD_LINES "run: cgi-login htaccess add"

/* Redirects. */

/* True if one host is the other with "www." before it. */
static bool are_www_and_plain(const struct url *a, const struct url *b) {
    const struct url *longer = a->host_len > b->host_len ? a : b, *shorter = longer == a ? b : a;
    return longer->host_len == shorter->host_len + 4 && strncasecmp(longer->host, "www.", 4) == 0 &&
           strncasecmp(longer->host + 4, shorter->host, shorter->host_len) == 0;
}

static void tell_own_redirect(const struct check *check, const char *to) {
    char folder[PATH_MAX];
    if (check->place.web_root[0] != '\0' && route_is_hidden(check->place.web_root, ROUTE_LOGIN, folder))
        check_fix(check, "%s hides the sign-in page, since the web server serves a folder itself: rename it", folder);
    else
        check_fix(check,
                  "%s" ROUTE_PATH_LOGIN " sends the browser on to %s: another rule comes before ours in .htaccess, or "
                  "another program has that address; " ADD_LINES,
                  check->config->base_url, to);
}

static void tell_redirect(const struct check *check) {
    const char *base = check->config->base_url, *to = buffer_text(&check->login.response.location);
    struct url own, other;
    if (!url_parse(base, &own) || !url_parse(to, &other)) {
        check_fix(check, "%s" ROUTE_PATH_LOGIN " responds %ld, and not as our program does", base,
                  check->login.response.status);
        return;
    }
    if (url_same_origin(base, to))
        tell_own_redirect(check, to);
    else if (are_www_and_plain(&own, &other))
        check_fix(check,
                  "base_url: the site sends the browser from %s on to %.*s; write that name into base_url and each "
                  "callback_url, and register it with the provider, or turn the redirect round",
                  base, (int)other.origin_len, to);
    else if (own.host_len == other.host_len && strncasecmp(own.host, other.host, own.host_len) == 0)
        check_fix(check, "base_url: the site sends the browser from %s on to %.*s; %s", base, (int)other.origin_len, to,
                  other.https ? "write that into base_url" : "switch that redirect off in the panel or in .htaccess");
    else
        check_fix(check,
                  "base_url: %s sends the browser on to another site, %.*s; is the name right, and does the domain "
                  "already lead to this account?",
                  base, (int)other.origin_len, to);
}

/* Nothing is there. */

/* `what` the sign-in page is instead. */
static void tell_no_routes(const struct check *check, const char *what) {
    const struct program_place *place = &check->place;
    const char *base = check->config->base_url;
    if (!place->has_htaccess)
        check_fix(check,
                  "%s" ROUTE_PATH_LOGIN " %s: there is no .htaccess in %s, and uploads leave out names that begin with "
                  "a dot; " ADD_LINES ", or upload htaccess.example under that name",
                  base, what, place->web_root);
    else
        check_fix(check, "%s" ROUTE_PATH_LOGIN " %s: the .htaccess in %s has no routes to the programs; " ADD_LINES,
                  base, what, place->web_root);
}

static void tell_nothing_there(const struct check *check) {
    const struct program_place *place = &check->place;
    const char *base = check->config->base_url;
    if (place->web_root[0] == '\0')
        check_fix(check,
                  "%s" ROUTE_PATH_LOGIN
                  " is not there (404): either the document root has no .htaccess with the routes "
                  "(uploads leave out names that begin with a dot), or the programs lie elsewhere than it says; run: "
                  "cgi-login htaccess add --web-root FOLDER",
                  base);
    else if (place->routed.url[0] == '\0')
        tell_no_routes(check, "is not there (404)");
    else if (place->folder[0] == '\0')
        check_fix(check,
                  "%s" ROUTE_PATH_LOGIN
                  " is not there (404): the routes lead to %s/login%s, and no programs were found; "
                  "upload them to where the host runs programs under %s",
                  base, place->routed.url, place->routed.suffix, place->routed.url);
    else if (check->told)
        check_fix(check, "%s" ROUTE_PATH_LOGIN " is not there (404), see above", base);
    else
        check_fix(check,
                  "%s" ROUTE_PATH_LOGIN " is not there (404), though %s/.htaccess has the routes and %s the programs: "
                  "either the web server does not heed .htaccess (AllowOverride), or %s is not under %s",
                  base, place->web_root, place->folder, place->folder, place->routed.url);
}

/* The rest. */

static void tell_not_run(const struct check *check) {
    struct site_answer style;
    const char *base = check->config->base_url, *root = check->place.web_root;
    site_ask(check->site, check->config, SITE_HEAD, ROUTE_PATH_FILES "/style.css", NULL, &style);
    const bool all = style.response.status >= 500;
    site_answer_free(&style);
    if (all)
        check_fix(check, "every page of %s responds %ld: a line of the .htaccess in %s is not taken%s", base,
                  check->login.response.status, *root != '\0' ? root : "the document root",
                  check->told ? ", see above"
                              : "; the host's error log names it, and where Options is forbidden, remove that line");
    else
        check_fix(check, "%s" ROUTE_PATH_LOGIN " responds %ld: the web server cannot run the program%s", base,
                  check->login.response.status,
                  check->told ? ", see above"
                              : "; suEXEC wants it and its folder to be yours, with the mode 755, and the host's error "
                                "log says what it did not like");
}

static void tell_forbidden(const struct check *check) {
    check_fix(check, "%s" ROUTE_PATH_LOGIN " responds 403: the web server does not let the program run%s",
              check->config->base_url,
              check->told
                  ? ", see above"
                  : "; look at its mode (755) and that of its folder, and whether the host runs programs there, "
                    "or filters requests (mod_security)");
}

static void tell_success(const struct check *check) {
    const struct buffer *body = &check->login.response.body;
    const char *base = check->config->base_url;
    if (check->login.is_large || (body->len >= SELFMAG && memcmp(buffer_text(body), ELFMAG, SELFMAG) == 0))
        check_fix(check,
                  "%s" ROUTE_PATH_LOGIN
                  " sends the program instead of running it: the host runs none in that folder; put "
                  "the programs where it does, or run: cgi-login htaccess add --exec-cgi",
                  base);
    else if (check->place.web_root[0] != '\0' && check->place.routed.url[0] == '\0')
        tell_no_routes(check, "is a page of another program");
    else
        check_fix(check,
                  "%s" ROUTE_PATH_LOGIN " is a page of another program: either base_url is not this site's, as of a "
                  "domain that is parked, or another rule comes before ours in .htaccess; " ADD_LINES,
                  base);
}

void check_foreign(struct check *check) {
    const long status = check->login.response.status;
    const char *base = check->config->base_url;
    if (!check->login.is_whole && !check->login.is_large)
        check_fix(check,
                  "%s" ROUTE_PATH_LOGIN " begins to respond (%ld), and does not come to an end: what responds there is "
                  "not our program, or the web server stops it (%.300s)",
                  base, status, check->login.error.cause);
    else if (status < 300)
        tell_success(check);
    else if (status < 400)
        tell_redirect(check);
    else if (status == 401)
        check_fix(check,
                  "%s" ROUTE_PATH_LOGIN
                  " asks for a password of the web server's own before our program runs: take that "
                  "off " ROUTE_PATH_LOGIN " and " ROUTE_PATH_START ", or no visitor and no provider gets there",
                  base);
    else if (status == 403)
        tell_forbidden(check);
    else if (status == 404)
        tell_nothing_there(check);
    else if (status == 500)
        tell_not_run(check);
    else
        check_fix(check,
                  "%s" ROUTE_PATH_LOGIN " responds %ld, which is not of our program; the host's error log says why",
                  base, status);
}
