/* What the parts of a check share, and the parts. Each looks at one thing, and tells what it finds.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_CHECK_PARTS_H
#define CGI_LOGIN_CHECK_PARTS_H

#include "admin/check/check.h"
#include "admin/check/clock_comparison.h"
#include "base/problems.h"
#include "config/provider.h"

struct check {
    const struct check_options *options;
    const struct config *config;   /* of CONFIG_FOR_CHECK: any pointer can be NULL */
    struct http_client *client;    /* with `online` */
    struct clock_comparison clock; /* likewise */
};

/* Tells a finding. */
#define check_ok(check, ...) finding_tell(&(check)->options->taker, FINDING_OK, __VA_ARGS__)
#define check_note(check, ...) finding_tell(&(check)->options->taker, FINDING_NOTE, __VA_ARGS__)
#define check_fix(check, ...) finding_tell(&(check)->options->taker, FINDING_FIX, __VA_ARGS__)

/* Tells each problem. */
void check_fix_all(const struct check *check, const struct problems *problems);

/* The files and folders of the product's home. */
void check_permissions(const struct check *check);
void check_templates(const struct check *check);
void check_log(const struct check *check);
void check_state(const struct check *check);
void check_session_keys(const struct check *check);
void check_ca_folder(const struct check *check);

void check_store(const struct check *check);

/* The providers, and with `online` their hosts. */
void check_providers(struct check *check);

/* What a provider's files and keys are fit for. */
void check_provider_files(const struct check *check, const struct provider *provider);

/* What the hosts' clocks say of ours. */
void check_clock(const struct check *check);

#endif
