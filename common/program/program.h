/* What every program shares around its handler: it makes the process safe, loads the config, reads the request, writes
 * the response, and tells the error log what went wrong. A program that a web server starts as CGI serves one request,
 * one that it starts as FastCGI many.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_PROGRAM_H
#define CGI_LOGIN_PROGRAM_H

#include "program/context.h"

/* Fills the response, or fails with an error for program_run to answer. */
typedef enum error_code (*program_handler)(struct context *context, struct error *error);

/* Answers a failure of the handler; NULL: with the error page. */
typedef void (*program_failure)(struct context *context, enum error_code code);

struct program {
    const char *name;
    unsigned methods;           /* of enum method, or'ed */
    unsigned wants;             /* of enum context_wants, or'ed: what is done before the handler is called */
    context_store_opener store; /* process_cache_store for a program with a store, else NULL */
    program_handler handle;
    program_failure fail;
    enum config_reader reader; /* CONFIG_FOR_OWNER: the handler has to look at config->is_faulty first of all */
};

/* Notes for the operator why a request fails, unless it is a failure that visitors cause every day: what program_run
 * does for a failure that it answers. */
void program_note_failure(struct context *context, enum error_code code, const struct error *error);

/* Serves one request, or with FastCGI as many as come. Returns the process's exit status, or does not return. */
int program_run(const struct program *program, char *const *environment);

#endif
