/* What a handler works with: the configuration, one request, its response, and what the process keeps from one request
 * to the next. A handler touches nothing else and leaves nothing behind, so that the same one serves one request (CGI)
 * or many (FastCGI).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CONTEXT_H
#define CGI_LOGIN_CONTEXT_H

#include "base/problems.h"
#include "config/config.h"
#include "http/gateway.h"
#include "http/request.h"
#include "http/response.h"
#include "program/process_cache.h"

/* What a program wants to find done when its handler is called. */
enum context_wants {
    CONTEXT_PROVIDER = 1, /* the provider that the path names, or the default one */
    CONTEXT_FORM = 2,     /* the body of a POST, read as a form */
    CONTEXT_RESPONSE = 4, /* likewise, of a provider that has the browser post its response, and no POST else */
    CONTEXT_PATH = 8      /* cookies alone: the program reads path and query itself, and no body */
};

/* Opens the store: process_cache_store. A program names it and no other part of the library does, so that a program
 * that needs no store is linked without one. */
typedef enum error_code (*context_store_opener)(struct process_cache *cache, const struct config *config,
                                                struct store **store, struct error *error);

struct words;

struct context {
    const struct config *config; /* NULL only while a failure of the config itself is answered */
    const struct request *request;
    struct response *response;
    struct process_cache *cache;
    const struct gateway *gateway;
    context_store_opener open_store; /* NULL for a program without a store */
    const struct provider *provider; /* with CONTEXT_PROVIDER */
    struct query form;               /* with CONTEXT_FORM, of a POST */
    bool has_form;                   /* the body has been read */
    unsigned methods;                /* what a 405 allows; 0: what the program takes */
    bool is_link;                    /* the callback's: who is signed in links an account */
    struct words *words;             /* once context_words has been asked for them */
    struct problems problems;        /* all that is wrong with the config or a provider; the error has the first */
};

/* Does what the program wants, in the one order that is right: the provider; the store, where there is a form to be
 * read and the program has a store; the form. Opening the store may hand the whole request to another program, which
 * reads the body itself (mongodb_loader.h), so the form must come after it, and nothing else in the product reads one.
 * With CONTEXT_RESPONSE no store is opened, and none must be while that POST is served; ERROR_METHOD_NOT_ALLOWED for
 * any other provider's.
 * ERROR_NOT_FOUND for no such provider, ERROR_CONFIG for one that is set up wrongly; ERROR_BAD_REQUEST for a body that
 * is shorter than announced or no form; see process_cache_store for the rest. */
enum error_code context_prepare(struct context *context, unsigned wants, struct error *error);

/* The store, opened where that has not been done. Owned by the process. Of a faulty config (config.h) it may be NULL,
 * and a POST has none: ERROR_STORE_UNAVAILABLE. */
enum error_code context_store(struct context *context, struct store **store, struct error *error);

/* Gets a provider by its name: ERROR_NOT_FOUND for NULL, ERROR_CONFIG for one that is set up wrongly, with all that is
 * wrong in context->problems. See process_cache_provider. */
enum error_code context_provider(struct context *context, const char *name, const struct provider **provider,
                                 struct error *error);

/* Gets the outline of a provider that the config names, for a page. A fault in its file is only noted. */
enum error_code context_outline(struct context *context, const char *name, const struct provider_outline **outline,
                                struct error *error);

/* The words of the pages, in the language that the config or the browser wants (language/words.h), which the response
 * then names. ERROR_CONFIG if not even the English ones can be used. */
enum error_code context_words(struct context *context, struct words **words, struct error *error);

/* Wipes and frees what was read on the way. */
void context_clear(struct context *context);

#endif
