/* Runs a program with another clock: it stands in the program's place, which lies beside it as NAME.real, and adds
 * TEST_CLOCK seconds to what the system tells that program the time is. It does so from outside, as a debugger, so that
 * it does not matter how the program is linked. Without TEST_CLOCK it becomes the program.
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <elf.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static _Noreturn void fail(const char *what) {
    perror(what);
    exit(127);
}

static uint64_t peek(pid_t program, uint64_t address) {
    return (uint64_t)ptrace(PTRACE_PEEKDATA, program, (void *)address, NULL);
}

static void poke(pid_t program, uint64_t address, uint64_t word) {
    if (ptrace(PTRACE_POKEDATA, program, (void *)address, (void *)word) != 0)
        fail("clock: PTRACE_POKEDATA");
}

#ifdef __x86_64__
enum {
    SECOND_ARGUMENT = offsetof(struct user_regs_struct, rsi) / 8,
    RESULT = offsetof(struct user_regs_struct, rax) / 8
};
#else /* aarch64 */
enum { SECOND_ARGUMENT = 1, RESULT = 0 };
#endif

static void set_register(pid_t program, size_t number, uint64_t value) {
    uint64_t registers[sizeof(struct user_regs_struct) / 8];
    struct iovec whole = {registers, sizeof registers};
    if (ptrace(PTRACE_GETREGSET, program, NT_PRSTATUS, &whole) != 0)
        fail("clock: PTRACE_GETREGSET");
    registers[number] = value;
    if (ptrace(PTRACE_SETREGSET, program, NT_PRSTATUS, &whole) != 0)
        fail("clock: PTRACE_SETREGSET");
}

static struct __ptrace_syscall_info look(pid_t program) {
    struct __ptrace_syscall_info info;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, program, (void *)sizeof info, &info) <= 0)
        fail("clock: PTRACE_GET_SYSCALL_INFO");
    return info;
}

/* The kernel gives each program code that tells the time without asking the kernel, and no debugger sees it. Whoever is
 * not told where it lies asks the kernel. Above the stack's top: argc, argv, NULL, environment, NULL, pairs of
 * words. */
static void hide_kernel_code(pid_t program) {
    uint64_t place = look(program).stack_pointer;
    place += 8 * (peek(program, place) + 2);
    while (peek(program, place) != 0)
        place += 8;
    for (place += 8; peek(program, place) != AT_NULL; place += 16)
        if (peek(program, place) == AT_SYSINFO_EHDR)
            poke(program, place, AT_IGNORE);
}

/* Where the call that begins will put a time that begins with seconds; or 0. */
static uint64_t place_of_seconds(const struct __ptrace_syscall_info *info) {
    const uint64_t number = info->entry.nr, clock = info->entry.args[0];
    if (number == SYS_clock_gettime && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        return info->entry.args[1];
#ifdef SYS_time /* a call that x86-64 has, and aarch64 not */
    if (number == SYS_time)
        return info->entry.args[0];
#endif
    return number == SYS_gettimeofday ? info->entry.args[0] : 0;
}

/* The kernel lets nobody write into a program that has asked to be left alone, not even who watches it already. */
static void keep_open(pid_t program, const struct __ptrace_syscall_info *info) {
    if (info->entry.nr == SYS_prctl && info->entry.args[0] == PR_SET_DUMPABLE)
        set_register(program, SECOND_ARGUMENT, 1);
}

/* A call that returns the seconds too. */
static void shift_result(pid_t program, uint64_t number, int64_t result) {
#ifdef SYS_time
    if (number == SYS_time)
        set_register(program, RESULT, (uint64_t)result);
#else
    (void)program, (void)number, (void)result;
#endif
}

/* Follows the program to its end. Its threads and children go unwatched, at the true time. */
static int watch(pid_t program, int64_t ahead) {
    uint64_t number = 0, place = 0;
    int status, deliver = 0;
    for (;;) {
        if (ptrace(PTRACE_SYSCALL, program, NULL, (void *)(intptr_t)deliver) != 0 || waitpid(program, &status, 0) < 0)
            fail("clock: lost the program");
        if (!WIFSTOPPED(status))
            return status;
        deliver = 0;
        if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8)) {
            hide_kernel_code(program);
        } else if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
            deliver = WSTOPSIG(status);
        } else {
            const struct __ptrace_syscall_info info = look(program);
            if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
                number = info.entry.nr;
                place = place_of_seconds(&info);
                keep_open(program, &info);
            } else if (!info.exit.is_error) {
                if (place != 0)
                    poke(program, place, peek(program, place) + (uint64_t)ahead);
                shift_result(program, number, info.exit.rval + ahead);
            }
        }
    }
}

static _Noreturn void end_alike(int status) {
    if (WIFEXITED(status))
        exit(WEXITSTATUS(status));
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
    exit(127);
}

int main(int argc, char **argv) {
    const char *ahead = getenv("TEST_CLOCK");
    char real[PATH_MAX];
    int status;
    (void)argc;
    snprintf(real, sizeof real, "%s.real", (const char *)getauxval(AT_EXECFN));
    if (ahead == NULL || *ahead == '\0') {
        execv(real, argv);
        fail(real);
    }
    /* No leak check: it would be a debugger too. */
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
    const pid_t program = fork();
    if (program == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        execv(real, argv);
        fail(real);
    }
    if (program < 0 || waitpid(program, &status, 0) < 0 ||
        ptrace(PTRACE_SETOPTIONS, program, NULL,
               (void *)(intptr_t)(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)) != 0)
        fail("clock: cannot watch the program");
    end_alike(watch(program, strtoll(ahead, NULL, 10)));
}
