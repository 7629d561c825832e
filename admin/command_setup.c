/* `cgi-login setup`: makes the store's tables and indexes.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"

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
        status = COMMAND_DONE;
    } else {
        command_complain("%s", error.cause);
    }
done:
    store_close(store);
    config_free(config);
    return status;
}
