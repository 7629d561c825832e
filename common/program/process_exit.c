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

/* The child waits for the end of its parent, which the kernel tells by this signal. By ending it closes the output. */
_Noreturn static void hold_output(pid_t parent) {
    if (prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0L, 0L, 0L) != 0)
        _exit(EXIT_FAILURE);
    /* If the parent ended before the line above, no signal comes. Nor must a lost signal keep Apache waiting. */
    while (getppid() == parent)
        sleep(1);
    _exit(EXIT_SUCCESS);
}

/* If no child can be made, Apache sleeps for a moment, and nothing else is lost. */
_Noreturn void process_exit(int status) {
    const pid_t self = getpid();
    if (goes_to_apache() && fork() == 0)
        hold_output(self);
    _exit(status); /* the kernel frees what libraries would tidy up */
}

#else

bool exit_is_leak_checked(void) {
    return true;
}

/* The leak check runs only at a proper exit. */
_Noreturn void process_exit(int status) {
    exit(status);
}

#endif
