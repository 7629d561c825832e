/* SPDX-License-Identifier: MIT */
#include "language/words.h"

#include "base/text.h"
#include "language/accept_language.h"
#include "language/language_file.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What `make install` lays beside an English file that the owner has changed: it has the sentences that are new. */
static const char NEWER_FILE[] = "en.json.new";

enum { OWN, ENGLISH, NEWER, FILES };

/* Leaves room for the name of a file behind it. */
enum { FOLDER_SIZE = PATH_MAX - LANGUAGE_NAME_MAX - 16 };

struct words {
    char folder[FOLDER_SIZE];
    char tag[LANGUAGE_NAME_MAX + 1];
    bool right_to_left;
    struct error fault;                 /* or "" */
    struct language_file *files[FILES]; /* in the order in which they are asked; OWN may be the English one */
    bool is_english;                    /* of OWN */
    bool tried[FILES];
};

/* A file of the folder. A fault of the first that has one is kept for the operator. */
static enum language_result open_file(struct words *words, int place, const char *name) {
    char path[PATH_MAX];
    struct error fault;
    words->tried[place] = true;
    if (snprintf(path, sizeof path, "%s/%s", words->folder, name) >= PATH_MAX)
        return LANGUAGE_ABSENT;
    const enum language_result result = language_file_open(path, &words->files[place], &fault);
    if (result == LANGUAGE_FAULTY && *words->fault.cause == '\0')
        words->fault = fault;
    return result;
}

static enum language_result open_language(struct words *words, const char *name) {
    char file[LANGUAGE_NAME_MAX + sizeof ".json"];
    snprintf(file, sizeof file, "%s.json", name);
    const enum language_result result = open_file(words, OWN, file);
    if (result == LANGUAGE_FOUND) {
        words->is_english = strcmp(name, LANGUAGE_LAST) == 0;
        snprintf(words->tag, sizeof words->tag, "%s", name);
    }
    return result;
}

/* Opens the first of the languages that there is. */
static enum language_result open_accepted(struct words *words, const char *header) {
    struct accepted_languages accepted;
    enum language_result result = LANGUAGE_ABSENT;
    accept_language_read(header, LANGUAGE_LAST, &accepted);
    for (size_t i = 0; i < accepted.count && result != LANGUAGE_FOUND && result != LANGUAGE_NO_MEMORY; i++)
        result = open_language(words, accepted.names[i]);
    return result;
}

static enum language_result open_fixed(struct words *words, const char *name) {
    const enum language_result result = open_language(words, name);
    if (result == LANGUAGE_ABSENT)
        error_set(&words->fault, ERROR_CONFIG, "language: there is no %s/%s.json", words->folder, name);
    return result;
}

/* Takes what the language says of itself. Its tag is a name for machines: a file that says none has its own. */
static void read_nature(struct words *words) {
    struct buffer tag = BUFFER_EMPTY, direction = BUFFER_EMPTY;
    struct language_file *own = words->files[OWN];
    language_file_append(own, "language.tag", &tag);
    language_file_append(own, "language.direction", &direction);
    static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    const char *text = buffer_text(&tag);
    if (*text != '\0' && strspn(text, characters) == strlen(text))
        text_copy(words->tag, sizeof words->tag, text);
    words->right_to_left = strcmp(buffer_text(&direction), "rtl") == 0;
    buffer_free(&tag);
    buffer_free(&direction);
}

static enum error_code open_words(struct words *words, const char *fixed, const char *accepted, struct error *error) {
    enum language_result result = fixed != NULL ? open_fixed(words, fixed) : open_accepted(words, accepted);
    if (result == LANGUAGE_ABSENT || result == LANGUAGE_FAULTY)
        result = open_language(words, LANGUAGE_LAST);
    switch (result) {
    case LANGUAGE_FOUND: read_nature(words); return ERROR_NONE;
    case LANGUAGE_NO_MEMORY: return error_out_of_memory(error);
    case LANGUAGE_FAULTY: return error_set(error, ERROR_CONFIG, "%s", words->fault.cause);
    case LANGUAGE_ABSENT: break;
    }
    return error_set(error, ERROR_CONFIG, "there is no %s/" LANGUAGE_LAST ".json: upload the folder languages/",
                     words->folder);
}

enum error_code words_open(const char *folder, const char *fixed, const char *accepted, struct words **words,
                           struct error *error) {
    struct words *opened = calloc(1, sizeof *opened);
    *words = NULL;
    if (opened == NULL)
        return error_out_of_memory(error);
    enum error_code code = ERROR_CONFIG;
    if (text_copy(opened->folder, sizeof opened->folder, folder))
        code = open_words(opened, fixed, accepted, error);
    else
        error_set(error, code, "the path of languages/ is too long");
    if (code == ERROR_NONE)
        *words = opened;
    else
        words_free(opened);
    return code;
}

/* The file in that place, which is opened when it is first asked for; NULL: there is none. A memory that runs out fails
 * `out`. */
static struct language_file *file_at(struct words *words, int place, struct buffer *out) {
    if (place == ENGLISH && words->is_english)
        return NULL;
    if (!words->tried[place] &&
        open_file(words, place, place == ENGLISH ? LANGUAGE_LAST ".json" : NEWER_FILE) == LANGUAGE_NO_MEMORY)
        out->failed = true;
    return words->files[place];
}

static void note_faulty(struct words *words, const struct language_file *file, const char *key) {
    if (*words->fault.cause == '\0')
        error_set(&words->fault, ERROR_CONFIG,
                  "%s: \"%s\" is empty, longer than %d bytes, no UTF-8, or holds a character or an escape that no "
                  "sentence needs",
                  language_file_path(file), key, LANGUAGE_SENTENCE_MAX);
}

bool words_append(struct words *words, const char *key, struct buffer *out) {
    for (int place = OWN; place < FILES && !out->failed; place++) {
        struct language_file *file = file_at(words, place, out);
        switch (file != NULL ? language_file_append(file, key, out) : LANGUAGE_ABSENT) {
        case LANGUAGE_FOUND: return true;
        case LANGUAGE_FAULTY: note_faulty(words, file, key); break;
        case LANGUAGE_ABSENT:
        case LANGUAGE_NO_MEMORY: break;
        }
    }
    return out->failed;
}

bool words_append_with(struct words *words, const char *key, const struct sentence_value *values, struct buffer *out) {
    struct buffer sentence = BUFFER_EMPTY;
    const bool found = words_append(words, key, &sentence);
    sentence_expand(out, buffer_text(&sentence), values);
    out->failed = out->failed || sentence.failed;
    buffer_free(&sentence);
    return found;
}

const char *words_tag(const struct words *words) {
    return words->tag;
}

const char *words_direction(const struct words *words) {
    return words->right_to_left ? "rtl" : "ltr";
}

const char *words_fault(const struct words *words) {
    return words->fault.cause;
}

void words_free(struct words *words) {
    if (words == NULL)
        return;
    for (int place = OWN; place < FILES; place++)
        language_file_free(words->files[place]);
    free(words);
}
