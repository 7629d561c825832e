/* SPDX-License-Identifier: MIT */
#include "openid/signed_claims.h"

#include "base/json.h"
#include "base/text.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

static const char TENANT[] = "{tenantid}";

/* A tenant is named by a UUID, which leaves nothing else of a URL open. */
static bool is_tenant(const char *text) {
    enum { UUID_LEN = 36 };
    return text != NULL && strlen(text) == UUID_LEN && strspn(text, "0123456789abcdefABCDEF-") == UUID_LEN;
}

static bool is_issuer(const char *given, const char *expected, const char *tenant) {
    const char *place = strstr(expected, TENANT);
    if (given == NULL || place == NULL)
        return text_equal(given, expected);
    const size_t before = (size_t)(place - expected), tenant_len = tenant != NULL ? strlen(tenant) : 0;
    return is_tenant(tenant) && strncmp(given, expected, before) == 0 &&
           strncmp(given + before, tenant, tenant_len) == 0 &&
           strcmp(given + before + tenant_len, place + strlen(TENANT)) == 0;
}

static bool has_audience(const cJSON *audience, const char *client_id) {
    bool found = text_equal(cJSON_GetStringValue(audience), client_id);
    const cJSON *item;
    if (!cJSON_IsArray(audience))
        return found;
    cJSON_ArrayForEach(item, audience) {
        if (!cJSON_IsString(item))
            return false;
        found |= text_equal(item->valuestring, client_id);
    }
    return found;
}

enum error_code signed_claims_check_parties(const struct signed_claims *claims, struct error *error) {
    if (!is_issuer(json_string(claims->claims, "iss"), claims->issuer, json_string(claims->claims, "tid")))
        return error_set(error, ERROR_PROVIDER, "the %s is of another issuer (`iss`) than %s", claims->what,
                         claims->issuer);
    if (!has_audience(json_member(claims->claims, "aud"), claims->client_id))
        return error_set(error, ERROR_PROVIDER, "the %s is for another client (`aud`) than the `client_id`",
                         claims->what);
    return ERROR_NONE;
}

/* Reads a point in time: a number of seconds, which may have a fraction. One that is absent and may be is 0. */
static enum error_code read_time(const struct signed_claims *claims, const char *name, bool optional, double *seconds,
                                 struct error *error) {
    const cJSON *value = json_member(claims->claims, name);
    *seconds = cJSON_IsNumber(value) ? value->valuedouble : value == NULL && optional ? 0 : -1;
    if (!isfinite(*seconds) || *seconds < 0)
        return error_set(error, ERROR_PROVIDER, "the %s has no number of seconds in `%s`", claims->what, name);
    return ERROR_NONE;
}

static enum error_code check_beginning(const struct signed_claims *claims, const char *name, double begins,
                                       struct error *error) {
    const double ahead = begins - (double)claims->now;
    if (ahead > SIGNED_TOKEN_SKEW_SECONDS)
        return error_set(error, ERROR_PROVIDER,
                         "the %s is from the future (`%s`), %.0f seconds ahead of this machine's "
                         "clock",
                         claims->what, name, ahead);
    return ERROR_NONE;
}

static enum error_code check_end(const struct signed_claims *claims, double expires, struct error *error) {
    const double past = (double)claims->now - expires;
    if (past >= SIGNED_TOKEN_SKEW_SECONDS)
        return error_set(error, ERROR_PROVIDER, "the %s has expired (`exp`), %.0f seconds ago by this machine's clock",
                         claims->what, past);
    return ERROR_NONE;
}

enum error_code signed_claims_check_times(const struct signed_claims *claims, struct error *error) {
    double expires, issued, not_before;
    enum error_code code = read_time(claims, "exp", false, &expires, error);
    if (code == ERROR_NONE)
        code = read_time(claims, "iat", false, &issued, error);
    if (code == ERROR_NONE)
        code = read_time(claims, "nbf", true, &not_before, error);
    if (code == ERROR_NONE)
        code = check_end(claims, expires, error);
    if (code == ERROR_NONE)
        code = check_beginning(claims, "iat", issued, error);
    if (code == ERROR_NONE)
        code = check_beginning(claims, "nbf", not_before, error);
    return code;
}

bool signed_claims_is_of_type(const cJSON *header, const char *own) {
    static const char prefix[] = "application/";
    const cJSON *type = json_member(header, "typ");
    const char *name = cJSON_GetStringValue(type);
    if (name == NULL)
        return type == NULL;
    if (strncasecmp(name, prefix, strlen(prefix)) == 0)
        name += strlen(prefix);
    const char *plus = strrchr(name, '+');
    return (own != NULL && strcasecmp(name, own) == 0) || plus == NULL || strcasecmp(plus, "+jwt") != 0;
}

const char *signed_claims_text(const cJSON *claims, const char *name, size_t max) {
    const char *text = json_string(claims, name);
    return !text_is_blank(text) && strlen(text) <= max && text_is_printable(text) ? text : NULL;
}

enum error_code signed_claims_check_subject(const struct signed_claims *claims, struct error *error) {
    if (signed_claims_text(claims->claims, "sub", SUBJECT_MAX) == NULL)
        return error_set(error, ERROR_PROVIDER, "the %s names nobody (`sub`) in 1 to %d characters that can be printed",
                         claims->what, SUBJECT_MAX);
    return ERROR_NONE;
}
