/* SPDX-License-Identifier: MIT */
#include "program/reauth.h"

#include "base/text.h"
#include "config/gate_rules.h"
#include "config/owners.h"
#include "session/session.h"

enum error_code reauth_read(struct context *context, bool *wanted, struct error *error) {
    const char *value;
    const enum error_code code = query_read(&context->request->query, REAUTH_PARAMETER, &value, error);
    *wanted = code == ERROR_NONE && text_equal(value, REAUTH_WANTED);
    return code;
}

void reauth_append(bool wanted, struct buffer *url) {
    if (wanted)
        query_append_to_url(url, REAUTH_PARAMETER, REAUTH_WANTED);
}

/* How old a login may be; 0: none is fresh. */
static int64_t greatest_age(const struct config *config) {
    int64_t age = config->session_max_age;
    for (size_t i = 0; i < gate_rules_count(config); i++) {
        const int64_t reauth = gate_rules_at(config, i).reauth;
        if (reauth != 0 && reauth < age)
            age = reauth;
    }
    if (owners_have_page(config) && age > OWNER_FRESH_SECONDS)
        age = OWNER_FRESH_SECONDS;
    return age;
}

enum error_code reauth_is_needed(struct context *context, bool *needed, struct error *error) {
    const int64_t age = greatest_age(context->config), now = context->request->now;
    struct session session;
    const enum error_code code = session_read(context->config, context->request, &session, error);
    /* A clock that was set back makes no login fresh. */
    *needed = code != ERROR_NONE || age == 0 || now - session.signed_in > age || now < session.signed_in;
    session_clear(&session);
    return code == ERROR_NOT_SIGNED_IN ? ERROR_NONE : code;
}
