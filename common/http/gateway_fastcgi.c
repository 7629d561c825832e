/* SPDX-License-Identifier: MIT */
#include "http/gateway.h"

#include <sys/socket.h>
#include <unistd.h>

bool gateway_is_fastcgi(void) {
    int listening = 0;
    socklen_t len = sizeof listening;
    return getsockopt(STDIN_FILENO, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) == 0 && listening != 0;
}

#ifdef CGI_LOGIN_FASTCGI

#include "base/bounds.h"

#include <fcgiapp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* A role of FastCGI (1.0, section 8), which fcgiapp.h does not name. */
#define ROLE_AUTHORIZER 2

static bool read_body(const struct gateway *gateway, char *data, size_t len) {
    FCGX_Request *request = gateway->stream;
    return FCGX_GetStr(data, (int)len, request->in) == (int)len;
}

/* Reads the body to its end, whatever length was announced. The library drops only what has arrived; it would take the
 * rest for the start of the connection's next request, and close the connection. */
static void discard_body(const struct gateway *gateway, size_t len) {
    FCGX_Request *request = gateway->stream;
    char chunk[8192];
    (void)len;
    for (size_t left = REQUEST_DISCARDED_MAX; left >= sizeof chunk; left -= sizeof chunk)
        if (FCGX_GetStr(chunk, sizeof chunk, request->in) < (int)sizeof chunk)
            return;
}

/* An authorizer is sent no body, nor the end of one, to wait for (FastCGI 1.0, section 6.3). */
static void discard_nothing(const struct gateway *gateway, size_t len) {
    (void)gateway;
    (void)len;
}

static bool write_response(const struct gateway *gateway, const char *data, size_t len) {
    FCGX_Request *request = gateway->stream;
    return FCGX_PutStr(data, (int)len, request->out) == (int)len;
}

static void write_log(const struct gateway *gateway, const char *line, size_t len) {
    FCGX_Request *request = gateway->stream;
    FCGX_PutStr(line, (int)len, request->err);
}

/* Lets the current request finish; the next accept then tells to stop. A signal may come just before a wait begins: the
 * alarm ends that wait, too. */
static void stop(int signal_number) {
    FCGX_ShutdownPending();
    if (signal_number != SIGALRM)
        alarm(1);
}

static void stop_on_signals(void) {
    struct sigaction action = {.sa_handler = stop}; /* SA_RESTART is left out, so that accept() ends */
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGALRM, &action, NULL);
}

int gateway_serve_fastcgi(void (*serve)(void *context, const struct gateway *gateway), void *context) {
    FCGX_Request request;
    if (FCGX_Init() != 0 || FCGX_InitRequest(&request, STDIN_FILENO, FCGI_FAIL_ACCEPT_ON_INTR) != 0)
        return EXIT_FAILURE;
    stop_on_signals();
    while (FCGX_Accept_r(&request) == 0) {
        const struct gateway gateway = {.environment = request.envp,
                                        .stream = &request,
                                        .read = read_body,
                                        .discard = request.role == ROLE_AUTHORIZER ? discard_nothing : discard_body,
                                        .write = write_response,
                                        .log = write_log};
        serve(context, &gateway);
        FCGX_Finish_r(&request);
    }
    FCGX_Free(&request, 1);
    return EXIT_SUCCESS;
}

#else

#include <stdio.h>
#include <stdlib.h>

int gateway_serve_fastcgi(void (*serve)(void *context, const struct gateway *gateway), void *context) {
    (void)serve, (void)context;
    fputs("cgi-login: built without FastCGI; install libfcgi-dev and build again\n", stderr);
    return EXIT_FAILURE;
}

#endif
