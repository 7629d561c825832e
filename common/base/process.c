/* SPDX-License-Identifier: MIT */
#include "base/process.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>

void process_harden(void) {
#ifndef __SANITIZE_ADDRESS__ /* its leak check must be able to trace the process */
    prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
#endif
    umask(077);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}
