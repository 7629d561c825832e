/* SPDX-License-Identifier: MIT */
#include "base/user_name.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 4096, NAME_MAX_SHOWN = 40 };

/* A line of the file as it is read, byte by byte: "name:password:number:…". */
struct line {
    char name[NAME_MAX_SHOWN + 1];
    size_t len;
    unsigned long number;
    unsigned field;
    bool is_number; /* the third field has digits, and nothing else */
};

/* Takes the next byte in. True at the end of a line that is the user's. */
static bool take(struct line *line, char byte, uid_t user) {
    if (byte == '\n') {
        const bool found = line->field >= 3 && line->is_number && line->number == user;
        if (!found)
            *line = (struct line){.len = 0};
        return found;
    }
    if (byte == ':')
        line->field++;
    else if (line->field == 0 && line->len < NAME_MAX_SHOWN)
        line->name[line->len++] = byte;
    else if (line->field == 2) {
        line->is_number = (line->number == 0 || line->is_number) && byte >= '0' && byte <= '9';
        line->number = line->number * 10 + (unsigned long)(byte - '0');
    }
    return false;
}

static bool find(int file, uid_t user, struct line *line) {
    char chunk[CHUNK];
    for (ssize_t len = read(file, chunk, sizeof chunk); len > 0; len = read(file, chunk, sizeof chunk))
        for (ssize_t i = 0; i < len; i++)
            if (take(line, chunk[i], user))
                return true;
    return false;
}

const char *user_name(uid_t user, char text[USER_NAME_SIZE]) {
    struct line line = {.len = 0};
    const int file = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    const bool found = file >= 0 && find(file, user, &line) && line.len != 0;
    if (file >= 0)
        close(file);
    line.name[line.len] = '\0';
    if (found)
        snprintf(text, USER_NAME_SIZE, "%s (%lu)", line.name, (unsigned long)user);
    else
        snprintf(text, USER_NAME_SIZE, "%lu", (unsigned long)user);
    return text;
}
