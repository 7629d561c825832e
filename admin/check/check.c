/* SPDX-License-Identifier: MIT */
#include "admin/check/check_parts.h"

#include "admin/gate/gate_check.h"
#include "base/url.h"

#include <string.h>

void check_fix_all(const struct check *check, const struct problems *problems) {
    for (size_t i = 0; i < problems->count; i++)
        check_fix(check, "%s", problems->lines[i]);
    if (problems->out_of_memory)
        check_fix(check, "out of memory: not everything could be checked");
}

/* The template's, which is nobody's site. */
static bool is_example(const char *base_url) {
    return strcmp(base_url, "https://www.example.com") == 0;
}

static void check_base_url(const struct check *check) {
    struct url url;
    const char *base = check->config->base_url;
    if (base == NULL || !url_parse(base, &url))
        return; /* the line about the config has said so */
    if (is_example(base))
        check_fix(check, "base_url is still the template's, %s: write the address of your site", base);
    else if (url_is_loopback(&url))
        check_note(check, "base_url is this machine only: %s", base);
    else
        check_ok(check, "base_url is %s", base);
}

static bool can_be_asked(const struct config *config, const struct problems *problems) {
    return problems_none(problems, 0) && config->base_url != NULL && !is_example(config->base_url);
}

/* What the web side does with this config. What is on the disk comes first: it explains what the site says. */
static void check_web_side(struct check *check) {
    check_htaccess(check);
    check_programs(check);
    check_login(check);
    check_routes(check);
    check_served(check);
}

static void check_all(struct check *check, const struct problems *problems) {
    check_fix_all(check, problems);
    if (check->config == NULL)
        return;
    const bool right = problems_none(problems, 0);
    check_look(check, can_be_asked(check->config, problems));
    check_permissions(check);
    if (right)
        check_ok(check, "every key of the config is known and has a fitting value");
    else
        check_note(check, "the site itself is asked once the config is right");
    check_base_url(check);
    check_web_side(check);
    check_templates(check);
    check_languages(check);
    check_log(check);
    check_state(check);
    if (right)
        check_session_keys(check);
    check_ca_folder(check);
    check_store(check);
    check_web_user(check);
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
    site_answer_free(&check.login);
    http_client_free(check.site);
    config_free(config);
    problems_clear(&problems);
}
