/* What is wrong with the entries of `allow`.
 * SPDX-License-Identifier: MIT */
#include "base/buffer.h"
#include "base/json.h"
#include "base/text.h"
#include "config/allow.h"

#include <stdio.h>
#include <string.h>

enum { ENTRY_SHOWN_MAX = 80, USERNAME_SHOWN_MAX = 64 };

static const char NAME_CHARACTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

enum entry_fault {
    ENTRY_RIGHT,
    ENTRY_EMPTY,
    ENTRY_EVERYBODY,
    ENTRY_BLANK,
    ENTRY_ADDRESS,
    ENTRY_SEVERAL,
    ENTRY_ELSEWHERE,
    ENTRY_AMBIGUOUS,
    ENTRY_NO_EMAIL,
    ENTRY_NO_DOMAIN,
    ENTRY_NO_PROVIDER
};

/* What is copied along with a name from a page: blanks, characters without a width, a byte order mark. */
static const char *const blanks[] = {" ",
                                     "\t",
                                     "\r",
                                     "\n",
                                     "\xC2\xA0",
                                     "\xE2\x80\x8B",
                                     "\xE2\x80\x8C",
                                     "\xE2\x80\x8D",
                                     "\xE2\x81\xA0",
                                     "\xE3\x80\x80",
                                     "\xEF\xBB\xBF"};

static bool has_blank_around(const char *text) {
    const size_t len = strlen(text);
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        const size_t size = strlen(blanks[i]);
        if (text_starts_with(text, blanks[i]) || (len >= size && strcmp(text + len - size, blanks[i]) == 0))
            return true;
    }
    return false;
}

/* Finds what stands behind the name of the provider that the entry is about, and a colon: all of it where there is no
 * such name, and NULL where there must be one. */
static const char *without_prefix(const struct allow *allow, const char *written) {
    const char *sole = allow_sole_provider(allow);
    for (const cJSON *provider = allow->providers != NULL ? allow->providers->child : NULL;
         sole == NULL && provider != NULL; provider = provider->next)
        if (text_starts_with(written, provider->string) && written[strlen(provider->string)] == ':')
            return written + strlen(provider->string) + 1;
    if (sole == NULL)
        return NULL;
    const size_t len = strlen(sole);
    return text_starts_with(written, sole) && written[len] == ':' ? written + len + 1 : written;
}

/* What is wrong with any name, of whatever it is. */
static enum entry_fault find_slip(const char *entry) {
    const char *name = entry + (*entry == '@');
    if (*name == '\0')
        return ENTRY_EMPTY;
    if (strcmp(name, "*") == 0)
        return ENTRY_EVERYBODY;
    if (has_blank_around(entry) || has_blank_around(name) || !text_is_printable(entry))
        return ENTRY_BLANK;
    return ENTRY_RIGHT;
}

/* An id may hold a slash, a colon or a comma: there are providers whose ids are URLs, or names in a directory. Behind
 * the provider's name it is taken as it is. */
static enum entry_fault find_fault_of_name(const struct allow *allow, const char *written) {
    const char *entry = without_prefix(allow, written);
    const size_t name_len = strspn(written, NAME_CHARACTERS);
    const enum entry_fault slip = find_slip(entry != NULL ? entry : written);
    if (slip != ENTRY_RIGHT)
        return slip;
    if (entry != written && entry != NULL)
        return ENTRY_RIGHT;
    if (strchr(written, '/') != NULL)
        return ENTRY_ADDRESS;
    if (strpbrk(written, ",;") != NULL)
        return ENTRY_SEVERAL;
    if (entry == NULL)
        return ENTRY_AMBIGUOUS;
    return name_len != 0 && written[name_len] == ':' ? ENTRY_ELSEWHERE : ENTRY_RIGHT;
}

bool allow_entry_is_right(const struct allow *allow, const char *entry) {
    return find_fault_of_name(allow, entry) == ENTRY_RIGHT;
}

static enum entry_fault find_fault_of_group(const struct allow *allow, const char *written) {
    const char *entry = without_prefix(allow, written);
    const enum entry_fault slip = find_slip(entry != NULL ? entry : written);
    return slip == ENTRY_RIGHT && entry == NULL ? ENTRY_AMBIGUOUS : slip;
}

