/* SPDX-License-Identifier: MIT */
#include "config/allow.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/text.h"
#include "config/profile_field.h"

#include <string.h>
#include <strings.h>

enum { USERNAME_SHOWN_MAX = 64 };

// clang-format off
const struct setting allow_settings[] = {
    {.key = ALLOW_PROVIDERS, .type = SETTING_TEXTS, .otherwise = "every provider", .example = "[\"instagram\"]",
     .meaning = "only accounts of these; the other rules decide among them"},
    {.key = ALLOW_USERS, .type = SETTING_TEXTS, .otherwise = "nobody by it",
     .example = "[\"instagram:17841405793187218123\"]",
     .meaning = "ids, as `cgi-login users list` prints them"},
    {.key = ALLOW_USERNAMES, .type = SETTING_TEXTS, .otherwise = "nobody by it",
     .example = "[\"instagram:harbour.bakery\"]",
     .meaning = "usernames, which may change hands"},
    {.key = ALLOW_EMAILS, .type = SETTING_TEXTS, .otherwise = "nobody by it", .example = "[\"anna@example.com\"]",
     .meaning = "e-mail addresses that the provider has verified"},
    {.key = ALLOW_DOMAINS, .type = SETTING_TEXTS, .otherwise = "nobody by it", .example = "[\"example.com\"]",
     .meaning = "what follows the \"@\" of such an address, exactly"},
    {.key = ALLOW_GROUPS, .type = SETTING_TEXTS, .otherwise = "nobody by it", .example = "[\"instagram:staff\"]",
     .meaning = "groups, as the provider names them"},
    {.key = ALLOW_SIGNED_IN, .type = SETTING_BOOLEAN, .otherwise = "the other keys decide", .example = "true",
     .meaning = "everybody who can sign in, and nothing else beside it; an empty object says the same"},
    {0}};
// clang-format on

struct allow allow_of_site(const struct config *config) {
    return (struct allow){.rules = config->allow, .providers = config->providers};
}

struct allow allow_of_provider(const struct config *config, const char *name) {
    const cJSON *own = json_member(config->providers, name);
    return (struct allow){.rules = json_member(own, "allow"),
                          .provider = own != NULL ? own->string : name,
                          .providers = config->providers};
}

void allow_append_place(struct buffer *out, const struct allow *allow) {
    if (allow->provider != NULL)
        buffer_append_format(out, "providers.%.*s.", PROVIDER_NAME_MAX, allow->provider);
    if (allow->gate_rule != 0)
        buffer_append_format(out, "gate[%zu].", allow->gate_rule - 1);
    buffer_append_text(out, allow->owners ? "owners" : "allow");
}

const char *allow_sole_provider(const struct allow *allow) {
    if (allow->provider != NULL)
        return allow->provider;
    return cJSON_GetArraySize(allow->providers) == 1 ? allow->providers->child->string : NULL;
}

/* Returns what an entry says of the accounts of this provider: what follows its name and a colon or, where no other
 * provider's people can come, the whole entry. NULL if it is about others. */
static const char *about(const struct allow *allow, const char *entry, const char *provider) {
    const size_t len = strlen(provider);
    if (text_starts_with(entry, provider) && entry[len] == ':')
        return entry + len + 1;
    return text_equal(allow_sole_provider(allow), provider) ? entry : NULL;
}

/* Whether one entry of a rule is about the account; `entry` is what it says of accounts of that provider. */
typedef bool (*entry_test)(const char *entry, const cJSON *profile);

static bool is_id(const char *entry, const cJSON *profile) {
    return text_equal(entry, json_string(profile, PROFILE_ID)) ||
           text_equal(entry, json_string(profile, PROFILE_USER_ID));
}

static bool is_username(const char *entry, const cJSON *profile) {
    const char *username = json_string(profile, PROFILE_USERNAME);
    const bool digits = entry[strspn(entry, "0123456789")] == '\0';
    if (username == NULL)
        return false;
    return (!digits && strcasecmp(entry, username) == 0) || (*entry == '@' && strcasecmp(entry + 1, username) == 0);
}

