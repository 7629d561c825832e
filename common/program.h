/* What every CGI program shares around its handler: the process made safe, the request read, the config loaded, the
 * response written, and what went wrong told to the error log. A handler turns a request into a response, touches
 * nothing global and leaves nothing behind, so that the same one can serve many requests.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROGRAM_H
#define CGI_LOGIN_PROGRAM_H

#include "config.h"
#include "request.h"
#include "response.h"

/* Fills the response, or fails with an error for program_run to answer. */
typedef enum error_code (*program_handler)(const struct config *config, const struct request *request,
                                           struct response *response, struct error *error);

/* Answers a failure of the handler; NULL: with the error page. `config` is never NULL. */
typedef void (*program_failure)(const struct config *config, const struct request *request, enum error_code code,
                                struct response *response);

struct program {
    const char *name;
    unsigned methods;  /* of enum method, or'ed */
    const char *allow; /* the same for the Allow header */
    bool takes_form;   /* a POST's body is read as a form before the handler runs */
    program_handler handle;
    program_failure fail;
};

/* Serves one request. Returns the process's exit status. */
int program_run(const struct program *program, char *const *environment);

#endif
