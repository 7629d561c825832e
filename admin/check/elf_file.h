/* Whether a file can be run as a program of ours: what an upload makes of it.
 * SPDX-License-Identifier: MIT */
#ifndef CGI_LOGIN_ELF_FILE_H
#define CGI_LOGIN_ELF_FILE_H

#include <stdbool.h>
#include <stddef.h>

enum elf_file_state {
    ELF_FILE_WHOLE,     /* also a script, which an owner may have put in the program's place */
    ELF_FILE_TEXT_MODE, /* uploaded in ASCII mode, which changes each line's end */
    ELF_FILE_CUT,       /* shorter than it says: an upload that broke off, or one in ASCII mode */
    ELF_FILE_FOREIGN,   /* of another kind of processor */
    ELF_FILE_NONE       /* no program */
};

/* Judges the bytes of a file: `size` is all of it, of which `len` are there from the start. `machine` is the ELF number
 * of the processor that it is to run on, or 0. */
enum elf_file_state elf_file_judge(const unsigned char *bytes, size_t len, size_t size, unsigned machine);

/* Judges a file. False, with errno set, if it cannot be read. */
bool elf_file_look(const char *path, enum elf_file_state *state);

#endif
