/* SPDX-License-Identifier: MIT */
#include "admin/check/elf_file.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OWN_CLASS = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32 };

/* A program has thousands of lines' ends by chance, of which one in 256 follows a carriage return. */
enum { LINE_ENDS_LEAST = 64, FILE_MAX = 1 << 28 };

/* True if each of many line feeds follows a carriage return: a client that takes a file for text writes each line's end
 * anew. */
static bool has_text_ends(const unsigned char *bytes, size_t len) {
    size_t ends = 0;
    for (size_t i = 1; i < len; i++) {
        if (bytes[i] != '\n')
            continue;
        if (bytes[i - 1] != '\r')
            return false;
        ends++;
    }
    return ends >= LINE_ENDS_LEAST;
}

static bool is_within(size_t offset, size_t len, size_t size) {
    return offset <= size && len <= size - offset;
}

/* True if the segments that are loaded, and the table of sections at the end, lie in the file. */
static bool is_whole(const unsigned char *bytes, size_t len, size_t size) {
    ElfW(Ehdr) header;
    ElfW(Phdr) segment;
    memcpy(&header, bytes, sizeof header);
    if (header.e_phentsize != sizeof segment || !is_within(header.e_phoff, header.e_phnum * sizeof segment, len) ||
        !is_within(header.e_shoff, (size_t)header.e_shnum * header.e_shentsize, size))
        return false;
    for (size_t i = 0; i < header.e_phnum; i++) {
        memcpy(&segment, bytes + header.e_phoff + i * sizeof segment, sizeof segment);
        if (segment.p_type == PT_LOAD && !is_within(segment.p_offset, segment.p_filesz, size))
            return false;
    }
    return true;
}

enum elf_file_state elf_file_judge(const unsigned char *bytes, size_t len, size_t size, unsigned machine) {
    ElfW(Ehdr) header;
    if (len >= 2 && memcmp(bytes, "#!", 2) == 0)
        return ELF_FILE_WHOLE;
    if (len < SELFMAG || memcmp(bytes, ELFMAG, SELFMAG) != 0)
        return size == 0 ? ELF_FILE_CUT : ELF_FILE_NONE;
    if (has_text_ends(bytes, len))
        return ELF_FILE_TEXT_MODE;
    if (len < sizeof header)
        return ELF_FILE_CUT;
    memcpy(&header, bytes, sizeof header);
    if (header.e_ident[EI_CLASS] != OWN_CLASS || (machine != EM_NONE && header.e_machine != machine))
        return ELF_FILE_FOREIGN;
    return is_whole(bytes, len, size) ? ELF_FILE_WHOLE : ELF_FILE_CUT;
}

/* This program runs here, so its kind does. EM_NONE where the system does not show it. */
static unsigned own_machine(void) {
    ElfW(Ehdr) header = {.e_machine = EM_NONE};
    const int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (file >= 0 && read(file, &header, sizeof header) != (ssize_t)sizeof header)
        header.e_machine = EM_NONE;
    if (file >= 0)
        close(file);
    return header.e_machine;
}

/* Reads what there is of `size` bytes: an upload that goes on may cut the file meanwhile. -1 with errno set. */
static ssize_t read_whole(int file, unsigned char *bytes, size_t size) {
    size_t len = 0;
    while (len < size) {
        const ssize_t got = read(file, bytes + len, size - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        len += (size_t)got;
    }
    return (ssize_t)len;
}

static bool judge_open(int file, enum elf_file_state *state) {
    struct stat status;
    if (fstat(file, &status) != 0)
        return false;
    if (!S_ISREG(status.st_mode) || status.st_size > FILE_MAX) {
        *state = ELF_FILE_NONE;
        return true;
    }
    const size_t size = (size_t)status.st_size;
    unsigned char *bytes = malloc(size + 1);
    const ssize_t got = bytes != NULL ? read_whole(file, bytes, size) : -1;
    if (got >= 0)
        *state = elf_file_judge(bytes, (size_t)got, (size_t)got, own_machine());
    free(bytes);
    return got >= 0;
}

bool elf_file_look(const char *path, enum elf_file_state *state) {
    const int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return false;
    const bool judged = judge_open(file, state);
    const int cause = errno;
    close(file);
    errno = cause;
    return judged;
}
