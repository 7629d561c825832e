/* elf_file.c: what an upload makes of a program is told apart: ASCII mode, an end that is missing, another
 * processor's.
 * SPDX-License-Identifier: MIT */
#include "support.h"

#include "admin/check/elf_file.h"

#include <elf.h>
#include <link.h>
#include <string.h>

enum { SIZE = 1 << 16, MACHINE = EM_X86_64 };

/* A program with one segment that is all of it, sections at its end, and a thousand line feeds, each 64th of them
 * behind a carriage return. */
static size_t make_program(unsigned char *bytes) {
    ElfW(Ehdr) header = {.e_ident = ELFMAG,
                         .e_machine = MACHINE,
                         .e_phoff = sizeof header,
                         .e_phentsize = sizeof(ElfW(Phdr)),
                         .e_phnum = 1,
                         .e_shentsize = sizeof(ElfW(Shdr)),
                         .e_shnum = 2};
    header.e_ident[EI_CLASS] = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
    header.e_shoff = SIZE - 2 * sizeof(ElfW(Shdr));
    const ElfW(Phdr) segment = {.p_type = PT_LOAD, .p_filesz = (ElfW(Word))header.e_shoff};
    memset(bytes, 'x', SIZE);
    for (size_t i = 1; i <= 1000; i++) {
        bytes[i * 60] = '\n';
        if (i % 64 == 0)
            bytes[i * 60 - 1] = '\r';
    }
    memcpy(bytes, &header, sizeof header);
    memcpy(bytes + sizeof header, &segment, sizeof segment);
    return SIZE;
}

/* What a client does that sends a text: "\n" becomes "\r\n", or the other way round. */
static size_t send_as_text(const unsigned char *from, size_t len, bool to_windows, unsigned char *to) {
    size_t sent = 0;
    for (size_t i = 0; i < len; i++) {
        if (to_windows && from[i] == '\n' && (i == 0 || from[i - 1] != '\r'))
            to[sent++] = '\r';
        if (to_windows || from[i] != '\r' || i + 1 == len || from[i + 1] != '\n')
            to[sent++] = from[i];
    }
    return sent;
}

static void uploads_are_told_apart(void **state) {
    (void)state;
    static unsigned char program[SIZE], sent[2 * SIZE];
    const size_t size = make_program(program);
    assert_int_equal(elf_file_judge(program, size, size, MACHINE), ELF_FILE_WHOLE);
    assert_int_equal(elf_file_judge(program, size, size, EM_NONE), ELF_FILE_WHOLE);
    assert_int_equal(elf_file_judge(program, size, size, EM_AARCH64), ELF_FILE_FOREIGN);
    const size_t longer = send_as_text(program, size, true, sent);
    assert_true(longer > size);
    assert_int_equal(elf_file_judge(sent, longer, longer, MACHINE), ELF_FILE_TEXT_MODE);
    const size_t shorter = send_as_text(program, size, false, sent);
    assert_true(shorter < size);
    assert_int_equal(elf_file_judge(sent, shorter, shorter, MACHINE), ELF_FILE_CUT);
    program[EI_CLASS] = 9;
    assert_int_equal(elf_file_judge(program, size, size, MACHINE), ELF_FILE_FOREIGN);
}

/* Whatever is missing at the end is noticed, and no byte behind it is read. */
static void a_cut_program_is_noticed(void **state) {
    (void)state;
    static unsigned char program[SIZE];
    const size_t size = make_program(program);
    for (size_t len = SELFMAG; len < size; len += len < 256 ? 1 : 997) {
        struct guarded part = guarded_copy(program, len);
        assert_int_equal(elf_file_judge((const unsigned char *)part.data, len, len, MACHINE), ELF_FILE_CUT);
        guarded_free(&part);
    }
}

static void what_is_no_program_is_said_to_be_none(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum elf_file_state wanted;
    } rows[] = {{"", ELF_FILE_CUT},
                {"\x7f"
                 "EL",
                 ELF_FILE_NONE},
                {"<!doctype html>", ELF_FILE_NONE},
                {"\xEF\xBB\xBF#!/bin/sh\n", ELF_FILE_NONE},
                {"#!/bin/sh\nexec env A=1 /home/you/programs/login\n", ELF_FILE_WHOLE}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const size_t len = strlen(rows[i].text);
        assert_int_equal(elf_file_judge((const unsigned char *)rows[i].text, len, len, MACHINE), rows[i].wanted);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(uploads_are_told_apart),
                                       cmocka_unit_test(a_cut_program_is_noticed),
                                       cmocka_unit_test(what_is_no_program_is_said_to_be_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
