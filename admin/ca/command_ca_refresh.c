/* `cgi-login ca-refresh`, for cron: refreshes the folder of CA certificates from a bundle in PEM, such as Mozilla's.
 * The new folder is proved before it takes the old one's place; whatever fails leaves the old one as it was.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"
#include "admin/progress.h"
#include "program/store_open.h"

#include "admin/ca/ca_folder.h"
#include "admin/provider_hosts.h"
#include "base/file.h"
#include "base/url.h"
#include "http/http_client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct ca_refresh {
    const struct config *config;
    struct ca_folder folder;
    struct ca_bundle bundle;
    struct http_client *before; /* a client that trusts what the programs trust now */
    struct http_client *after;  /* a client that trusts the new folder */
    bool refused;               /* a host that the old folder verifies fails with the new one, or could not be tried */
};

/* The bundle. */

static enum error_code fetch(struct ca_refresh *refresh, const char *source, struct buffer *text, struct error *error) {
    const struct http_request call = {
        .url = source, .accept = "Accept: */*", .response_max = CA_BUNDLE_MAX, .timeout_ms = CA_BUNDLE_TIMEOUT_MS};
    struct http_response response = {.status = 0};
    struct error cause;
    progress_show("fetching %s", source);
    progress_end();
    enum error_code code = http_client_call(refresh->before, &call, &response, &cause);
    if (code == ERROR_NONE && response.status != 200)
        code = error_set(&cause, ERROR_PROVIDER, "the response is %ld", response.status);
    if (code == ERROR_NONE) {
        *text = response.body;
        return ERROR_NONE;
    }
    http_response_free(&response);
    return error_set(error, ERROR_CONFIG, "%s cannot be fetched: %s. Fetch a bundle elsewhere and say --from FILE",
                     source, cause.cause);
}

static enum error_code read_source(struct ca_refresh *refresh, const char *source, struct buffer *text,
                                   struct error *error) {
    struct url url;
    if (url_parse(source, &url) && url.https)
        return fetch(refresh, source, text, error);
    if (strstr(source, "://") != NULL)
        return error_set(error, ERROR_CONFIG, "--from: expected a file or an https URL, not %s", source);
    if (file_read(source, CA_BUNDLE_MAX, text, NULL))
        return ERROR_NONE;
    return error_set(error, ERROR_CONFIG, "%s cannot be read: %s", source, strerror(errno));
}

static enum error_code read_bundle(struct ca_refresh *refresh, const char *source, struct error *error) {
    struct buffer text = BUFFER_EMPTY;
    struct error cause;
    enum error_code code = read_source(refresh, source, &text, error);
    if (code != ERROR_NONE)
        goto done;
    code = ca_bundle_read(&refresh->bundle, buffer_text(&text), text.len, &cause);
    if (code != ERROR_NONE)
        error_set(error, code, "%s cannot be used: %s", source, cause.cause);
    else if (refresh->bundle.count < CA_CERTIFICATES_LEAST)
        code = error_set(error, ERROR_CONFIG,
                         "%s cannot be used: %zu CA certificates are too few for a bundle, which has at least %d",
                         source, refresh->bundle.count, CA_CERTIFICATES_LEAST);
done:
    buffer_free(&text);
    return code;
}

/* The proof. A host that is down, or was not trusted before, says nothing about the new folder: only what the old
 * folder verifies can be lost. */

static void judge(struct ca_refresh *refresh, const char *what, const struct error *after, bool before) {
    if (before)
        command_complain("%s: with the new certificates: %s", what, after->cause);
    else
        command_complain("%s: nothing could be proved, it fails with the old certificates too: %s", what, after->cause);
    refresh->refused = refresh->refused || before;
}

static void prove_host(void *context, const struct provider *provider, const char *text) {
    struct ca_refresh *refresh = context;
    struct error after, before;
    struct url url;
    char what[PROVIDER_NAME_MAX + 16];
    if (!url_parse(text, &url) || !url.https)
        return;
    progress_show("trying %s", text);
    progress_end();
    if (http_client_probe(refresh->after, text, provider->ca_file, &after) == ERROR_NONE)
        return;
    const bool trusted = http_client_probe(refresh->before, text, provider->ca_file, &before) == ERROR_NONE;
    /* The host may only have been slow, so it is tried once more. */
    if (trusted && http_client_probe(refresh->after, text, provider->ca_file, &after) == ERROR_NONE)
        return;
    snprintf(what, sizeof what, "providers.%s", provider->name);
    judge(refresh, what, &after, trusted);
}