static enum entry_fault find_fault_of_email(const struct allow *allow, const char *written) {
    const char *at = strrchr(written, '@');
    const enum entry_fault slip = find_slip(written);
    (void)allow;
    if (slip != ENTRY_RIGHT)
        return slip;
    return at == NULL || at == written || at[1] == '\0' || strpbrk(written, " ,;<>") != NULL ? ENTRY_NO_EMAIL
                                                                                             : ENTRY_RIGHT;
}

static enum entry_fault find_fault_of_domain(const struct allow *allow, const char *written) {
    const enum entry_fault slip = find_slip(written);
    (void)allow;
    if (slip != ENTRY_RIGHT)
        return slip;
    return *written == '.' || strpbrk(written, "@*/:,; ") != NULL ? ENTRY_NO_DOMAIN : ENTRY_RIGHT;
}

static enum entry_fault find_fault_of_provider(const struct allow *allow, const char *written) {
    return json_member(allow->providers, written) != NULL ? ENTRY_RIGHT : ENTRY_NO_PROVIDER;
}

/* Finds the username in the address of a profile, such as https://www.threads.net/@name?x: the only segment of its
 * path. Returns its length, 0 if there is none. */
static int find_username(const char *address, const char **username) {
    const char *scheme = strstr(address, "://");
    const char *host = scheme != NULL ? scheme + 3 : address;
    const char *path = host + strcspn(host, "/?#");
    const char *name = path + (*path == '/') + (*path == '/' && path[1] == '@');
    const size_t len = *path == '/' ? strcspn(name, "/?#") : 0;
    const char *after = name + len + (name[len] == '/');
    *username = name;
    return *after == '\0' || *after == '?' || *after == '#' ? (int)len : 0;
}

static void add_address(const char *where, const char *shown, const char *entry, struct problems *problems) {
    const char *username;
    const int len = find_username(entry, &username);
    if (len != 0 && len <= USERNAME_SHOWN_MAX)
        problems_add(problems, "%s \"%s\" is an address; write the username alone: \"%.*s\"", where, shown, len,
                     username);
    else
        problems_add(problems, "%s \"%s\" is an address; write the username or the id alone", where, shown);
}

/* Adds why an entry names nobody as it is, and what to write. */
static void add_ambiguous(const struct allow *allow, const char *where, const char *shown, struct problems *problems) {
    const char *first = allow->providers->child->string;
    problems_add(problems, "%s \"%s\" may be somebody else's with another provider; write of which, such as \"%s:%s\"",
                 where, shown, first, shown);
}

static void add_elsewhere(const struct allow *allow, const char *where, const char *shown, struct problems *problems) {
    problems_add(problems,
                 "%s \"%s\" is of another provider, by what stands before the colon; move it to that one's list, or, "
                 "if all of it is an id, write \"%s:%s\"",
                 where, shown, allow_sole_provider(allow), shown);
}

static void add_several(const struct allow *allow, const char *where, const char *shown, struct problems *problems) {
    const char *sole = allow_sole_provider(allow);
    problems_add(problems,
                 "%s \"%s\" is more than one; write each as an entry of its own, or, if all of it is an id, \"%s:%s\"",
                 where, shown, sole != NULL ? sole : allow->providers->child->string, shown);
}

static void add_fault(const struct allow *allow, const char *where, const char *entry, enum entry_fault fault,
                      struct problems *problems) {
    struct buffer printable = BUFFER_EMPTY;
    text_append_printable(&printable, entry, ENTRY_SHOWN_MAX);
    const char *shown = buffer_text(&printable);
    switch (fault) {
    case ENTRY_RIGHT: break;
    case ENTRY_EMPTY: problems_add(problems, "%s \"%s\" names nobody; remove it", where, shown); break;
    case ENTRY_EVERYBODY:
        problems_add(problems, "%s \"%s\" is nobody's name; to let everybody in, remove the whole list", where, shown);
        break;
    case ENTRY_BLANK:
        problems_add(problems,
                     "%s \"%s\" has a blank around it, or an invisible character in it; type it anew, without", where,
                     shown);
        break;
    case ENTRY_ADDRESS: add_address(where, shown, entry, problems); break;
    case ENTRY_SEVERAL: add_several(allow, where, shown, problems); break;
    case ENTRY_ELSEWHERE: add_elsewhere(allow, where, shown, problems); break;
    case ENTRY_AMBIGUOUS: add_ambiguous(allow, where, shown, problems); break;
    case ENTRY_NO_EMAIL:
        problems_add(problems,
                     "%s \"%s\" is no e-mail address; write it as anna@example.com, or a domain among "
                     "domains",
                     where, shown);
        break;
    case ENTRY_NO_DOMAIN:
        problems_add(problems, "%s \"%s\" is no domain; write what follows the \"@\", such as example.com", where,
                     shown);
        break;
    case ENTRY_NO_PROVIDER:
        problems_add(problems, "%s \"%s\" is not among `providers`; correct it, or remove it", where, shown);
        break;
    }
    problems->out_of_memory = problems->out_of_memory || printable.failed;
    buffer_free(&printable);
}

