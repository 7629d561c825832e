/* What the parts of a check share, and the parts. Each looks at one thing, and tells what it finds.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CHECK_PARTS_H
#define CGI_LOGIN_CHECK_PARTS_H

#include "admin/check/check.h"
#include "admin/check/clock_comparison.h"
#include "admin/check/program_place.h"
#include "admin/own_site/site_ask.h"
#include "base/problems.h"
#include "config/provider.h"
#include "program/site_report.h"

/* What the site said at the address of `login`. */
enum site_state {
    SITE_NOT_ASKED,
    SITE_SILENT,   /* nothing responds */
    SITE_FOREIGN,  /* something that is not ours responds */
    SITE_FAILING,  /* our program does, with a failure */
    SITE_UNPROVED, /* our program does, and does not prove that it has this config's keys */
    SITE_REPORTING /* it does, and says how it runs */
};

struct check {
    const struct check_options *options;
    const struct config *config;   /* of CONFIG_FOR_CHECK: any pointer can be NULL */
    struct http_client *client;    /* with `online` */
    struct clock_comparison clock; /* likewise */
    struct http_client *site;      /* asks the own site; NULL: it is not asked */
    enum site_state state;
    struct site_answer login;           /* what `login` said; unless SITE_NOT_ASKED */
    char login_log[LOG_LINE_MAX];       /* what it wrote into the log meanwhile; "": nothing */
    struct site_report report;          /* with SITE_REPORTING */
    struct clock_comparison site_clock; /* ours and the own site's */
    struct program_place place;
    bool told; /* a reason was told why the programs cannot work */
};

/* Tells a finding. */
#define check_ok(check, ...) finding_tell(&(check)->options->taker, FINDING_OK, __VA_ARGS__)
#define check_note(check, ...) finding_tell(&(check)->options->taker, FINDING_NOTE, __VA_ARGS__)
#define check_fix(check, ...) finding_tell(&(check)->options->taker, FINDING_FIX, __VA_ARGS__)

/* Tells each problem. */
void check_fix_all(const struct check *check, const struct problems *problems);

/* Asks the site for `login`, and finds where the programs lie, for the parts below: some say more of a file when they
 * know who reads it. Tells nothing unless memory runs out. Without `wanted` nobody is asked. */
void check_look(struct check *check, bool wanted);

/* The files and folders of the product's home. */
void check_permissions(const struct check *check);
void check_templates(const struct check *check);
void check_languages(const struct check *check);
void check_log(const struct check *check);
void check_state(const struct check *check);
void check_session_keys(const struct check *check);
void check_ca_folder(const struct check *check);

/* The programs on the disk, and which config they find from there; the .htaccess of the web root. */
void check_programs(struct check *check);
void check_htaccess(struct check *check);

/* What `login` said: why it does not run or cannot work, and whether it works with this config. */
void check_login(struct check *check);

/* Tells why a response is not one of our `login`. */
void check_foreign(struct check *check);

/* Whether the user whom the web server runs the programs as may write store and log, where that is another one than
 * who asks. */
void check_web_user(const struct check *check);

/* Whether the other routes lead to their programs, and the pages have their style sheet. */
void check_routes(const struct check *check);

/* Whether the redirect URI that the site sends a provider is this config's. */
void check_redirect_uri(const struct check *check, const struct provider *provider);

/* Whether somebody can fetch what is not for the web. */
void check_served(const struct check *check);

void check_store(const struct check *check);

/* The providers, and with `online` their hosts. */
void check_providers(struct check *check);

/* What a provider's files and keys are fit for. */
void check_provider_files(const struct check *check, const struct provider *provider);

/* What the hosts' clocks say of ours. */
void check_clock(const struct check *check);

#endif
