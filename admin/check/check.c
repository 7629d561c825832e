/* SPDX-License-Identifier: MIT */
#include "admin/check/check_parts.h"

#include "admin/gate/gate_check.h"
#include "base/url.h"

void check_fix_all(const struct check *check, const struct problems *problems) {
    for (size_t i = 0; i < problems->count; i++)
        check_fix(check, "%s", problems->lines[i]);
    if (problems->out_of_memory)
        check_fix(check, "out of memory: not everything could be checked");
}

static void check_base_url(const struct check *check) {
    struct url url;
    if (check->config->base_url == NULL || !url_parse(check->config->base_url, &url))
        return; /* the line about the config has said so */
    if (url_is_loopback(&url))
        check_note(check, "base_url is this machine only: %s", check->config->base_url);
    else
        check_ok(check, "base_url is %s", check->config->base_url);
}

static void check_all(struct check *check, const struct problems *problems) {
    check_fix_all(check, problems);
    if (check->config == NULL)
        return;
    check_permissions(check);
    if (problems_none(problems, 0))
        check_ok(check, "every key of the config is known and has a fitting value");
    check_base_url(check);
    check_templates(check);
    check_log(check);
    check_state(check);
    if (problems_none(problems, 0))
        check_session_keys(check);
    check_ca_folder(check);
    check_store(check);
    gate_check(check->config, &check->options->taker);
    check_providers(check);
}

void check_site(const char *path, const struct check_options *options) {
    struct problems problems = {.count = 0};
    struct config *config = NULL;
    struct error error;
    const enum error_code code = config_load(path, NULL, CONFIG_FOR_CHECK, &config, &problems, &error);
    if (code != ERROR_NONE && problems.count == 0)
        problems.out_of_memory = true;
    struct check check = {.options = options, .config = config};
    check_all(&check, &problems);
    config_free(config);
    problems_clear(&problems);
}
