/* `allow`: whom the site, or one of its providers, lets in. Without it, that is everybody. It is an object of rules:
 *   providers  only their accounts; the other rules then decide among those
 *   users      ids; as `cgi-login users list` prints them, "PROVIDER:ID"
 *   usernames  whatever their case
 *   emails     whole addresses, and
 *   domains    what follows their last "@": of verified addresses only
 *   groups     as the provider names them
 *   signed_in  true, and alone: everybody
 * One entry of the five lists in the middle is enough, and an empty object lets everybody in. The older form, a list,
 * holds ids and usernames. What cannot be judged, such as groups that could not be read, lets nobody in.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ALLOW_H
#define CGI_LOGIN_ALLOW_H

#include "base/problems.h"
#include "config/config.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

#define ALLOW_PROVIDERS "providers"
#define ALLOW_USERS "users"
#define ALLOW_USERNAMES "usernames"
#define ALLOW_EMAILS "emails"
#define ALLOW_DOMAINS "domains"
#define ALLOW_GROUPS "groups"
#define ALLOW_SIGNED_IN "signed_in"

/* What the object may hold. */
extern const struct setting allow_settings[];

/* Rules, and where they stand. */
struct allow {
    const cJSON *rules;     /* NULL: everybody */
    const char *provider;   /* whose `allow` it is; NULL: the site's */
    const cJSON *providers; /* the config's, an object by their names */
    size_t gate_rule;       /* whose `allow` it is, counted from 1; 0: no rule's of the gate */
    bool owners;            /* they are no `allow`, but the config's `owners` (owners.h) */
};

/* The rules of a config that hold for everybody, and those of one provider. They point into the config. */
struct allow allow_of_site(const struct config *config);
struct allow allow_of_provider(const struct config *config, const char *name);

/* An account that is judged. */
struct allow_account {
    const char *provider;
    const cJSON *profile; /* NULL: nobody's */
};

/* Adds a line to `problems` for each entry that would keep out whom it means: an address of a page, one with blanks
 * around it, one of another provider, an empty one. Where several providers' people come, an entry of users, usernames
 * and groups begins with "PROVIDER:", since the same name is somebody else's elsewhere. */
void allow_check(const struct allow *allow, struct problems *problems);

/* True if the rules let the account in. An entry of digits names an id, and only an id, since anybody can take a
 * username of digits. */
bool allow_admits(const struct allow *allow, const struct allow_account *account);

/* The same as an error: ERROR_NOT_ALLOWED, whose cause tells the owner what to add to let this account in. */
enum error_code allow_admit(const struct allow *allow, const struct allow_account *account, struct error *error);

/* What the rules' files share. */

/* True for a list of texts, and nothing else. */
bool allow_is_list(const cJSON *rules);

/* How the rules are called: "allow", "providers.NAME.allow", "gate[0].allow" or "owners". */
void allow_append_place(struct buffer *out, const struct allow *allow);

/* The one provider whose people these rules can be about; NULL: there are several. */
const char *allow_sole_provider(const struct allow *allow);

/* True if an object of rules picks some of those who can sign in, and so does not let in everybody. */
bool allow_picks(const cJSON *rules);

/* True for an entry of users or usernames that allow_check has nothing against. */
bool allow_entry_is_right(const struct allow *allow, const char *entry);

#endif
