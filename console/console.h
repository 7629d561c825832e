/* The owner's page: what its parts share. It is the most powerful page of the product, so who is let in is found anew
 * for each request, by the store.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CONSOLE_H
#define CGI_LOGIN_CONSOLE_H

#include "base/view.h"
#include "program/context.h"
#include "session/session.h"
#include "store/store.h"

/* The log of what owners do, in the folder `state` of the config. */
#define CONSOLE_LOG_NAME "console.log"

/* "PROVIDER:ID", as `owners` and `cgi-login users list` have it. */
#define ACCOUNT_SIZE (PROVIDER_NAME_MAX + 1 + PROVIDER_ID_MAX + 1)

enum console_access {
    CONSOLE_NOBODY,   /* not logged in, or too long ago */
    CONSOLE_STRANGER, /* logged in, and no owner */
    CONSOLE_VISITOR,  /* with the code of the set-up: sees the check, and nothing else */
    CONSOLE_OWNER
};

struct console {
    struct context *context;
    enum console_access access;
    struct session session; /* of who is logged in, or one that stands for the visit; its id alone tells them apart */
    char account[ACCOUNT_SIZE]; /* of who is logged in, or "" */
    struct store *store;        /* of an owner; the context's */
    bool setup_is_open;         /* the config has a code of the set-up, which has not been used up */
};

/* Finds out who asks, and opens what an owner needs. ERROR_NOT_FOUND where there is no such page. Freed with
 * console_close whatever comes back. */
enum error_code console_open(struct context *context, struct console *console, struct error *error);

void console_close(struct console *console);

/* Appends the path of one of the pages; "" is the first. */
void console_append_link(const struct request *request, const char *page, struct buffer *url);

/* Answers with templates/NAME.html, or as JSON: with `view`, and what every page of the console has. `status` is the
 * page's. */
enum error_code console_show(struct console *console, const char *name, int status, struct view *view,
                             struct error *error);

/* Where a POST leads. */
struct console_place {
    const char *page;
    const char *done; /* for ?done=, or NULL */
    const char *user; /* for ?user=, or NULL */
};

/* 303 to one of the pages after a POST; or `view` as JSON. */
void console_see_other(struct console *console, const struct console_place *place, const struct view *view);

/* Checks that the form holds this session's anti-forgery token. ERROR_BAD_REQUEST if it does not. */
enum error_code console_check_form(struct console *console, struct error *error);

/* Keeps who did what and when, in a line of that log. */
void console_log(struct console *console, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ERROR_INTERNAL if that line could not be written: then nothing is to be done. */
enum error_code console_check_log(const struct console *console, struct error *error);

#endif
