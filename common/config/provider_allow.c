/* SPDX-License-Identifier: MIT */
#include "config/provider_allow.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/text.h"
#include "config/profile_field.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { ENTRY_SHOWN_MAX = 80, USERNAME_SHOWN_MAX = 64 };

static const char NAME_CHARACTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/* Returns what stands behind the provider's own name and a colon, or else the whole entry. */
static const char *without_prefix(const char *entry, const char *provider) {
    const size_t len = strlen(provider);
    return text_starts_with(entry, provider) && entry[len] == ':' ? entry + len + 1 : entry;
}

static bool is_username(const char *entry, const char *username) {
    const bool digits = entry[strspn(entry, "0123456789")] == '\0';
    if (username == NULL)
        return false;
    return (!digits && strcasecmp(entry, username) == 0) || (*entry == '@' && strcasecmp(entry + 1, username) == 0);
}

static bool entry_matches(const char *written, const char *provider, const cJSON *profile) {
    const char *entry = without_prefix(written, provider);
    return text_equal(entry, json_string(profile, PROFILE_ID)) ||
           text_equal(entry, json_string(profile, PROFILE_USER_ID)) ||
           is_username(entry, json_string(profile, PROFILE_USERNAME));
}

static bool is_list_of_texts(const cJSON *allow) {
    for (const cJSON *entry = cJSON_IsArray(allow) ? allow->child : NULL; entry != NULL; entry = entry->next)
        if (!cJSON_IsString(entry))
            return false;
    return cJSON_IsArray(allow);
}

bool provider_allows(const cJSON *allow, const char *provider, const cJSON *profile) {
    if (allow == NULL)
        return true;
    for (const cJSON *entry = is_list_of_texts(allow) ? allow->child : NULL; entry != NULL; entry = entry->next)
        if (entry_matches(entry->valuestring, provider, profile))
            return true;
    return false;
}

/* Checking. */

enum entry_fault {
    ENTRY_RIGHT,
    ENTRY_EMPTY,
    ENTRY_EVERYBODY,
    ENTRY_BLANK,
    ENTRY_ADDRESS,
    ENTRY_SEVERAL,
    ENTRY_ELSEWHERE
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

/* An id may hold a slash, a colon or a comma: there are providers whose ids are URLs, or names in a directory. Behind
 * the provider's name it is taken as it is. */
static enum entry_fault find_fault(const char *written, const char *provider) {
    const char *entry = without_prefix(written, provider), *name = entry + (*entry == '@');
    const size_t name_len = strspn(written, NAME_CHARACTERS);
    if (*name == '\0')
        return ENTRY_EMPTY;
    if (strcmp(name, "*") == 0)
        return ENTRY_EVERYBODY;
    if (has_blank_around(entry) || has_blank_around(name) || !text_is_printable(entry))
        return ENTRY_BLANK;
    if (entry == written && strchr(written, '/') != NULL)
        return ENTRY_ADDRESS;
    if (entry == written && strpbrk(written, ",;") != NULL)
        return ENTRY_SEVERAL;
    return entry == written && name_len != 0 && written[name_len] == ':' ? ENTRY_ELSEWHERE : ENTRY_RIGHT;
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

static void add_fault(const char *where, const char *entry, const char *provider, struct problems *problems) {
    struct buffer shown = BUFFER_EMPTY;
    text_append_printable(&shown, entry, ENTRY_SHOWN_MAX);
    switch (find_fault(entry, provider)) {
    case ENTRY_RIGHT: break;
    case ENTRY_EMPTY: problems_add(problems, "%s \"%s\" names nobody; remove it", where, buffer_text(&shown)); break;
    case ENTRY_EVERYBODY:
        problems_add(problems, "%s \"%s\" is nobody's name; to let everybody in, remove the whole list", where,
                     buffer_text(&shown));
        break;
    case ENTRY_BLANK:
        problems_add(problems,
                     "%s \"%s\" has a blank around it, or an invisible character in it; type it anew, without", where,
                     buffer_text(&shown));
        break;
    case ENTRY_ADDRESS: add_address(where, buffer_text(&shown), entry, problems); break;
    case ENTRY_SEVERAL:
        problems_add(problems,
                     "%s \"%s\" is more than one; write each as an entry of its own, or, if all of it is an id, "
                     "\"%s:%s\"",
                     where, buffer_text(&shown), provider, buffer_text(&shown));
        break;
    case ENTRY_ELSEWHERE:
        problems_add(problems,
                     "%s \"%s\" is of another provider, by what stands before the colon; move it to that one's list, "
                     "or, if all of it is an id, write \"%s:%s\"",
                     where, buffer_text(&shown), provider, buffer_text(&shown));
        break;
    }
    problems->out_of_memory = problems->out_of_memory || shown.failed;
    buffer_free(&shown);
}

void provider_allow_check(const cJSON *allow, const char *provider, struct problems *problems) {
    char where[PROVIDER_NAME_MAX + sizeof "providers..allow[00000000000]:"];
    int index = 0;
    if (allow == NULL)
        return;
    if (!is_list_of_texts(allow)) {
        problems_add(problems, "providers.%s.allow: expected a list of usernames and ids", provider);
        return;
    }
    for (const cJSON *entry = allow->child; entry != NULL; entry = entry->next, index++) {
        snprintf(where, sizeof where, "providers.%.*s.allow[%d]:", PROVIDER_NAME_MAX, provider, index);
        add_fault(where, entry->valuestring, provider, problems);
    }
}

/* Telling. */

/* True for what can be copied out of a log line into the list as it is. */
static bool can_be_told(const char *text, const char *provider) {
    return text != NULL && strpbrk(text, "\"\\") == NULL && find_fault(text, provider) == ENTRY_RIGHT;
}

/* True for a username that, as an entry, means nobody else: "@anna" is anna, too, and "instagram:anna" is nobody but
 * her. */
static bool means_username(const char *username, const char *provider) {
    return *username != '@' && is_username(without_prefix(username, provider), username);
}

enum error_code provider_allow_admit(const cJSON *allow, const char *provider, const cJSON *profile,
                                     struct error *error) {
    const char *id = json_string(profile, PROFILE_ID);
    const char *username = json_string(profile, PROFILE_USERNAME);
    char entry[PROVIDER_NAME_MAX + PROVIDER_ID_MAX + 2];
    if (provider_allows(allow, provider, profile))
        return ERROR_NONE;
    snprintf(entry, sizeof entry, "%.*s:%.*s", PROVIDER_NAME_MAX, provider, PROVIDER_ID_MAX, id != NULL ? id : "");
    if (can_be_told(id, provider))
        snprintf(entry, sizeof entry, "%.*s", PROVIDER_ID_MAX, id);
    else if (!can_be_told(entry, provider))
        return error_set(error, ERROR_NOT_ALLOWED,
                         "providers.%s.allow does not list this account, whose id cannot be told here", provider);
    const bool named =
        can_be_told(username, provider) && means_username(username, provider) && strlen(username) <= USERNAME_SHOWN_MAX;
    return error_set(error, ERROR_NOT_ALLOWED,
                     "providers.%s.allow does not list this account; to let it in, add \"%s\"%s%s%s there", provider,
                     entry, named ? " or \"" : "", named ? username : "", named ? "\"" : "");
}