static bool is_id_or_username(const char *entry, const cJSON *profile) {
    return is_id(entry, profile) || is_username(entry, profile);
}

/* The address, if the provider is known to have verified it. */
static const char *verified_email(const cJSON *profile) {
    return cJSON_IsTrue(json_member(profile, PROFILE_EMAIL_VERIFIED)) ? json_string(profile, PROFILE_EMAIL) : NULL;
}

static bool is_email(const char *entry, const cJSON *profile) {
    const char *email = verified_email(profile);
    return email != NULL && strcasecmp(entry, email) == 0;
}

static bool is_domain(const char *entry, const cJSON *profile) {
    const char *email = verified_email(profile), *at = email != NULL ? strrchr(email, '@') : NULL;
    return at != NULL && at != email && strcasecmp(entry, at + 1) == 0;
}

static bool is_group(const char *entry, const cJSON *profile) {
    const cJSON *groups = json_member(profile, PROFILE_GROUPS);
    for (const cJSON *group = cJSON_IsArray(groups) ? groups->child : NULL; group != NULL; group = group->next)
        if (text_equal(cJSON_GetStringValue(group), entry))
            return true;
    return false;
}

/* Whether an address or a domain means the same with every provider. */
static const struct rule {
    const char *key;
    entry_test test;
    bool anywhere;
} rules[] = {{ALLOW_USERS, is_id, false},
             {ALLOW_USERNAMES, is_username, false},
             {ALLOW_EMAILS, is_email, true},
             {ALLOW_DOMAINS, is_domain, true},
             {ALLOW_GROUPS, is_group, false}};

bool allow_is_list(const cJSON *list) {
    for (const cJSON *entry = cJSON_IsArray(list) ? list->child : NULL; entry != NULL; entry = entry->next)
        if (!cJSON_IsString(entry))
            return false;
    return cJSON_IsArray(list);
}

/* True if one entry of the list is about the account. */
static bool one_matches(const struct allow *allow, const cJSON *list, const struct rule *rule,
                        const struct allow_account *account) {
    for (const cJSON *entry = allow_is_list(list) ? list->child : NULL; entry != NULL; entry = entry->next) {
        const char *text = rule->anywhere ? entry->valuestring : about(allow, entry->valuestring, account->provider);
        if (text != NULL && rule->test(text, account->profile))
            return true;
    }
    return false;
}

/* True if the account may be one of those that the rules are about. */
static bool is_of_providers(const cJSON *list, const char *provider) {
    if (list == NULL)
        return true;
    for (const cJSON *entry = allow_is_list(list) ? list->child : NULL; entry != NULL; entry = entry->next)
        if (text_equal(entry->valuestring, provider))
            return true;
    return false;
}

/* Rules that pick their provider alone pick nobody. */
bool allow_picks(const cJSON *object) {
    for (const cJSON *member = object->child; member != NULL; member = member->next)
        if (strcmp(member->string, ALLOW_PROVIDERS) != 0 &&
            !(strcmp(member->string, ALLOW_SIGNED_IN) == 0 && cJSON_IsTrue(member)))
            return true;
    return false;
}

static bool object_admits(const struct allow *allow, const struct allow_account *account) {
    if (!is_of_providers(json_member(allow->rules, ALLOW_PROVIDERS), account->provider))
        return false;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const cJSON *list = json_member(allow->rules, rules[i].key);
        if (one_matches(allow, list, &rules[i], account))
            return true;
    }
    return !allow_picks(allow->rules);
}

bool allow_admits(const struct allow *allow, const struct allow_account *account) {
    static const struct rule listed = {NULL, is_id_or_username, false};
    /* A rule of the gate that says nothing, which no config that was loaded holds, opens nothing. */
    if (allow->rules == NULL)
        return allow->gate_rule == 0 && !allow->owners;
    if (cJSON_IsObject(allow->rules))
        return object_admits(allow, account);
    return one_matches(allow, allow->rules, &listed, account);
}

