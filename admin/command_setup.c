/* `cgi-login setup`: makes the store's tables and indexes, and fetches what providers publish of themselves.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"

#include "admin/issuer_refresh.h"
#include "openid/issuer.h"

static void fetch(const struct config *config, struct provider *provider) {
    struct error error, remark = {.cause = ""};
    struct http_client *client = NULL;
    enum error_code code = http_client_new(config->ca_folder, &client, &error);
    if (code == ERROR_NONE)
        code = issuer_refresh(config, provider, client, &remark, &error);
    if (code != ERROR_NONE)
        command_complain("providers.%s: %s; the first login tries again", provider->name, error.cause);
    else if (remark.cause[0] != '\0')
        command_complain("providers.%s: it is fetched anew for each login, since %s", provider->name, remark.cause);
    else
        printf("What %s publishes is kept.\n", provider->issuer);
    http_client_free(client);
}

/* Fetches what the issuers of OpenID Connect publish, so that the first login need not. */
static void fetch_issuers(const struct config *config, const char *const *names) {
    for (; *names != NULL; names++) {
        struct provider *provider = command_load_provider(config, *names);
        if (provider != NULL && issuer_is_wanted(provider))
            fetch(config, provider);
        provider_free(provider);
    }
}

enum command_status command_setup(const struct command_line *line) {
    struct config *config;
    struct store *store;
    struct error error;
    const char *providers[PROVIDERS_MAX + 1];
    enum command_status status = COMMAND_FAILED;
    if (!command_open(line, &config, &store))
        goto done;
    command_list_providers(config, providers);
    if (store_setup(store, providers, &error) == ERROR_NONE) {
        puts("The store is set up.");
        fetch_issuers(config, providers);
        status = COMMAND_DONE;
    } else {
        command_complain("%s", error.cause);
    }
done:
    store_close(store);
    config_free(config);
    return status;
}
