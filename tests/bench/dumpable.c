/* Loaded before a program (LD_PRELOAD), keeps its process dumpable, or strace without root's rights could not read the
 * names of the files that it opens.
 * SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int prctl(int option, ...) {
    va_list rest;
    va_start(rest, option);
    const unsigned long argument = va_arg(rest, unsigned long);
    va_end(rest);
    return option == PR_SET_DUMPABLE ? 0 : (int)syscall(SYS_prctl, option, argument, 0L, 0L, 0L);
}
