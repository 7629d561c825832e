/* Loaded before a program (LD_PRELOAD), writes down when it does what: a line "NAME BEGIN END" for each event, in
 * nanoseconds of CLOCK_MONOTONIC, into the file that BENCH_OBSERVE names. It also keeps the process dumpable, or strace
 * without root's rights could not read the names of the files it opens.
 * SPDX-License-Identifier: MIT */
#include <curl/curl.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS_MAX = 512 };

struct event {
    const char *name;
    int64_t begin;
    int64_t end;
};

static struct event events[EVENTS_MAX];
static atomic_size_t event_count;
static int (*program_main)(int, char **, char **);

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void note(const char *name, int64_t begin, int64_t end) {
    const size_t index = atomic_fetch_add(&event_count, 1);
    if (index < EVENTS_MAX)
        events[index] = (struct event){name, begin, end};
}

static void write_events(void) {
    const char *path = getenv("BENCH_OBSERVE");
    FILE *file = path != NULL ? fopen(path, "w") : NULL;
    if (file == NULL)
        return;
    for (size_t i = 0; i < event_count && i < EVENTS_MAX; i++)
        fprintf(file, "%s %" PRId64 " %" PRId64 "\n", events[i].name, events[i].begin, events[i].end);
    fclose(file);
}

/* `real` is the function that the one here stands before. */
#define FIND_REAL(function)                                                                                            \
    static __typeof__(&(function)) real;                                                                               \
    if (real == NULL)                                                                                                  \
    *(void **)&real = dlsym(RTLD_NEXT, #function)

static int64_t main_begin;

static int run_main(int count, char **arguments, char **environment) {
    main_begin = now();
    return program_main(count, arguments, environment);
}

/* The programs leave by it. */
void _exit(int status) {
    note("main", main_begin, now());
    write_events();
    syscall(SYS_exit_group, status);
    __builtin_unreachable();
}

int __libc_start_main(int (*start)(int, char **, char **), int count, char **arguments, void (*init)(void),
                      void (*fini)(void), void (*loader_fini)(void), void *stack_end);

int __libc_start_main(int (*start)(int, char **, char **), int count, char **arguments, void (*init)(void),
                      void (*fini)(void), void (*loader_fini)(void), void *stack_end) {
    FIND_REAL(__libc_start_main);
    program_main = start;
    return real(run_main, count, arguments, init, fini, loader_fini, stack_end);
}

int prctl(int option, ...) {
    va_list rest;
    va_start(rest, option);
    const unsigned long argument = va_arg(rest, unsigned long);
    va_end(rest);
    /* A process that cannot be dumped could not be looked at. */
    return option == PR_SET_DUMPABLE ? 0 : (int)syscall(SYS_prctl, option, argument, 0L, 0L, 0L);
}

/* The store is known by its file, so that it does not matter how SQLite is linked. */
static void note_open(const char *path) {
    const size_t len = strlen(path);
    if (len > 3 && strcmp(path + len - 3, ".db") == 0)
        note("store", now(), now());
}

int open(const char *path, int flags, ...) {
    FIND_REAL(open);
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    note_open(path);
    return real(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    FIND_REAL(open64);
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    note_open(path);
    return real(path, flags, mode);
}

int fsync(int descriptor) {
    FIND_REAL(fsync);
    const int64_t begin = now();
    const int result = real(descriptor);
    note("fsync", begin, now());
    return result;
}

int fdatasync(int descriptor) {
    FIND_REAL(fdatasync);
    const int64_t begin = now();
    const int result = real(descriptor);
    note("fsync", begin, now());
    return result;
}

/* libcurl's sockets do not block, so all its waiting for the network is in here. */
int poll(struct pollfd *descriptors, nfds_t count, int timeout) {
    FIND_REAL(poll);
    const int64_t begin = now();
    const int result = real(descriptors, count, timeout);
    note("wait", begin, now());
    return result;
}

int __poll_chk(struct pollfd *descriptors, nfds_t count, int timeout, size_t size);

int __poll_chk(struct pollfd *descriptors, nfds_t count, int timeout, size_t size) {
    FIND_REAL(__poll_chk);
    const int64_t begin = now();
    const int result = real(descriptors, count, timeout, size);
    note("wait", begin, now());
    return result;
}

CURLcode curl_global_init(long flags) {
    FIND_REAL(curl_global_init);
    const int64_t begin = now();
    const CURLcode code = real(flags);
    note("curl_init", begin, now());
    return code;
}

void curl_global_cleanup(void) {
    FIND_REAL(curl_global_cleanup);
    const int64_t begin = now();
    real();
    note("curl_cleanup", begin, now());
}

/* When each part of a call was done, by libcurl's own account. Its clock starts a little after the call does, and stops
 * when the call ends. */
static void note_parts(CURL *curl, int64_t end) {
    static const struct {
        const char *name;
        CURLINFO info;
    } parts[] = {{"name_found", CURLINFO_NAMELOOKUP_TIME_T},
                 {"connected", CURLINFO_CONNECT_TIME_T},
                 {"tls_ready", CURLINFO_APPCONNECT_TIME_T},
                 {"sending", CURLINFO_PRETRANSFER_TIME_T}};
    CURLcode (*getinfo)(CURL *, CURLINFO, ...);
    *(void **)&getinfo = dlsym(RTLD_NEXT, "curl_easy_getinfo");
    curl_off_t total = 0;
    if (getinfo != NULL)
        getinfo(curl, CURLINFO_TOTAL_TIME_T, &total);
    const int64_t begin = end - (int64_t)total * 1000;
    for (size_t i = 0; getinfo != NULL && i < sizeof parts / sizeof *parts; i++) {
        curl_off_t microseconds = 0;
        getinfo(curl, parts[i].info, &microseconds);
        note(parts[i].name, begin, begin + (int64_t)microseconds * 1000);
    }
}

CURLcode curl_easy_perform(CURL *curl) {
    FIND_REAL(curl_easy_perform);
    const int64_t begin = now();
    const CURLcode code = real(curl);
    const int64_t end = now();
    note("call", begin, end);
    note_parts(curl, end);
    return code;
}
