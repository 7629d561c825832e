/* SPDX-License-Identifier: MIT */
#include "admin/site/site_probe.h"

#include "admin/site/site_copy.h"
#include "base/text.h"

#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TOKEN_BYTES = 16, TOKEN_SIZE = 2 * TOKEN_BYTES + 1, TIMEOUT_MS = 8000, RESPONSE_MAX = 4096 };

/* It says nothing but the number of its user, behind the token, which a server that hands out the text does not put
 * there. */
static const char script[] = "#!/bin/sh\n"
                             "printf 'Content-Type: text/plain\\r\\n\\r\\n%s %s\\n' \"${0##*-}\" \"$(id -u)\"\n";

static void judge(const struct http_response *response, const char *name, struct site_probed *probed) {
    const char *body = buffer_text(&response->body);
    const char *own = strrchr(name, '-') + 1;
    char *end;
    probed->result = SITE_PROBE_DOES_NOT_RUN;
    snprintf(probed->why, sizeof probed->why, "the status is %ld", response->status);
    if (response->status != 200 || !text_starts_with(body, own) || body[strlen(own)] != ' ')
        return;
    errno = 0;
    const unsigned long user = strtoul(body + strlen(own) + 1, &end, 10);
    if (errno == 0 && *end == '\n') {
        probed->result = SITE_PROBE_RUNS;
        probed->user = (uid_t)user;
    }
}

static void ask(struct http_client *client, const char *url, const char *name, struct site_probed *probed) {
    struct http_response response = {.status = 0};
    struct buffer address = BUFFER_EMPTY;
    struct error error;
    buffer_append_format(&address, "%s/%s", url, name);
    const struct http_request call = {
        .url = buffer_text(&address), .response_max = RESPONSE_MAX, .timeout_ms = TIMEOUT_MS};
    const enum error_code code =
        address.failed ? error_out_of_memory(&error) : http_client_call(client, &call, &response, &error);
    if (code == ERROR_NONE)
        judge(&response, name, probed);
    else if (code == ERROR_PROVIDER) /* a success that is larger than what the script says */
        probed->result = SITE_PROBE_DOES_NOT_RUN;
    if (code != ERROR_NONE)
        snprintf(probed->why, sizeof probed->why, "%s", error.cause);
    http_response_free(&response);
    buffer_free(&address);
}

struct site_probed site_probe(struct http_client *client, const char *folder, const char *url, const char *suffix) {
    struct site_probed probed = {.result = SITE_PROBE_FAILED};
    unsigned char random[TOKEN_BYTES];
    char token[TOKEN_SIZE], name[NAME_MAX], path[PATH_MAX];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(token, sizeof token, random, sizeof random);
    snprintf(name, sizeof name, "cgi-login-probe-%s%s", token, suffix);
    const int len = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (len >= (int)sizeof path || !site_copy_text(path, script, strlen(script), 0755)) {
        snprintf(probed.why, sizeof probed.why, "%.*s cannot be written to: %s", LOG_LINE_MAX / 2, folder,
                 strerror(errno));
        return probed;
    }
    probed.result = SITE_PROBE_UNREACHABLE;
    ask(client, url, name, &probed);
    unlink(path);
    return probed;
}
