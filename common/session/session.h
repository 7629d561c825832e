/* Who is signed in: a sealed cookie that holds the session's id, the user, and what the profile page shows, never a
 * token. Until `recheck_minutes` have passed since the store was last asked, no program asks it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_SESSION_H
#define CGI_LOGIN_SESSION_H

#include "config/config.h"
#include "http/request.h"
#include "http/response.h"

#define SESSION_COOKIE "__Host-cgi_login_session"
#define SESSION_ID_SIZE 44
/* A config's mark, a colon, and in Base64 a bit for each rule. */
#define SESSION_JUDGED_SIZE (CONFIG_MARK_SIZE + 1 + (GATE_RULES_MAX + 5) / 6)

struct session {
    char id[SESSION_ID_SIZE];
    char provider[PROVIDER_NAME_MAX + 1];
    /* When the login with this account was, seconds since 1970; 0: it was with another one, which has been unlinked
     * since. */
    int64_t signed_in;
    int64_t checked;                  /* when the store was last asked, likewise; 0: the next page asks it */
    int64_t expires;                  /* likewise */
    cJSON *profile;                   /* owned */
    char judged[SESSION_JUDGED_SIZE]; /* what the gate's rules say of the person (gate_judgement.h), or "" */
    bool asked;                       /* in this request the store was: what is here is newer than the cookie */
};

/* Writes the id of the session that the login with this state makes. The id is derived from the state with a key: it is
 * new at every login, nobody can work it out from the state, and a login that comes twice gets the same id. False when
 * memory runs out. */
bool session_id_from_state(const struct config *config, const char *state, char id[SESSION_ID_SIZE]);

/* Opens the session of the request. ERROR_NOT_SIGNED_IN if there is none that is valid; ERROR_INTERNAL, which says
 * nothing about it, when memory runs out. Freed with session_clear whatever comes back. */
enum error_code session_read(const struct config *config, const struct request *request, struct session *session,
                             struct error *error);

/* True if it is time to ask the store again: also where the gate's rules are other ones than those that the session
 * was judged by. */
bool session_is_due(const struct config *config, const struct request *request, const struct session *session);

/* Seals the session into its cookie, which takes the room that the response's other headers leave: the response must be
 * made before. A profile that is too long is shortened (session_shorten). */
enum error_code session_write(const struct config *config, const struct request *request, const struct session *session,
                              struct response *response, struct error *error);

/* Removes the cookie, if the request brought one: a response to another site's POST must not sign anybody out. */
void session_remove(const struct request *request, struct response *response);

/* A copy of the profile as a page shows it (session_trim.c): without what is no field of a profile (an object, a list
 * but for `groups`, what has a token's name), and with what is too long for a page cut or left out. NULL when memory
 * runs out. */
cJSON *session_trim(const cJSON *profile);

/* True for a text that session_trim or session_shorten may have cut. */
bool session_text_is_cut(const char *text);

/* Takes something away of a trimmed profile that is `excess` bytes too long, which may not be enough yet: first of the
 * longest text, at whole characters; then whole fields, of which the groups and the e-mail address, which rules ask
 * for, go last. False when only the id is left. */
bool session_shorten(cJSON *profile, size_t excess);

/* Frees what it owns. */
void session_clear(struct session *session);

#endif