typedef enum entry_fault (*fault_finder)(const struct allow *allow, const char *written);

/* Checks the texts of one list; `where` is how it is called. */
static void check_list(const struct allow *allow, const cJSON *list, const char *where, fault_finder find,
                       struct problems *problems) {
    char place[PROVIDER_NAME_MAX + sizeof "providers..allow.usernames[00000000000]:"];
    int index = 0;
    for (const cJSON *entry = cJSON_IsArray(list) ? list->child : NULL; entry != NULL; entry = entry->next, index++) {
        const enum entry_fault fault = cJSON_IsString(entry) ? find(allow, entry->valuestring) : ENTRY_RIGHT;
        if (fault == ENTRY_RIGHT)
            continue;
        snprintf(place, sizeof place, "%s[%d]:", where, index);
        add_fault(allow, place, entry->valuestring, fault, problems);
    }
}

static void check_signed_in(const cJSON *rules, const char *where, struct problems *problems) {
    const cJSON *signed_in = json_member(rules, ALLOW_SIGNED_IN);
    if (cJSON_IsFalse(signed_in))
        problems_add(problems,
                     "%s." ALLOW_SIGNED_IN ": can only be true; remove it, or, to let nobody in, write {\"" ALLOW_USERS
                     "\": []} alone",
                     where);
    else if (cJSON_IsTrue(signed_in) && rules->child->next != NULL)
        problems_add(problems,
                     "%s." ALLOW_SIGNED_IN ": lets in everybody who can sign in, whatever stands beside it; remove it, "
                     "or the rest",
                     where);
}

/* The members of a rule of the gate have been checked with the rule's. */
static void check_object(const struct allow *allow, const char *where, struct problems *problems) {
    static const struct {
        const char *key;
        fault_finder find;
    } rules[] = {{ALLOW_PROVIDERS, find_fault_of_provider}, {ALLOW_USERS, find_fault_of_name},
                 {ALLOW_USERNAMES, find_fault_of_name},     {ALLOW_EMAILS, find_fault_of_email},
                 {ALLOW_DOMAINS, find_fault_of_domain},     {ALLOW_GROUPS, find_fault_of_group}};
    char place[PROVIDER_NAME_MAX + sizeof "providers..allow.usernames"];
    if (allow->gate_rule == 0)
        settings_check(allow->rules, where, allow_settings, false, problems);
    check_signed_in(allow->rules, where, problems);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const cJSON *list = json_member(allow->rules, rules[i].key);
        if (list == NULL)
            continue;
        snprintf(place, sizeof place, "%s.%s", where, rules[i].key);
        check_list(allow, list, place, rules[i].find, problems);
    }
}

void allow_check(const struct allow *allow, struct problems *problems) {
    struct buffer where = BUFFER_EMPTY;
    if (allow->rules == NULL)
        return;
    allow_append_place(&where, allow);
    if (cJSON_IsObject(allow->rules))
        check_object(allow, buffer_text(&where), problems);
    else if (allow_is_list(allow->rules))
        check_list(allow, allow->rules, buffer_text(&where), find_fault_of_name, problems);
    else
        problems_add(problems, "%s: expected a list of usernames and ids, or an object of rules", buffer_text(&where));
    problems->out_of_memory = problems->out_of_memory || where.failed;
    buffer_free(&where);
}
