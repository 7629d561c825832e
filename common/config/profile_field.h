/* The fields of a person's profile. A provider file may map any; these are the ones that the product knows by name, and
 * what it knows of them.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROFILE_FIELD_H
#define CGI_LOGIN_PROFILE_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#define PROFILE_ID "id"
#define PROFILE_USER_ID "user_id" /* another id by which the provider names the same person */
#define PROFILE_USERNAME "username"
#define PROFILE_FULL_NAME "full_name"
#define PROFILE_PICTURE "profile_picture"
#define PROFILE_BIO "bio"
#define PROFILE_WEBSITE "website"
#define PROFILE_EMAIL "email"
#define PROFILE_EMAIL_VERIFIED "email_verified" /* a truth value: the provider is known to have verified it */
#define PROFILE_GROUPS "groups"                 /* a list of texts: what rules may ask for */
#define PROFILE_ACCOUNT_TYPE "account_type"
#define PROFILE_COUNTS "counts"       /* an object of whole numbers, by any names */
#define PROFILE_RECONNECT "reconnect" /* never mapped: the stored token says that the provider has ended our access */

/* What the stored account holds beside the profile. */
#define ACCOUNT_ACCESS_TOKEN "accessToken"
#define ACCOUNT_REFRESH_TOKEN "refreshToken"
#define ACCOUNT_TOKEN "token"

enum profile_kind {
    PROFILE_KIND_ID,
    PROFILE_KIND_OTHER_ID,
    PROFILE_KIND_HANDLE,
    PROFILE_KIND_NAME,
    PROFILE_KIND_PICTURE,
    PROFILE_KIND_PROSE,
    PROFILE_KIND_LINK,
    PROFILE_KIND_WORD,
    PROFILE_KIND_EMAIL,
    PROFILE_KIND_VERIFIED,
    PROFILE_KIND_GROUPS,
    PROFILE_KIND_FURTHER, /* a field that is not known by name: a text, a number, true or false */
    PROFILE_KIND_COUNTS,
    PROFILE_KIND_RECONNECT
};

struct profile_field {
    const char *name;
    enum profile_kind kind;
};

/* The texts that are known by name, in the order in which a profile has them; a NULL name at the end. */
extern const struct profile_field profile_texts[];

enum profile_kind profile_field_kind(const char *name);

/* True for a name under which this product or another one keeps a token. */
bool profile_field_is_token(const char *name);

/* True for a name that a provider file can give to a field or a count: a letter, then letters, digits, "_" and "-", at
 * most PROFILE_FIELD_NAME_MAX in all. It becomes a key of the stored document. Neither a token's nor `reconnect`. */
bool profile_field_can_be_mapped(const char *name);

/* True for a text that is one e-mail address and nothing else, as far as that can be told without writing to it. */
bool profile_email_is_usable(const char *text);

/* False for an id that stands for nobody: 0, nothing that can be seen, or the word for "no value" of some language,
 * which a program has made a text. All who have it would be one person. */
bool profile_id_is_somebody(const char *id);

#endif
