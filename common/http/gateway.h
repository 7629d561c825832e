/* The web server's end of a request: CGI's standard streams (RFC 3875), or a FastCGI connection.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_GATEWAY_H
#define CGI_LOGIN_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>

struct gateway {
    char *const *environment;
    void *stream;
    /* Reads exactly `len` bytes of the body; false if it ends before. */
    bool (*read)(const struct gateway *gateway, char *data, size_t len);
    /* Reads the rest of the body, of `len` bytes, off the connection. If a program ends with unread bytes in it, the
     * server resets the connection and the response is lost. */
    void (*discard)(const struct gateway *gateway, size_t len);
    /* Writes all; false if the server has gone. */
    bool (*write)(const struct gateway *gateway, const char *data, size_t len);
    /* Writes a line of the server's error log, with the newline at its end, in one piece: other processes write there
     * too. */
    void (*log)(const struct gateway *gateway, const char *line, size_t len);
};

/* CGI: the process's own streams. */
struct gateway gateway_cgi(char *const *environment);

/* True if the standard input of the process is a listening socket: that is how FastCGI starts a program. */
bool gateway_is_fastcgi(void);

/* Accepts requests until the server stops the process, and calls `serve` for each. Returns the exit status. */
int gateway_serve_fastcgi(void (*serve)(void *context, const struct gateway *gateway), void *context);

#endif
