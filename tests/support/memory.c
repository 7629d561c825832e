/* To be preloaded into a program: makes one allocation of it fail, and counts them all.
 *   MEMORY_COUNT=FILE   8 bytes, where the number of allocations is kept while the program runs: it may end at any
 *                       point
 *   MEMORY_FAILS=N      the Nth allocation fails; 0, or none given: none does
 *   MEMORY_EMPTY=1      and so does every later one
 *   MEMORY_SHOW=1       who asked for the Nth goes to standard error, for addr2line or gdb's `info line *`
 * What libraries allocate before this one is ready does not count, nor what OpenSSL does: some 3,000 times in each
 * process that makes libcurl ready, which is not ours to test. Nor does what the address sanitizer asks of the C
 * library when a thread begins: it would end the program.
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* glibc's own, and those of the address sanitizer where it is linked in. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__interceptor_malloc(size_t size) __attribute__((weak));
void *__interceptor_calloc(size_t count, size_t size) __attribute__((weak));
void *__interceptor_realloc(void *memory, size_t size) __attribute__((weak));

typedef int (*getattr)(pthread_t thread, pthread_attr_t *attributes);

static _Atomic uint64_t *counter;
static uint64_t fails_at;
static bool stays_empty, shows;
static getattr c_library_getattr;
static _Thread_local bool describes_thread __attribute__((tls_model("initial-exec")));

/* Where OpenSSL's code lies. */
enum { LIBRARIES_MAX = 4 };
static struct { uintptr_t start, end; } openssl[LIBRARIES_MAX];
static size_t openssl_count;

static int note_library(struct dl_phdr_info *library, size_t size, void *unused) {
    (void)size, (void)unused;
    if (strstr(library->dlpi_name, "/libcrypto.") == NULL && strstr(library->dlpi_name, "/libssl.") == NULL)
        return 0;
    for (int i = 0; i < library->dlpi_phnum && openssl_count < LIBRARIES_MAX; i++) {
        const ElfW(Phdr) *segment = &library->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_X) == 0)
            continue;
        openssl[openssl_count].start = library->dlpi_addr + segment->p_vaddr;
        openssl[openssl_count].end = library->dlpi_addr + segment->p_vaddr + segment->p_memsz;
        openssl_count++;
    }
    return 0;
}

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("MEMORY_COUNT"), *number = getenv("MEMORY_FAILS");
    const int descriptor = file != NULL ? open(file, O_RDWR | O_CLOEXEC) : -1;
    if (descriptor < 0)
        return;
    void *page = mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    fails_at = number != NULL ? strtoull(number, NULL, 10) : 0;
    stays_empty = getenv("MEMORY_EMPTY") != NULL;
    shows = getenv("MEMORY_SHOW") != NULL;
    dl_iterate_phdr(note_library, NULL);
    c_library_getattr = (getattr)dlsym(RTLD_NEXT, "pthread_getattr_np");
    if (page != MAP_FAILED)
        counter = page;
}

static void show(void) {
    void *callers[32];
    _Atomic uint64_t *const kept = counter;
    counter = NULL; /* what follows allocates as well */
    backtrace_symbols_fd(callers, backtrace(callers, 32), STDERR_FILENO);
    counter = kept;
}

static bool fails(const void *caller) {
    if (counter == NULL || describes_thread)
        return false;
    for (size_t i = 0; i < openssl_count; i++)
        if ((uintptr_t)caller >= openssl[i].start && (uintptr_t)caller < openssl[i].end)
            return false;
    const uint64_t number = ++*counter;
    const bool lacking = fails_at != 0 && (number == fails_at || (stays_empty && number > fails_at));
    if (shows && number == fails_at)
        show();
    if (lacking)
        errno = ENOMEM;
    return lacking;
}

void *malloc(size_t size) {
    if (fails(__builtin_return_address(0)))
        return NULL;
    return __interceptor_malloc != NULL ? __interceptor_malloc(size) : __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    if (fails(__builtin_return_address(0)))
        return NULL;
    return __interceptor_calloc != NULL ? __interceptor_calloc(count, size) : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    if (fails(__builtin_return_address(0)))
        return NULL;
    return __interceptor_realloc != NULL ? __interceptor_realloc(memory, size) : __libc_realloc(memory, size);
}

/* The product does not call it. */
int pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes) {
    if (c_library_getattr == NULL)
        c_library_getattr = (getattr)dlsym(RTLD_NEXT, "pthread_getattr_np");
    describes_thread = true;
    const int result = c_library_getattr(thread, attributes);
    describes_thread = false;
    return result;
}
