/* The fields of a profile that are asked for, at a provider that takes a list of them and refuses the whole profile for
 * one field (`field_list` in the provider file). A sign-in needs the id alone, so the list gets shorter.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROFILE_FIELDS_H
#define CGI_LOGIN_PROFILE_FIELDS_H

#include "base/buffer.h"
#include "base/error.h"
#include "config/provider.h"

#include <cjson/cJSON.h>

struct profile_fields {
    const struct provider *provider;
    cJSON *names;   /* what is asked for, a list of strings; NULL where no list is sent */
    cJSON *dropped; /* the names that were refused, likewise */
    int refusals;
    bool least;         /* it is down to the file's least fields */
    struct error first; /* the cause of the first refusal */
};

/* Begins with the fields of `profile_params`. Freed with profile_fields_clear whatever comes back. */
enum error_code profile_fields_begin(struct profile_fields *fields, const struct provider *provider,
                                     struct error *error);

void profile_fields_clear(struct profile_fields *fields);

/* Appends the list as the provider takes it. */
void profile_fields_append(const struct profile_fields *fields, struct buffer *out);

/* True if one of the JSON Pointers of this value (profile_value.h) is of a field that is asked for. */
bool profile_fields_ask_for(const struct profile_fields *fields, const cJSON *value);

/* Shortens the list after a refusal in these words (NULL: none): by the field that they name, else to the file's least
 * fields. `error` holds the refusal's cause. ERROR_NONE: the profile can be asked for again. ERROR_FIELD_REFUSED: there
 * is nothing left to leave out, and `error` is as it was. */
enum error_code profile_fields_shorten(struct profile_fields *fields, const char *words, struct error *error);

/* What the log should say of a list that was shortened: which fields, why, and what the owner can do. To be freed with
 * buffer_free_text; NULL when memory runs out. */
char *profile_fields_remark(const struct profile_fields *fields);

#endif
