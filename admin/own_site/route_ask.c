/* SPDX-License-Identifier: MIT */
#include "admin/own_site/route_ask.h"

#include "admin/own_site/site_ask.h"
#include "base/text.h"

#include <string.h>
#include <sys/stat.h>

/* Our programs answer a script with one of these; no other software does. */
static bool is_ours(const struct http_response *response) {
    static const char *const members[] = {"\"authorize_url\":", "\"providers\":[", "\"signed_in\":"};
    const char *body = buffer_text(&response->body);
    if (text_starts_with(response->content_type, "application/problem+json"))
        return text_starts_with(body, "{\"type\":\"about:blank\",") && strstr(body, "\"code\":\"") != NULL;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (text_starts_with(response->content_type, "application/json") && strstr(body, members[i]) != NULL)
            return true;
    return false;
}

static const char *explain(long status) {
    if (status == 500)
        return "the web server cannot run the program, or does not take a line of an .htaccess; its error log says why";
    if (status == 403)
        return "the web server does not let the program run: look at its mode (755), and that its folder may hold "
               "programs";
    if (status == 404)
        return "the web server has nothing there: either it does not heed the .htaccess, or the programs have another "
               "address than its lines say (--cgi-url, --cgi-suffix)";
    if (status >= 300 && status < 400)
        return "another rule sends the browser elsewhere: look whether base_url has the name, and the https, that the "
               "site has";
    return "another program responds: a rule in front of ours takes the address";
}

static void judge(const struct http_response *response, struct route_asked *asked) {
    asked->reply = ROUTE_REPLY_OTHER;
    if (is_ours(response))
        asked->reply = strstr(buffer_text(&response->body), "\"code\":\"configuration_error\"") != NULL
                           ? ROUTE_REPLY_FAULT
                           : ROUTE_REPLY_OURS;
    if (asked->reply == ROUTE_REPLY_OTHER)
        snprintf(asked->why, sizeof asked->why, "the status is %ld: %s", asked->status, explain(asked->status));
    else if (asked->reply == ROUTE_REPLY_FAULT)
        snprintf(asked->why, sizeof asked->why,
                 "the program runs, and cannot use its config: `cgi-login check` says what to do");
}

struct route_asked route_ask(struct http_client *client, const struct config *config, enum route route,
                             const char *provider) {
    struct route_asked asked = {.reply = ROUTE_REPLY_UNREACHABLE};
    struct site_answer answer;
    struct buffer path = BUFFER_EMPTY;
    route_append(&path, route, provider);
    site_ask(client, config, SITE_GET, buffer_text(&path), NULL, &answer);
    asked.status = answer.response.status;
    if (answer.is_whole)
        judge(&answer.response, &asked);
    else if (site_answer_is_there(&answer) || answer.is_large)
        asked.reply = ROUTE_REPLY_OTHER;
    if (answer.is_large)
        snprintf(asked.why, sizeof asked.why,
                 "what comes back is no page of ours: the web server may hand the program out as a file (--exec-cgi), "
                 "or another program responds");
    else if (!answer.is_whole)
        snprintf(asked.why, sizeof asked.why, "%s", answer.error.cause);
    site_answer_free(&answer);
    buffer_free(&path);
    return asked;
}

bool route_is_hidden(const char *web_root, enum route route, char folder[PATH_MAX]) {
    struct buffer path = BUFFER_EMPTY;
    struct stat status;
    route_append(&path, route, NULL);
    /* Of the routes of a provider the first part is what can be hidden: "/auth". */
    const size_t len = 1 + strcspn(buffer_text(&path) + 1, "/");
    const bool fits =
        path.len != 0 && snprintf(folder, PATH_MAX, "%s%.*s", web_root, (int)len, buffer_text(&path)) < PATH_MAX;
    buffer_free(&path);
    return fits && stat(folder, &status) == 0 && S_ISDIR(status.st_mode);
}
