/* SPDX-License-Identifier: MIT */
#include "config/profile_field.h"

#include "base/bounds.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

// clang-format off
const struct profile_field profile_texts[] = {
    {PROFILE_ID, PROFILE_KIND_ID},
    {PROFILE_USER_ID, PROFILE_KIND_OTHER_ID},
    {PROFILE_USERNAME, PROFILE_KIND_HANDLE},
    {PROFILE_FULL_NAME, PROFILE_KIND_NAME},
    {PROFILE_PICTURE, PROFILE_KIND_PICTURE},
    {PROFILE_BIO, PROFILE_KIND_PROSE},
    {PROFILE_WEBSITE, PROFILE_KIND_LINK},
    {PROFILE_ACCOUNT_TYPE, PROFILE_KIND_WORD},
    {PROFILE_EMAIL, PROFILE_KIND_EMAIL},
    {NULL, PROFILE_KIND_FURTHER}};
// clang-format on

enum profile_kind profile_field_kind(const char *name) {
    static const struct profile_field others[] = {{PROFILE_EMAIL_VERIFIED, PROFILE_KIND_VERIFIED},
                                                  {PROFILE_GROUPS, PROFILE_KIND_GROUPS},
                                                  {PROFILE_COUNTS, PROFILE_KIND_COUNTS},
                                                  {PROFILE_RECONNECT, PROFILE_KIND_RECONNECT}};
    const struct profile_field *field = profile_texts;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i].name, name) == 0)
            return others[i].kind;
    while (field->name != NULL && strcmp(field->name, name) != 0)
        field++;
    return field->kind;
}

bool profile_field_is_token(const char *name) {
    static const char *const names[] = {ACCOUNT_ACCESS_TOKEN,
                                        ACCOUNT_REFRESH_TOKEN,
                                        ACCOUNT_TOKEN,
                                        "access_token",
                                        "refresh_token",
                                        "id_token",
                                        "idToken",
                                        "tokenSecret"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

bool profile_field_can_be_mapped(const char *name) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    return strspn(name, letters) != 0 && name[strspn(name, characters)] == '\0' &&
           strlen(name) <= PROFILE_FIELD_NAME_MAX && !profile_field_is_token(name) &&
           strcmp(name, PROFILE_RECONNECT) != 0;
}

bool profile_email_is_usable(const char *text) {
    const char *at = strchr(text, '@');
    return at != NULL && at != text && at[1] != '\0' && strchr(at + 1, '@') == NULL && strlen(text) <= EMAIL_MAX &&
           text[strcspn(text, " ,;<>\"()[]\\")] == '\0' && text_is_printable(text);
}

/* True for zero, however it is written: also as "0.0", "-0" or the nil UUID (RFC 9562, section 5.9). */
static bool is_zero(const char *id) {
    return strchr(id, '0') != NULL && id[strspn(id, "0.+-")] == '\0';
}

/* What languages make of nothing: C, Python, Ruby and Go, JavaScript, also of an object that it takes for a text. "-1"
 * is what is returned for "not found". */
bool profile_id_is_somebody(const char *id) {
    static const char *const nobody[] = {
        "null", "undefined", "none", "nil", "nan", "(null)", "<nil>", "true", "false", "-1", "[object object]"};
    for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++)
        if (strcasecmp(id, nobody[i]) == 0)
            return false;
    return !is_zero(id) && !text_is_blank(id);
}
