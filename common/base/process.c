/* SPDX-License-Identifier: MIT */
#include "base/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

void process_keep_streams(void) {
    for (int number = STDIN_FILENO; number <= STDERR_FILENO; number++)
        /* The lowest number that is free is this one. */
        if (fcntl(number, F_GETFD) < 0 && open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
            return;
}

void process_harden(void) {
    process_keep_streams();
#ifndef __SANITIZE_ADDRESS__ /* its leak check must be able to trace the process */
    prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
#endif
    umask(077);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}
