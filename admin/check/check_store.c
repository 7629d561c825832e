/* SPDX-License-Identifier: MIT */
#include "admin/check/check_parts.h"

#include "admin/web_root.h"
#include "base/text.h"
#include "config/store_uri.h"
#include "program/mongodb_loader/mongodb_loader.h"
#include "program/store_open.h"

#include <unistd.h>

/* Adds the key's name only where the cause does not begin with it. */
static void fix_store(const struct check *check, const struct error *error) {
    check_fix(check, "%s%s", text_starts_with(error->cause, "store: ") ? "" : "store: ", error->cause);
}

#define TEMPLATE_HOME "/home/you"

/* True for the file that config-template.json names, where there is no such account. */
static bool is_template(const char *store) {
    return text_starts_with(store, "sqlite://" TEMPLATE_HOME "/") && access(TEMPLATE_HOME, F_OK) != 0;
}

void check_store(const struct check *check) {
    struct store *store = NULL;
    struct error error;
    enum store_state state;
    static const char *const words[] = {
        [STORE_IS_ABSENT] = ", and is not there yet: the first login makes it, or `cgi-login setup`",
        /* Clang takes two literals side by side in a list for a comma that was forgotten. */
        [STORE_IS_OLDER] = (", and is of an earlier version (schema 1): the next login moves it, or `cgi-login setup`; "
                            "keep a copy, for no earlier version reads it then"),
        [STORE_IS_READY] = ""};
    const char *problem;
    char lacking[PATH_MAX];
    const struct config *config = check->config;
    const enum store_kind kind = config->store != NULL ? store_uri_kind(config->store, &problem) : STORE_UNKNOWN;
    if (kind == STORE_UNKNOWN)
        return; /* the line about the config has said so */
    if (is_template(config->store)) {
        check_fix(check, "store: is still the template's; write your own folder in place of " TEMPLATE_HOME);
        return;
    }
    if (kind == STORE_MONGODB && mongodb_loader_lacks(config->home, lacking))
        check_fix(check, "%s cannot be run: upload it, and give it the mode 755", lacking);
    if (web_root_is_likely(config->store))
        check_fix(check, "store: the file seems to lie in a web root; name one outside of it");
    const enum error_code code = store_open(config->store, config->home, config->ca_folder, &store, &error);
    if (code != ERROR_NONE)
        check_fix(check, "%s", error.cause);
    else if (store_probe(store, &state, &error) != ERROR_NONE)
        fix_store(check, &error);
    else
        finding_tell(&check->options->taker, state == STORE_IS_OLDER ? FINDING_NOTE : FINDING_OK,
                     "the store can be written%s", words[state]);
    store_close(store);
}
