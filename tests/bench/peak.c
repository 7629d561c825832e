/* peak REPORT PROGRAM [ARGUMENT...]: runs a program and writes its peak memory (KiB) to REPORT: what the kernel says of
 * it (VmHWM) when it is about to end. wait4 would tell a figure that begins with the size of the process that started
 * the program, and from which up to 32 pages are missing for each processor.
 * SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static long read_peak(pid_t pid) {
    char path[64], line[256];
    long kib = -1;
    snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
    FILE *file = fopen(path, "r");
    while (file != NULL && kib < 0 && fgets(line, sizeof line, file) != NULL)
        sscanf(line, "VmHWM: %ld", &kib);
    if (file != NULL)
        fclose(file);
    return kib;
}

static pid_t start(char **arguments) {
    const pid_t child = fork();
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        execv(arguments[0], arguments);
        _exit(127);
    }
    return child;
}

/* Lets it run until it ends. Its first stop is at execve. */
static long follow(pid_t child, int *status) {
    const long options = PTRACE_O_TRACEEXIT | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    long kib = -1;
    if (waitpid(child, status, 0) != child || !WIFSTOPPED(*status) ||
        ptrace(PTRACE_SETOPTIONS, child, NULL, options) != 0)
        return -1;
    int signal_number = 0;
    while (ptrace(PTRACE_CONT, child, NULL, (long)signal_number) == 0 && waitpid(child, status, 0) == child &&
           WIFSTOPPED(*status)) {
        const int event = *status >> 16;
        if (event == PTRACE_EVENT_EXIT)
            kib = read_peak(child);
        signal_number = event == 0 ? WSTOPSIG(*status) : 0;
    }
    return kib;
}

int main(int count, char **arguments) {
    int status = -1;
    if (count < 3) {
        fputs("usage: peak REPORT PROGRAM [ARGUMENT...]\n", stderr);
        return 2;
    }
    const pid_t child = start(arguments + 2);
    const long kib = child > 0 ? follow(child, &status) : -1;
    FILE *file = kib >= 0 && status == 0 ? fopen(arguments[1], "w") : NULL;
    if (file == NULL)
        return EXIT_FAILURE;
    fprintf(file, "%ld\n", kib);
    return fclose(file) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
