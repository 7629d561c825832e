/* SPDX-License-Identifier: MIT */
#include "program/process_exit.h"

#include "base/text.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef __SANITIZE_ADDRESS__

bool exit_is_leak_checked(void) {
    return false;
}

static bool goes_to_apache(void) {
    const char *server = getenv("SERVER_SOFTWARE");
    struct stat output;
    return server != NULL && text_starts_with(server, "Apache") && fstat(STDOUT_FILENO, &output) == 0 &&
           (S_ISFIFO(output.st_mode) || S_ISSOCK(output.st_mode));
}

/* Waits for the parent's end, which the kernel tells by this signal, and closes the output by ending. */
_Noreturn static void hold_output(pid_t parent) {
    if (prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0L, 0L, 0L) != 0)
        _exit(EXIT_FAILURE);
    /* Had it ended before the line above, no signal would come; nor must a signal that is lost keep Apache waiting. */
    while (getppid() == parent)
        sleep(1);
    _exit(EXIT_SUCCESS);
}

/* Where no child can be made, Apache sleeps, and nothing else is lost. */
_Noreturn void process_exit(int status) {
    const pid_t self = getpid();
    if (goes_to_apache() && fork() == 0)
        hold_output(self);
    _exit(status); /* what libraries would tidy up goes with the process */
}

#else

bool exit_is_leak_checked(void) {
    return true;
}

/* The leak check runs at a proper exit. */
_Noreturn void process_exit(int status) {
    exit(status);
}

#endif
