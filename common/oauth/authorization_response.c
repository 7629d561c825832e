/* SPDX-License-Identifier: MIT */
#include "oauth/authorization_response.h"

#include "base/text.h"
#include "openid/issuer.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { REASON_SHOWN_MAX = 60, WORDS_SHOWN_MAX = 200 };

/* Tells whether the parameter stands there with a value, of whatever kind. */
static bool says(const struct query *query, const char *name) {
    const char *value;
    const enum query_found found = query_find(query, name, &value);
    return found != QUERY_ABSENT && (found != QUERY_FOUND || *value != '\0');
}

static bool is_there(const struct query *query, const char *name) {
    const char *value;
    return query_find(query, name, &value) != QUERY_ABSENT;
}

enum error_code authorization_response_refuse_tokens(const struct query *query, struct error *error) {
    static const char *const names[] = {"access_token", "id_token", "refresh_token"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_there(query, names[i]))
            return error_set(
                error, ERROR_BAD_REQUEST,
                "the callback came with %s in its URL: the implicit flow is refused, since tokens in URLs leak "
                "(RFC 9700, section 2.1.2); have the provider send a code",
                names[i]);
    return ERROR_NONE;
}

/* The standard has `error`. Facebook's own errors have `error_code` and `error_message` in its place. */
bool authorization_response_is_refusal(const struct query *query) {
    static const char *const names[] = {"error", "error_code", "error_message", "error_reason", "error_description"};
    bool named = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        named = named || is_there(query, names[i]);
    return says(query, "error") || (named && !says(query, "code"));
}

/* The length of a parameter without what Meta's products append to the URL, "#_" or "#_=_": a fragment, which browsers
 * keep to themselves, but people and proxies paste it into the query, where it ends whichever parameter is the last.
 * RFC 6749 allows a "#" in a code and in a state, so nothing else is cut off. */
static size_t length_without_fragment(const char *text) {
    static const char *const fragments[] = {"#_=_", "#_"};
    const size_t len = strlen(text);
    for (size_t i = 0; i < sizeof fragments / sizeof *fragments; i++) {
        const size_t end = strlen(fragments[i]);
        if (len >= end && strcmp(text + len - end, fragments[i]) == 0)
            return len - end;
    }
    return len;
}

/* Tells whether the person has refused: by the standard's word, or by one of those that providers have for it (LinkedIn
 * and Apple the cancelled ones, Facebook the last, as its `error_reason`). What OpenID Connect says when nobody could
 * be asked (login_required, consent_required, interaction_required: section 3.1.2.6) is no refusal by a person. */
static bool is_denial(const char *word) {
    static const char *const words[] = {"access_denied", "user_cancelled_login", "user_cancelled_authorize",
                                        "user_denied"};
    const size_t len = word != NULL ? length_without_fragment(word) : 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (len == strlen(words[i]) && strncasecmp(word, words[i], len) == 0)
            return true;
    return false;
}

static void append_first(const struct query *query, const char *const *names, size_t max, struct buffer *out) {
    for (; *names != NULL && out->len == 0; names++)
        query_append_printable(query, *names, max, out);
}

static void append_refusal(const struct query *query, struct buffer *out) {
    static const char *const reasons[] = {"error", "error_code", "error_reason", NULL};
    static const char *const descriptions[] = {"error_description", "error_message", NULL};
    struct buffer reason = BUFFER_EMPTY, words = BUFFER_EMPTY;
    append_first(query, reasons, REASON_SHOWN_MAX, &reason);
    append_first(query, descriptions, WORDS_SHOWN_MAX, &words);
    buffer_append_text(out, "the provider sent the browser back ");
    if (reason.len != 0)
        buffer_append_format(out, "with \"%s\": %s", buffer_text(&reason),
                             words.len != 0 ? buffer_text(&words) : "(no description)");
    else if (words.len != 0)
        buffer_append_format(out, "with the words: %s", buffer_text(&words));
    else
        buffer_append_text(out, "without a code, and without a reason");
    out->failed = out->failed || reason.failed || words.failed;
    buffer_free(&reason);
    buffer_free(&words);
}

enum error_code authorization_response_refusal(const struct query *query, struct error *error) {
    const char *word, *reason;
    struct buffer cause = BUFFER_EMPTY;
    enum error_code code = query_read(query, "error", &word, error);
    if (code != ERROR_NONE)
        return code;
    const bool denied =
        is_denial(word) || (query_find(query, "error_reason", &reason) == QUERY_FOUND && is_denial(reason));
    append_refusal(query, &cause);
    code = cause.failed ? error_out_of_memory(error)
                        : error_set(error, denied ? ERROR_ACCESS_DENIED : ERROR_PROVIDER, "%s", buffer_text(&cause));
    buffer_free(&cause);
    return code;
}

enum error_code authorization_response_state(const struct query *query, char state[AUTHORIZATION_STATE_MAX + 1],
                                             struct error *error) {
    const char *text;
    const enum error_code code = query_read(query, "state", &text, error);
    *state = '\0';
    if (code != ERROR_NONE)
        return code;
    if (text != NULL)
        snprintf(state, AUTHORIZATION_STATE_MAX + 1, "%.*s", (int)length_without_fragment(text), text);
    if (*state != '\0')
        return ERROR_NONE;
    return authorization_response_is_refusal(query)
               ? authorization_response_refusal(query, error)
               : error_set(error, ERROR_BAD_REQUEST,
                           "the callback has no state; what stands behind a \"#\", as "
                           "in the implicit flow, reaches no server");
}

enum error_code authorization_response_code(const struct query *query, char code[AUTHORIZATION_CODE_MAX + 1],
                                            struct error *error) {
    const char *text;
    const enum error_code result = query_read(query, "code", &text, error);
    if (result != ERROR_NONE)
        return result;
    const size_t len = text != NULL ? length_without_fragment(text) : 0;
    if (len == 0 || len > AUTHORIZATION_CODE_MAX)
        return error_set(error, ERROR_BAD_REQUEST, "the callback has no code, or one of more than %d bytes",
                         AUTHORIZATION_CODE_MAX);
    memcpy(code, text, len);
    code[len] = '\0';
    return ERROR_NONE;
}

enum error_code authorization_response_check_issuer(const struct query *query, const struct provider *provider,
                                                    struct error *error) {
    static const char name[] = "iss";
    const char *issuer;
    if (provider->issuer == NULL)
        return ERROR_NONE;
    const enum error_code code = query_read(query, name, &issuer, error);
    if (code != ERROR_NONE || (issuer != NULL && issuer_matches(provider, issuer)))
        return code;
    if (issuer == NULL && !issuer_names_itself(provider))
        return ERROR_NONE;
    struct buffer printable = BUFFER_EMPTY;
    query_append_printable(query, name, WORDS_SHOWN_MAX, &printable);
    error_set(
        error, ERROR_PROVIDER,
        "the response that the browser brought is of %s in place of %s (RFC 9207): it may be of another provider, "
        "and its code was not used",
        issuer != NULL ? buffer_text(&printable) : "no issuer", provider->id_token_issuer);
    buffer_free(&printable);
    return ERROR_PROVIDER;
}