/* Telling. */

/* Appends the entry that names this id or username, and nobody else, if it can be copied out of a log line as it is.
 * `bare`: only one that needs no prefix but where several providers' people come. */
static bool append_entry(struct buffer *out, const struct allow *allow, const struct allow_account *account,
                         const char *text, bool bare) {
    struct buffer entry = BUFFER_EMPTY;
    const bool prefixed = allow_sole_provider(allow) == NULL;
    if (text == NULL || strpbrk(text, "\"\\") != NULL)
        return false;
    if (prefixed || (!bare && !allow_entry_is_right(allow, text)))
        buffer_append_format(&entry, "%s:", account->provider);
    buffer_append_text(&entry, text);
    const bool right = allow_entry_is_right(allow, buffer_text(&entry));
    if (right)
        buffer_append_format(out, "\"%s\"", buffer_text(&entry));
    out->failed = out->failed || entry.failed;
    buffer_free(&entry);
    return right;
}

/* True for a username that, as an entry, means nobody else: "@anna" is anna, too, and "instagram:anna" is nobody but
 * her. */
static bool means_username(const struct allow *allow, const struct allow_account *account, const char *username) {
    const char *entry = about(allow, username, account->provider);
    return *username != '@' && strlen(username) <= USERNAME_SHOWN_MAX &&
           (entry == NULL || is_username(entry, account->profile));
}

/* Appends why rules that might have let the account in could not be judged. */
static void append_unknown(struct buffer *out, const struct allow *allow, const cJSON *profile) {
    const bool addresses =
        json_member(allow->rules, ALLOW_EMAILS) != NULL || json_member(allow->rules, ALLOW_DOMAINS) != NULL;
    if (addresses && verified_email(profile) == NULL)
        buffer_append_text(out, "; it has no e-mail address that its provider is known to have verified");
    if (json_member(allow->rules, ALLOW_GROUPS) != NULL && !cJSON_IsArray(json_member(profile, PROFILE_GROUPS)))
        buffer_append_text(out, "; its groups are not known");
}

/* Appends what to add to the rules. */
static void append_addition(struct buffer *out, const struct allow *allow, const struct allow_account *account) {
    const char *username = json_string(account->profile, PROFILE_USERNAME);
    struct buffer id = BUFFER_EMPTY, name = BUFFER_EMPTY;
    const bool object = cJSON_IsObject(allow->rules);
    if (!append_entry(&id, allow, account, json_string(account->profile, PROFILE_ID), false))
        buffer_append_text(out, ", whose id cannot be told here");
    else if (object)
        buffer_append_format(out, "; to let it in, add %s to its " ALLOW_USERS, buffer_text(&id));
    else if (username != NULL && means_username(allow, account, username) &&
             append_entry(&name, allow, account, username, true))
        buffer_append_format(out, "; to let it in, add %s or %s there", buffer_text(&id), buffer_text(&name));
    else
        buffer_append_format(out, "; to let it in, add %s there", buffer_text(&id));
    out->failed = out->failed || id.failed || name.failed;
    buffer_free(&id);
    buffer_free(&name);
}

enum error_code allow_admit(const struct allow *allow, const struct allow_account *account, struct error *error) {
    struct buffer cause = BUFFER_EMPTY;
    if (allow_admits(allow, account))
        return ERROR_NONE;
    allow_append_place(&cause, allow);
    buffer_append_text(&cause, " does not list this account");
    if (cJSON_IsObject(allow->rules) && !is_of_providers(json_member(allow->rules, ALLOW_PROVIDERS), account->provider))
        buffer_append_text(&cause, ", since its " ALLOW_PROVIDERS " do not list its provider");
    else
        append_addition(&cause, allow, account);
    append_unknown(&cause, allow, account->profile);
    const enum error_code code =
        cause.failed ? error_out_of_memory(error) : error_set(error, ERROR_NOT_ALLOWED, "%s", buffer_text(&cause));
    buffer_free(&cause);
    return code;
}
