/* SPDX-License-Identifier: MIT */
#include "openid/issuer_file.h"

#include "base/bounds.h"
#include "base/file.h"
#include "base/file_fault.h"
#include "base/file_replace.h"
#include "base/json.h"
#include "base/text.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool find_path(const struct issuer_file *file, char path[PATH_MAX]) {
    const int len = snprintf(path, PATH_MAX, "%s/issuers/%s%s.json", file->folder, file->provider, file->suffix);
    return len > 0 && len < PATH_MAX;
}

/* True if it is this user's or root's, and nobody else can write it. Root believes the programs, too, whose folder it
 * is. */
static bool is_ours(const char *place, const struct stat *status) {
    struct stat folder;
    const bool own = status->st_uid == geteuid() || status->st_uid == 0 ||
                     (geteuid() == 0 && stat(place, &folder) == 0 && status->st_uid == folder.st_uid);
    return own && (status->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* Takes over what the file holds, if that is of this issuer, and whole. */
static void take(const struct issuer_file *file, cJSON *value, struct issuer_document *kept) {
    cJSON *document = json_member(value, "document");
    if (!text_equal(json_string(value, "issuer"), file->issuer) || !cJSON_IsObject(document) ||
        !json_integer(json_member(value, "fetched"), &kept->fetched) ||
        !json_integer(json_member(value, "tried"), &kept->tried))
        *kept = (struct issuer_document){.document = NULL};
    else
        kept->document = cJSON_DetachItemViaPointer(value, document);
}

enum error_code issuer_file_read(const struct issuer_file *file, struct issuer_document *kept, struct error *error) {
    char path[PATH_MAX];
    struct buffer text = BUFFER_EMPTY;
    struct stat status;
    cJSON *value = NULL;
    enum error_code code = ERROR_NONE;
    *kept = (struct issuer_document){.document = NULL};
    if (!find_path(file, path) || !file_read(path, ISSUER_FILE_MAX, &text, &status)) {
        if (text.failed)
            code = error_out_of_memory(error);
    } else if (is_ours(file->folder, &status) &&
               json_parse(buffer_text(&text), text.len, &value, NULL) == JSON_NO_MEMORY) {
        code = error_out_of_memory(error);
    }
    if (value != NULL)
        take(file, value, kept);
    json_free(value);
    buffer_free(&text);
    return code;
}

/* Makes the text of the file; NULL when memory runs out. */
static char *make_text(const struct issuer_file *file, const struct issuer_document *kept) {
    cJSON *value = cJSON_CreateObject();
    char *text = NULL;
    if (json_add(value, "issuer", cJSON_CreateString(file->issuer)) &&
        json_add(value, "fetched", cJSON_CreateNumber((double)kept->fetched)) &&
        json_add(value, "tried", cJSON_CreateNumber((double)kept->tried)) &&
        json_add(value, "document", cJSON_Duplicate(kept->document, true)))
        text = json_print(value);
    json_free(value);
    return text;
}

/* What root writes is the programs', whose folder it is, so it is written as by them: a link that they, or who broke
 * into them, have put there leads root nowhere. */
static bool become_owner(const char *folder) {
    struct stat status;
    return geteuid() != 0 || (stat(folder, &status) == 0 && setegid(status.st_gid) == 0 && seteuid(status.st_uid) == 0);
}

static bool write_text(const struct issuer_file *file, const char *path, const char *text) {
    char folder[PATH_MAX];
    const uid_t user = geteuid();
    const gid_t group = getegid();
    bool written = file_parent(path, folder) && become_owner(file->folder);
    if (written) {
        /* Where it cannot be made, what comes next tells. */
        mkdir(folder, S_IRWXU);
        written = file_replace(path, text, strlen(text));
    }
    const int cause = errno;
    const bool back = (geteuid() == user || seteuid(user) == 0) && (getegid() == group || setegid(group) == 0);
    errno = back ? cause : EPERM;
    return written && back;
}

enum error_code issuer_file_write(const struct issuer_file *file, const struct issuer_document *kept,
                                  struct error *error) {
    char path[PATH_MAX];
    char *text = make_text(file, kept);
    enum error_code code = ERROR_NONE;
    if (text == NULL)
        return error_out_of_memory(error);
    if (!find_path(file, path) || !write_text(file, path, text))
        code = error_set(error, ERROR_INTERNAL, "%s cannot be written by user %ld: %s", path, (long)geteuid(),
                         file_fault_words(errno));
    json_free_text(text);
    return code;
}
