/* SPDX-License-Identifier: MIT */
#include "program/program_name.h"

/* A process runs one program. */
static const char *running = "";

void program_name_set(const char *name) {
    running = name;
}

const char *program_name(void) {
    return running;
}
