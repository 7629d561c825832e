/* A provider of a test's own: a child that answers one HTTP request on a free port of this machine, and hands over what
 * it was asked. It dies with the test.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_TESTS_LOCAL_SERVER_H
#define CGI_LOGIN_TESTS_LOCAL_SERVER_H

#include "support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>

struct local_server {
    char url[64]; /* http://127.0.0.1:PORT/x */
    pid_t child;
    int asked; /* what the child read comes out here */
    char request[8192];
};

/* True once the header has come, and as much of a body as it announces. */
static inline bool local_server_has_all(const char *request) {
    const char *body = strstr(request, "\r\n\r\n"), *length = strstr(request, "Content-Length: ");
    return body != NULL && (length == NULL || strlen(body + 4) >= strtoul(length + 16, NULL, 10));
}

/* `reset`: the client sees the connection break off after the answer instead of being closed. */
static inline void local_server_answer(int listener, int out, const char *answer, bool reset) {
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    char request[8192];
    size_t len = 0;
    ssize_t got = 1;
    const int connection = accept(listener, NULL, NULL);
    request[0] = '\0';
    while (got > 0 && len < sizeof request - 1 && !local_server_has_all(request)) {
        got = read(connection, request + len, sizeof request - 1 - len);
        len += got > 0 ? (size_t)got : 0;
        request[len] = '\0';
    }
    const bool told = write(out, request, len) == (ssize_t)len && write(connection, answer, strlen(answer)) >= 0;
    if (reset) /* Linux keeps what came before it for the reader */
        setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(connection);
    _exit(told ? 0 : 1);
}

/* Sets the URL, and returns the socket that listens there. */
static inline int local_server_listen(struct local_server *server) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%u/x", (unsigned)ntohs(address.sin_port));
    return listener;
}

/* Does the same by IPv6. Returns -1 where this machine has none. */
static inline int local_server_listen_ipv6(struct local_server *server) {
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    socklen_t size = sizeof address;
    const int listener = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener >= 0 && bind(listener, (struct sockaddr *)&address, size) != 0) {
        close(listener);
        return -1;
    }
    if (listener < 0)
        return -1;
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    snprintf(server->url, sizeof server->url, "http://[::1]:%u/x", (unsigned)ntohs(address.sin6_port));
    return listener;
}

/* Starts the child that answers there; `answer` is the whole HTTP answer. */
static inline void local_server_start_at(struct local_server *server, int listener, const char *answer, bool reset) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    server->child = fork();
    if (server->child == 0) {
        alarm(60); /* a test that never asks leaves no child behind */
        local_server_answer(listener, ends[1], answer, reset);
    }
    close(listener);
    close(ends[1]);
    server->asked = ends[0];
}

static inline void local_server_start_ending(struct local_server *server, const char *answer, bool reset) {
    local_server_start_at(server, local_server_listen(server), answer, reset);
}

static inline void local_server_start(struct local_server *server, const char *answer) {
    local_server_start_ending(server, answer, false);
}

/* Waits for the child; then server->request holds what it was asked. */
static inline void local_server_finish(struct local_server *server) {
    int status;
    const ssize_t len = read(server->asked, server->request, sizeof server->request - 1);
    server->request[len > 0 ? len : 0] = '\0';
    close(server->asked);
    assert_int_equal(waitpid(server->child, &status, 0), server->child);
}

#endif
