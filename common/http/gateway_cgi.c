/* SPDX-License-Identifier: MIT */
#include "http/gateway.h"

#include "base/bounds.h"
#include "base/file.h"

#include <errno.h>
#include <unistd.h>

static bool read_body(const struct gateway *gateway, char *data, size_t len) {
    (void)gateway;
    while (len != 0) {
        const ssize_t got = read(STDIN_FILENO, data, len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        data += got;
        len -= (size_t)got;
    }
    return true;
}

/* mod_cgid resets the connection when a program ends with something unread. */
static void discard_body(const struct gateway *gateway, size_t len) {
    char chunk[8192];
    (void)gateway;
    for (size_t left = len < REQUEST_DISCARDED_MAX ? len : REQUEST_DISCARDED_MAX; left != 0;) {
        const ssize_t got = read(STDIN_FILENO, chunk, left < sizeof chunk ? left : sizeof chunk);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return;
        left -= (size_t)got;
    }
}

static bool write_response(const struct gateway *gateway, const char *data, size_t len) {
    (void)gateway;
    return file_write_all(STDOUT_FILENO, data, len);
}

static void write_log(const struct gateway *gateway, const char *line, size_t len) {
    (void)gateway;
    file_write_all(STDERR_FILENO, line, len);
}

struct gateway gateway_cgi(char *const *environment) {
    return (struct gateway){.environment = environment,
                            .read = read_body,
                            .discard = discard_body,
                            .write = write_response,
                            .log = write_log};
}
