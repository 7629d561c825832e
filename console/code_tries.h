/* A code of the config that somebody types or fetches a URL with: whether it is the right one, how often it was not,
 * and when it was used. A wrong one is answered slowly and counted, in a file in the folder `state`; from the fourth in
 * a row on a pause follows, twice as long each time, in which no other wrong one is looked at. The right one is taken
 * at any time: the config wants codes that are drawn, which nobody guesses, and who tries must not keep the owner out.
 * The count is one of the code, so that it begins anew with a new one. Uses are kept in a file of their own.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CODE_TRIES_H
#define CGI_LOGIN_CODE_TRIES_H

#include "base/error.h"

#include <stdint.h>

struct code {
    const char *folder;   /* of the config's `state` */
    const char *name;     /* of the files, "tries-NAME" and "use-NAME" */
    const char *expected; /* a secret */
    int64_t now;
};

enum code_answer {
    CODE_RIGHT,
    CODE_WRONG,
    CODE_PAUSED /* wrong, and not counted: another one is just counted, or there were too many */
};

/* Compares in constant time. What is given can be NULL. *wrong is how many were wrong in a row by now. ERROR_INTERNAL
 * where that cannot be counted: then no code is the right one. */
enum error_code code_tries_judge(const struct code *code, const char *given, enum code_answer *answer, int64_t *wrong,
                                 struct error *error);

/* Says when the code was used last; 0: it was not. */
enum error_code code_tries_last_use(const struct code *code, int64_t *used, struct error *error);

/* Keeps that the code is used now, unless that was less than `pause` seconds ago: then *wait is how many seconds are
 * left of them, else 0. A `pause` of 0 keeps an earlier use. */
enum error_code code_tries_use(const struct code *code, int64_t pause, int64_t *wait, struct error *error);

#endif
