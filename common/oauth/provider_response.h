/* A provider's response: the JSON of a token or profile endpoint, in whichever envelope, or its error in words that an
 * operator can act on and that hold no secret.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROVIDER_RESPONSE_H
#define CGI_LOGIN_PROVIDER_RESPONSE_H

#include "config/provider.h"
#include "http/http_client.h"

/* What was asked for, and which texts must not be told of the response. */
struct provider_call {
    const struct provider *provider;
    const char *endpoint;       /* in words: "token endpoint" */
    const cJSON *wanted;        /* a value (profile_value.h): what the object to use holds; NULL: any JSON is used */
    const char *const *secrets; /* strings that are blotted out of the cause, NULL at the end */
    const cJSON *refused;       /* codes of errors that mean that a field is refused, or NULL */
};

struct provider_response {
    cJSON *document;       /* owned: json_free */
    const cJSON *root;     /* the object to use; points into the document */
    long status;           /* of HTTP */
    char content_type[64]; /* "" if it named none */
};

/* Reads the response. The object to use is the first of the provider's response_root in which `wanted` names something.
 * Anything else (an error status, no JSON, an error object, no such object) is ERROR_PROVIDER, or ERROR_TOO_MANY_CALLS
 * (status 429, the file's `too_many_calls`), or ERROR_TOKEN_DEAD (RFC 6749's invalid_grant, the file's `token_dead`),
 * or ERROR_FIELD_REFUSED (the call's `refused`), or ERROR_PROVIDER_FAULT (any other status from 500 on). Then the cause
 * holds the provider's own text, if there is one, and *response is empty; but after ERROR_FIELD_REFUSED it has the
 * document. */
enum error_code provider_response_read(const struct provider_call *call, const struct http_response *http,
                                       struct provider_response *response, struct error *error);

/* Refuses a response that was read, and of which the object to use is of no use. The cause is the provider's own words
 * if the document holds an error, whatever the status says; else `problem`, which is a few words. */
enum error_code provider_response_refuse(const struct provider_call *call, const struct provider_response *response,
                                         const char *problem, struct error *error);

/* True for a document that holds an error, though the status may say success. NULL holds none. */
bool provider_response_has_error(const cJSON *document);

/* The text of the error in a document: the provider's own words, as they came. NULL if there is none. */
const char *provider_response_words(const cJSON *document);

#endif
