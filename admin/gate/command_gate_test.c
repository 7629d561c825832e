/* `cgi-login gate test`: which rule decides about an address, whom it lets in, and why.
 * SPDX-License-Identifier: MIT */
#include "admin/command.h"
#include "admin/gate/gate_words.h"

#include "base/json.h"
#include "base/site_path.h"
#include "base/text.h"
#include "base/url.h"
#include "store/document_fields.h"
#include "store/user.h"

#include <string.h>

/* "No" is an answer with an exit status of its own, so a fault has another one. */
enum { LETS_IN = COMMAND_DONE, KEEPS_OUT = COMMAND_FAILED, FAULT = COMMAND_USAGE };

/* The address. */

/* Returns what follows the site's name in an address, or NULL if that is of another site. */
static const char *find_path(const struct config *config, const char *address) {
    struct buffer origin = BUFFER_EMPTY;
    struct url url;
    if (*address == '/')
        return address;
    if (!url_parse_origin(address, &url))
        return NULL;
    buffer_append(&origin, url.path - url.origin_len, url.origin_len);
    const bool ours = url_same_origin(buffer_text(&origin), config->base_url);
    buffer_free(&origin);
    return !ours ? NULL : *url.path == '/' ? url.path : "/";
}

/* Writes the path that the gate would judge. LETS_IN: it goes on; otherwise it has said why not. */
static int read_path(const struct config *config, const char *address, char path[SITE_PATH_MAX + 1]) {
    const char *encoded = find_path(config, address);
    if (encoded == NULL) {
        command_complain("%s: expected a path such as /members/a.html, or a URL that begins with %s", address,
                         config->base_url);
        return FAULT;
    }
    const enum site_path_fault fault = site_path_read(encoded, strcspn(encoded, "?#"), path);
    if (fault != SITE_PATH_IS_RIGHT) {
        command_say("%s is refused (400), whoever asks: it %s.", encoded, site_path_describe(fault));
        return KEEPS_OUT;
    }
    if (!site_path_is_private(path))
        return LETS_IN;
    command_say(
        "%s is never served (404), whoever asks: hidden files, settings, users, keys and backups have such names.",
        path);
    return KEEPS_OUT;
}

/* The rule. */

static int print_rule(const struct gate_rule *rule) {
    struct buffer admitted = BUFFER_EMPTY;
    gate_words_append_admitted(&admitted, rule);
    const int result = admitted.failed ? FAULT : LETS_IN;
    if (admitted.failed)
        command_complain("out of memory");
    else
        command_say("gate[%zu] decides, the rule for %s. It lets in: %s.", rule->index, rule->path,
                    buffer_text(&admitted));
    if (rule->reauth != 0)
        command_say("Whoever signed in more than %d minutes ago has to do it once more.",
                    (int)(rule->reauth / SECONDS_PER_MINUTE));
    buffer_free(&admitted);
    return result;
}

/* Finds the rule that decides about a path and tells of it. LETS_IN: it is there; `everybody` is true where nobody has
 * to be signed in. */
static int find_rule(const struct config *config, const char *path, struct gate_rule *rule, bool *everybody) {
    const enum gate_match match = gate_rules_find(config, path, rule);
    *everybody = match == GATE_MATCH_PUBLIC;
    switch (match) {
    case GATE_MATCH_NONE:
        command_say("No rule of `gate` holds %s: nobody gets in (403) where an .htaccess has the gate's lines, and "
                    "everybody where none has. To guard it: cgi-login gate add PATH",
                    path);
        return KEEPS_OUT;
    case GATE_MATCH_UNDECIDED:
        command_say("%s: in another case of letters gate[%zu], the rule for %s, would decide: nobody gets in (404).",
                    path, rule->index, rule->path);
        return KEEPS_OUT;
    case GATE_MATCH_PUBLIC:
        command_say("gate[%zu] decides, the rule for %s. %s is public there: everybody gets in.", rule->index,
                    rule->path, path);
        return LETS_IN;
    case GATE_MATCH_RULE: return print_rule(rule);
    }
    return FAULT;
}

/* The user. */

/* Says whether an account gets in. Who is not let in by the site, or by the provider's `allow`, cannot stay signed in,
 * so these are asked first. */
static int judge(const struct config *config, const struct gate_rule *rule, const char *provider,
                 const cJSON *profile) {
    const struct allow_account account = {provider, profile};
    const struct allow lists[] = {allow_of_site(config), allow_of_provider(config, provider), rule->allow};
    struct error error;
    enum error_code code = ERROR_NONE;
    if (json_member(config->providers, provider) == NULL)
        code = error_set(&error, ERROR_NOT_ALLOWED, "the config has no provider %s", provider);
    for (size_t i = 0; code == ERROR_NONE && i < sizeof lists / sizeof *lists; i++)
        code = allow_admit(&lists[i], &account, &error);
    if (code != ERROR_NONE && code != ERROR_NOT_ALLOWED) {
        command_complain("%s", error.cause);
        return FAULT;
    }
    command_say("  %s:%s %s%s", provider, json_string(profile, FIELD_ID),
                code == ERROR_NONE ? "gets in" : "does not get in: ", code == ERROR_NONE ? "" : error.cause);
    return code == ERROR_NONE ? LETS_IN : KEEPS_OUT;
}

/* Says it of each account of the user: the one that somebody is signed in with counts. LETS_IN if that is so for the
 * account that was asked about. */
static int judge_user(const struct command_user *user, const struct gate_rule *rule) {
    int result = KEEPS_OUT;
    for (const cJSON *member = user->document->child; member != NULL; member = member->next) {
        struct error error;
        cJSON *profile = NULL;
        if (!user_is_account(member))
            continue;
        if (user_profile(user->document, member->string, &profile, &error) != ERROR_NONE) {
            command_complain("%s", error.cause);
            return FAULT;
        }
        const int judged = judge(user->config, rule, member->string, profile);
        json_free(profile);
        if (judged == FAULT)
            return FAULT;
        if (text_equal(member->string, user->provider))
            result = judged;
    }
    return result;
}

/* Finds the user of --as. LETS_IN, or an exit status. */
static int find_user(const struct command_line *line, struct command_user *user) {
    struct command_line named = *line;
    named.argument = line->as;
    const enum command_status status = command_find_user(&named, user);
    return status == COMMAND_FAILED ? FAULT : (int)status;
}

static int test(const struct command_line *line, const struct command_user *user) {
    char path[SITE_PATH_MAX + 1];
    struct gate_rule rule;
    bool everybody = false;
    int result = read_path(user->config, line->argument, path);
    if (result == LETS_IN)
        result = find_rule(user->config, path, &rule, &everybody);
    if (result != LETS_IN || everybody)
        return result;
    if (user->document != NULL)
        return judge_user(user, &rule);
    puts("Signed out: nobody gets in. A browser is sent to the login and back, a script gets 401.");
    return KEEPS_OUT;
}

enum command_status command_gate_test(const struct command_line *line) {
    struct command_user user = {.config = NULL};
    int result = LETS_IN;
    if (line->as != NULL)
        result = find_user(line, &user);
    else if (!command_load_config(line, &user.config))
        result = FAULT;
    if (result == LETS_IN)
        result = test(line, &user);
    command_user_clear(&user);
    if (!command_printed_all()) {
        command_complain("out of memory: something is missing in the output");
        result = FAULT;
    }
    return (enum command_status)result;
}