static bool store_answers(const struct config *config, const char *ca_folder, struct error *error) {
    struct store *store = NULL;
    enum store_state state;
    const bool answers = store_open(config->store, config->home, ca_folder, &store, error) == ERROR_NONE &&
                         store_probe(store, &state, error) == ERROR_NONE;
    store_close(store);
    return answers;
}

static void prove_store(struct ca_refresh *refresh) {
    const struct config *config = refresh->config;
    struct error after, before;
    if (store_uses_ca_folder(config->store) && !store_answers(config, refresh->folder.made, &after))
        judge(refresh, "store", &after, store_answers(config, config->ca_folder, &before));
}

static enum error_code prove(struct ca_refresh *refresh, struct error *error) {
    const enum error_code code = http_client_new(refresh->folder.made, &refresh->after, error);
    if (code != ERROR_NONE)
        return code;
    for (const cJSON *entry = refresh->config->providers->child; entry != NULL; entry = entry->next) {
        struct provider *provider = command_load_provider(refresh->config, entry->string);
        if (provider != NULL)
            provider_hosts_each(provider, prove_host, refresh);
        refresh->refused = refresh->refused || provider == NULL;
        provider_free(provider);
    }
    prove_store(refresh);
    return refresh->refused ? error_set(error, ERROR_CONFIG, "%s stays as it was", refresh->folder.path) : ERROR_NONE;
}

/* The whole. */

static void print_summary(const struct ca_bundle *bundle, size_t added, size_t gone) {
    printf("ca: %zu certificates, ", bundle->count);
    if (added == 0 && gone == 0)
        fputs("nothing changed", stdout);
    else
        printf("%zu new, %zu gone", added, gone);
    if (bundle->expired != 0)
        printf(", %zu expired left out", bundle->expired);
    if (bundle->no_ca != 0)
        printf(", %zu of no CA left out", bundle->no_ca);
    putchar('\n');
}

static enum error_code replace(struct ca_refresh *refresh, const char *source, struct error *error) {
    enum error_code code = http_client_new(refresh->config->ca_folder, &refresh->before, error);
    if (code == ERROR_NONE)
        code = read_bundle(refresh, source, error);
    if (code == ERROR_NONE)
        code = ca_folder_make(&refresh->folder, &refresh->bundle, error);
    if (code == ERROR_NONE)
        code = prove(refresh, error);
    if (code != ERROR_NONE)
        return code;
    const size_t common = ca_folder_count_common(&refresh->folder, &refresh->bundle);
    code = ca_folder_swap(&refresh->folder, error);
    if (code == ERROR_NONE)
        print_summary(&refresh->bundle, refresh->bundle.count - common, refresh->folder.files - common);
    return code;
}

static enum error_code refresh_folder(struct ca_refresh *refresh, const char *source, struct error *error) {
    enum error_code code = ca_folder_take(&refresh->folder, refresh->config->ca_place, error);
    if (code == ERROR_NONE)
        code = replace(refresh, source, error);
    if (!ca_folder_release(&refresh->folder))
        command_complain("%s cannot be removed: %s", refresh->folder.made, strerror(errno));
    return code;
}

enum command_status command_ca_refresh(const struct command_line *line) {
    struct config *config = NULL;
    struct error error;
    struct ca_refresh *refresh = calloc(1, sizeof *refresh);
    enum command_status status = COMMAND_FAILED;
    if (refresh == NULL) {
        command_complain("out of memory");
        return COMMAND_FAILED;
    }
    if (!command_load_config(line, &config))
        goto done;
    refresh->config = config;
    if (refresh_folder(refresh, line->from != NULL ? line->from : CA_BUNDLE_URL, &error) == ERROR_NONE)
        status = COMMAND_DONE;
    else
        command_complain("%s", error.cause);
    http_client_free(refresh->before);
    http_client_free(refresh->after);
    ca_bundle_clear(&refresh->bundle);
done:
    free(refresh);
    config_free(config);
    return status;
}
