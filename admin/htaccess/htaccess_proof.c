/* SPDX-License-Identifier: MIT */
#include "admin/htaccess/htaccess_proof.h"

#include "admin/command.h"
#include "admin/own_site/route_ask.h"
#include "admin/own_site/site_ask.h"

/* The status of the home page; 0 if nothing responds. */
static long ask_home(struct http_client *client, const struct config *config) {
    struct site_answer answer;
    site_ask(client, config, SITE_GET, "/", NULL, &answer);
    const long status = answer.response.status;
    site_answer_free(&answer);
    return status;
}

long htaccess_proof_begin(const struct config *config) {
    struct http_client *client = NULL;
    struct error error;
    long status = 0;
    if (http_client_new(config->ca_folder, &client, &error) == ERROR_NONE)
        status = ask_home(client, config);
    http_client_free(client);
    return status;
}

/* Appends what is wrong with a route, with the address that it is about. */
static void append_fault(struct buffer *faults, const struct config *config, const char *web_root, enum route route,
                         const char *provider, const char *why) {
    char folder[PATH_MAX];
    buffer_append_text(faults, config->base_url);
    route_append(faults, route, provider);
    if (route_is_hidden(web_root, route, folder))
        buffer_append_format(faults, ": the folder %s hides it; give that folder another name\n", folder);
    else
        buffer_append_format(faults, ": %s\n", why);
}

static enum htaccess_proof ask_routes(struct http_client *client, const struct config *config, const char *web_root,
                                      struct buffer *faults) {
    const char *names[PROVIDERS_MAX + 1];
    enum htaccess_proof proof = HTACCESS_PROVED;
    command_list_providers(config, names);
    for (enum route route = ROUTE_START; proof != HTACCESS_UNASKED && route < ROUTES; route++) {
        const struct route_asked asked = route_ask(client, config, route, names[0]);
        if (asked.reply == ROUTE_REPLY_OURS || asked.reply == ROUTE_REPLY_FAULT)
            continue;
        append_fault(faults, config, web_root, route, names[0], asked.why);
        proof = asked.reply == ROUTE_REPLY_UNREACHABLE ? HTACCESS_UNASKED : HTACCESS_DISPROVED;
    }
    return proof;
}

enum htaccess_proof htaccess_proof_ask(const struct config *config, const char *web_root, long before,
                                       struct buffer *faults) {
    struct http_client *client = NULL;
    struct error error;
    if (http_client_new(config->ca_folder, &client, &error) != ERROR_NONE) {
        buffer_append_format(faults, "%s\n", error.cause);
        return HTACCESS_UNASKED;
    }
    enum htaccess_proof proof = ask_routes(client, config, web_root, faults);
    if (proof == HTACCESS_DISPROVED && before != 0 && before < 500 && ask_home(client, config) == 500)
        proof = HTACCESS_BREAKS_SITE;
    http_client_free(client);
    return proof;
}
