/* SPDX-License-Identifier: MIT */
#include "admin/check/check_parts.h"

#include "base/date.h"
#include "base/file_fault.h"
#include "oauth/client_assertion.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PRESET_STALE_DAYS = 730 };

/* Notes a day that is more than two years ago: Meta keeps a version of its API for that long, and others change as
 * fast. */
static void check_age(const struct check *check, const struct provider *provider, const char *day, const char *what) {
    int64_t then;
    if (!date_read(day, &then))
        return; /* there is none */
    if ((int64_t)time(NULL) - then > (int64_t)PRESET_STALE_DAYS * SECONDS_PER_DAY)
        check_note(check, "providers.%s: %s %s, more than two years ago: look for a newer file, or compare it with %s",
                   provider->name, what, day,
                   provider->documentation != NULL ? provider->documentation : "what the provider documents");
}

/* Notes what the provider's file tells the owner: what stands in the way there, and its age. */
static void check_preset(const struct check *check, const struct provider *provider) {
    const cJSON *hurdle = provider->hurdles != NULL ? provider->hurdles->child : NULL;
    for (; hurdle != NULL; hurdle = hurdle->next)
        check_note(check, "providers.%s: %s", provider->name, hurdle->valuestring);
    check_age(check, provider, provider->checked, "its file was last checked on");
    check_age(check, provider, provider->api_version_date, "the version of the API in its URLs is of");
}

/* Looks at what the HTTP client would wait for, or read to no end. */
static void check_ca_file(const struct check *check, const struct provider *provider) {
    const char *path = provider->ca_file;
    struct stat status;
    char fault[FILE_FAULT_MAX];
    if (path == NULL)
        return;
    if (access(path, R_OK) != 0 || stat(path, &status) != 0)
        check_fix(check, "providers.%s.ca_file: %s cannot be read: %s", provider->name, path,
                  file_fault(path, errno, fault));
    else if (!S_ISREG(status.st_mode))
        check_fix(check, "providers.%s.ca_file: %s is no file; name a PEM file", provider->name, path);
}

/* Signs with the private key, for nobody: a key of another kind would be noticed by the first visitor alone. */
static void check_client_key(const struct check *check, const struct provider *provider) {
    struct provider signer = *provider;
    struct secret *assertion = NULL;
    struct error error;
    if (provider->client_key_file == NULL)
        return;
    if (signer.token_url == NULL)
        signer.token_url = provider->issuer; /* nothing is known of the issuer yet */
    if (client_assertion_make(&signer, (int64_t)time(NULL), &assertion, &error) == ERROR_NONE)
        check_ok(check, "providers.%s: its client_key signs", provider->name);
    else
        check_fix(check, "%s", error.cause);
    secret_free(assertion);
}

/* Looks for what `make install` laid beside a file that the owner had changed, or that is from before it kept a list of
 * what it installs: codes of errors and lifetimes of tokens stand in there, and nothing else would miss them. */
static void check_newer_file(const struct check *check, const struct provider *provider) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s.new", provider->preset) < (int)sizeof path && access(path, F_OK) == 0)
        check_note(check, "%s lies beside the file that is used; carry over what you want of it, then remove it", path);
}

void check_provider_files(const struct check *check, const struct provider *provider) {
    check_newer_file(check, provider);
    check_preset(check, provider);
    check_ca_file(check, provider);
    check_client_key(check, provider);
}
