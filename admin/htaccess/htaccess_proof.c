/* SPDX-License-Identifier: MIT */
#include "admin/htaccess/htaccess_proof.h"

#include "admin/command.h"
#include "admin/htaccess/route_ask.h"

long htaccess_proof_begin(const struct config *config) {
    struct http_client *client = NULL;
    struct error error;
    long status = 0;
    if (http_client_new(config->ca_folder, &client, &error) == ERROR_NONE)
        status = route_ask_status(client, config, "/");
    http_client_free(client);
    return status;
}

/* What is wrong with a route, with the address that it is about. */
static void tell_route(const struct config *config, const char *web_root, enum route route, const char *provider,
                       const struct route_asked *asked) {
    char folder[PATH_MAX];
    struct buffer path = BUFFER_EMPTY;
    route_append(&path, route, provider);
    if (route_is_hidden(web_root, route, folder))
        command_complain("%s%s: the folder %s hides it; give that folder another name", config->base_url,
                         buffer_text(&path), folder);
    else
        command_complain("%s%s: %s", config->base_url, buffer_text(&path), asked->why);
    buffer_free(&path);
}

static bool ask_routes(struct http_client *client, const struct config *config, const char *web_root) {
    const char *names[PROVIDERS_MAX + 1];
    bool proved = true, reached = true;
    command_list_providers(config, names);
    for (enum route route = ROUTE_START; reached && route < ROUTES; route++) {
        const struct route_asked asked = route_ask(client, config, route, names[0]);
        reached = asked.reply != ROUTE_REPLY_UNREACHABLE;
        if (asked.reply != ROUTE_REPLY_OURS && asked.reply != ROUTE_REPLY_FAULT) {
            tell_route(config, web_root, route, names[0], &asked);
            proved = false;
        }
    }
    return proved;
}

enum htaccess_proof htaccess_proof_ask(const struct config *config, const char *web_root, long before) {
    struct http_client *client = NULL;
    struct error error;
    if (http_client_new(config->ca_folder, &client, &error) != ERROR_NONE) {
        command_complain("%s", error.cause);
        return HTACCESS_DISPROVED;
    }
    const bool proved = ask_routes(client, config, web_root);
    const bool broken = !proved && before != 0 && before < 500 && route_ask_status(client, config, "/") == 500;
    http_client_free(client);
    return proved ? HTACCESS_PROVED : broken ? HTACCESS_BREAKS_SITE : HTACCESS_DISPROVED;
}
