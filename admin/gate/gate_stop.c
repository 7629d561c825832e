/* SPDX-License-Identifier: MIT */
#include "admin/gate/gate_stop.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t asked;

static void remember(int number) {
    (void)number;
    asked = 1;
}

void gate_stop_watch(void) {
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    const struct sigaction action = {.sa_handler = remember};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* a reader of our output that goes away */
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow */
}

bool gate_stop_asked(void) {
    return asked != 0;
}
