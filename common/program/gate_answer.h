/* How the gate answers: each way has its own words for "come in" (gate_redirect.c, gate_authorizer.c,
 * gate_auth_request.c), with what all of them have (gate_answer.c), and a refusal is the same for all that show it to a
 * person (gate_refusal.c).
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATE_ANSWER_H
#define CGI_LOGIN_GATE_ANSWER_H

#include "program/gate_decision.h"

/* Where an earlier check of the same request has said whether what it let in is public: what the lines of .htaccess
 * make a variable of, for the headers of caching (html/gate). */
#define GATE_PUBLIC_VARIABLE "CGI_LOGIN_PUBLIC"

/* The word that stands there. */
const char *gate_public_word(bool is_public);

/* True if an earlier check of this request has told the same. Apache asks again where a request goes on to another file
 * (DirectoryIndex, a RewriteRule), and joins what is told twice: "instagram:1, instagram:1". So nothing is. */
bool gate_is_told(const struct request *request, bool is_public);

/* Adds what the browser gets of a request that is let in, whatever the way: how it may be cached, and the cookie of a
 * session that was checked. The cookie takes the room that is left, so what only scripts get goes behind it. */
enum error_code gate_add_for_browser(struct context *context, const struct gate_decision *decision,
                                     struct error *error);

/* A local redirect to the path, encoded anew, with its query. A POST cannot go on that way:
 * ERROR_METHOD_NOT_ALLOWED. */
enum error_code gate_redirect_let_in(struct context *context, const struct gate_target *target,
                                     const struct gate_decision *decision, struct error *error);

/* 200, and who it is in `Variable-` headers, which the web server makes variables of. */
enum error_code gate_authorizer_let_in(struct context *context, const struct gate_target *target,
                                       const struct gate_decision *decision, struct error *error);

/* Refuses in the way that mod_fcgid understands, by a status alone: it makes 401 of each, and the program that
 * ErrorDocument names answers the visitor (GATE_ERROR_PAGE). False, with nothing done, if another server asks: that
 * hands the whole response of an authorizer on (FastCGI 1.0, section 6.3). */
bool gate_authorizer_refuse(struct context *context);

/* 204, and who it is in headers, which the web server hands on. */
enum error_code gate_auth_request_let_in(struct context *context, const struct gate_target *target,
                                         const struct gate_decision *decision, struct error *error);

/* Answers a refusal to whoever asked: a person who opens a page is led to the login and back, or told as whom they are
 * signed in; a script gets problem+json. A web server that understands a status alone gets that, with the login's
 * address in X-Cgi-Login-Url. */
enum error_code gate_refuse(struct context *context, enum error_code code, const struct gate_target *target,
                            const struct gate_decision *decision, struct error *error);

#endif
