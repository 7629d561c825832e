/* lib/revoke: gives tokens back to providers, for a program that has no libcurl (revocation_helper.h). Reads a user's
 * accounts, with their tokens as they are stored, from standard input; CGI_LOGIN_CONFIG names the config. Prints a line
 * for each token that the provider may still take.
 * SPDX-License-Identifier: MIT */
#include "base/json.h"
#include "base/process.h"
#include "config/config.h"
#include "program/account_revocation.h"

#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Reads all of standard input. False if that is more than a JSON text may have. */
static bool read_input(struct buffer *text) {
    char bytes[4096];
    size_t len;
    while ((len = fread(bytes, 1, sizeof bytes, stdin)) != 0 && text->len <= JSON_TEXT_MAX)
        buffer_append(text, bytes, len);
    sodium_memzero(bytes, sizeof bytes);
    return !ferror(stdin) && !text->failed && text->len <= JSON_TEXT_MAX;
}

static void print(void *context, const char *line) {
    (void)context;
    puts(line);
}

static bool revoke_all(const struct config *config) {
    struct process_cache cache = {.store = NULL};
    struct buffer text = BUFFER_EMPTY;
    cJSON *document = NULL;
    const bool read = read_input(&text) && json_parse(buffer_text(&text), text.len, &document, NULL) == JSON_PARSED;
    if (read && cJSON_IsObject(document))
        account_revocation_run(&cache, config, document, time(NULL), print, NULL);
    process_cache_clear(&cache);
    json_free(document);
    buffer_free(&text);
    return read;
}

int main(void) {
    struct config *config = NULL;
    struct problems problems = {.count = 0};
    struct error error;
    char path[PATH_MAX];
    process_harden();
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    enum error_code code = config_locate(NULL, CONFIG_FOR_REQUEST, path, &error);
    if (code == ERROR_NONE)
        code = config_load(path, NULL, CONFIG_FOR_REQUEST, &config, &problems, &error);
    if (code != ERROR_NONE)
        puts(error.cause);
    const bool done = code == ERROR_NONE && revoke_all(config);
    problems_clear(&problems);
    config_free(config);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
