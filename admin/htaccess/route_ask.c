/* SPDX-License-Identifier: MIT */
#include "admin/htaccess/route_ask.h"

#include "base/text.h"

#include <string.h>
#include <sys/stat.h>

enum { ASK_TIMEOUT_MS = 8000, ASK_RESPONSE_MAX = 1 << 16 };

static enum error_code ask(struct http_client *client, const char *url, struct http_response *response,
                           struct error *error) {
    const struct http_request call = {.url = url,
                                      .accept = "Accept: application/json",
                                      .response_max = ASK_RESPONSE_MAX,
                                      .timeout_ms = ASK_TIMEOUT_MS};
    return http_client_call(client, &call, response, error);
}

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
    struct http_response response = {.status = 0};
    struct buffer url = BUFFER_EMPTY;
    struct error error;
    buffer_append_text(&url, config->base_url);
    route_append(&url, route, provider);
    const enum error_code code =
        url.failed ? error_out_of_memory(&error) : ask(client, buffer_text(&url), &response, &error);
    asked.status = response.status;
    if (code == ERROR_NONE)
        judge(&response, &asked);
    else if (code == ERROR_PROVIDER) /* more than is read of a success */
        asked.reply = ROUTE_REPLY_OTHER;
    if (code == ERROR_PROVIDER)
        snprintf(asked.why, sizeof asked.why,
                 "what comes back is no page of ours: the web server may hand the program out as a file (--exec-cgi), "
                 "or another program responds");
    else if (code != ERROR_NONE)
        snprintf(asked.why, sizeof asked.why, "%s", error.cause);
    http_response_free(&response);
    buffer_free(&url);
    return asked;
}

long route_ask_status(struct http_client *client, const struct config *config, const char *path) {
    struct http_response response = {.status = 0};
    struct buffer url = BUFFER_EMPTY;
    struct error error;
    buffer_append_format(&url, "%s%s", config->base_url, path);
    if (!url.failed)
        ask(client, buffer_text(&url), &response, &error);
    const long status = response.status;
    http_response_free(&response);
    buffer_free(&url);
    return status;
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
