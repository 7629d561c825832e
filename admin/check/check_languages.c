/* What the files of languages lack, have too much, or say otherwise than the English one.
 * SPDX-License-Identifier: MIT */
#include "admin/check/check_parts.h"

#include "base/text.h"
#include "language/formats.h"
#include "language/language_file.h"
#include "language/sentence.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEYS_SHOWN = 5 };

/* One file that is compared with the English one. */
struct comparison {
    const struct check *check;
    struct language_file *file;
    struct language_file *english; /* of the English one: itself */
    const char *path;
    bool faulty;
};

#define compare_fix(comparison, ...) ((comparison)->faulty = true, check_fix((comparison)->check, __VA_ARGS__))

/* Keys that a file may have beyond the English one's: names of an owner's provider files are in them. */
static bool is_open_ended(const char *key) {
    static const char *const prefixes[] = {"field.", "count.", "account_type.", "account_hint."};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (text_starts_with(key, prefixes[i]))
            return true;
    return false;
}

/* Writes the key of the form "other" of a word that has forms. False for any other key. */
static bool other_form(struct language_file *english, const char *key, char other[LANGUAGE_KEY_MAX + 1]) {
    const char *dot = strrchr(key, '.');
    return dot != NULL &&
           snprintf(other, LANGUAGE_KEY_MAX + 1, "%.*s.other", (int)(dot - key), key) <= LANGUAGE_KEY_MAX &&
           language_file_has(english, other);
}

/* The words of a file that begin with "format." may have the names that format_time knows. */
static bool is_format_name(const struct sentence_part *part) {
    static const char *const names[] = {"day",     "month",  "month_number", "year", "hour", "hour_short",
                                        "hour_12", "minute", "half_day",     "date", "time"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == part->len && memcmp(names[i], part->text, part->len) == 0)
            return true;
    return false;
}

static bool has_name(const char *sentence, const struct sentence_part *name) {
    struct sentence_part part;
    while (sentence_next(&sentence, &part))
        if (part.is_name && part.len == name->len && memcmp(part.text, name->text, part.len) == 0)
            return true;
    return false;
}

/* Tells of names in braces that the English sentence has not, which stand for nothing, and of a brace that is alone. */
static void compare_names(struct comparison *comparison, const char *key, const char *sentence, const char *english) {
    const bool is_format = text_starts_with(key, "format.");
    struct sentence_part part;
    while (sentence_next(&sentence, &part)) {
        if (!part.is_name && memchr(part.text, '{', part.len) != NULL)
            compare_fix(comparison,
                        "%s: \"%s\" has a brace that begins no name; write a name as {name}, or leave it out",
                        comparison->path, key);
        else if (part.is_name && !(is_format ? is_format_name(&part) : has_name(english, &part)))
            compare_fix(comparison,
                        "%s: \"%s\" has {%.*s}, which the English sentence has not, so nothing stands there",
                        comparison->path, key, (int)part.len, part.text);
    }
}

/* Tells of names that the English sentence has and this one has not. */
static void compare_lost_names(const struct comparison *comparison, const char *key, const char *sentence,
                               const char *english) {
    struct sentence_part part;
    while (!text_starts_with(key, "format.") && sentence_next(&english, &part))
        if (part.is_name && !has_name(sentence, &part))
            check_note(comparison->check, "%s: \"%s\" does without {%.*s}, which the English sentence has",
                       comparison->path, key, (int)part.len, part.text);
}

static void compare_sentence(struct comparison *comparison, const char *key) {
    char other[LANGUAGE_KEY_MAX + 1];
    struct buffer sentence = BUFFER_EMPTY, english = BUFFER_EMPTY;
    if (language_file_append(comparison->file, key, &sentence) != LANGUAGE_FOUND) {
        compare_fix(comparison,
                    "%s: \"%s\" is empty, longer than %d bytes, no UTF-8, or holds a character or an escape that no "
                    "sentence needs",
                    comparison->path, key, LANGUAGE_SENTENCE_MAX);
    } else if (language_file_append(comparison->english, key, &english) == LANGUAGE_FOUND) {
        compare_names(comparison, key, buffer_text(&sentence), buffer_text(&english));
        compare_lost_names(comparison, key, buffer_text(&sentence), buffer_text(&english));
    } else if (other_form(comparison->english, key, other) &&
               language_file_append(comparison->english, other, &english) == LANGUAGE_FOUND) {
        compare_names(comparison, key, buffer_text(&sentence), buffer_text(&english));
    } else if (!is_open_ended(key)) {
        check_note(comparison->check, "%s: nothing shows \"%s\"; is it misspelt, or of another version?",
                   comparison->path, key);
    }
    buffer_free(&sentence);
    buffer_free(&english);
}

static bool stands_before(const struct language_file *file, size_t index, const char *key) {
    char before[LANGUAGE_KEY_MAX + 1];
    for (size_t i = 0; i < index; i++)
        if (strcmp(language_file_key(file, i, before), key) == 0)
            return true;
    return false;
}

static void compare_sentences(struct comparison *comparison) {
    char key[LANGUAGE_KEY_MAX + 1];
    for (size_t i = 0; *language_file_key(comparison->file, i, key) != '\0'; i++) {
        if (stands_before(comparison->file, i, key))
            compare_fix(comparison, "%s: \"%s\" stands there twice; remove one", comparison->path, key);
        else
            compare_sentence(comparison, key);
    }
}

/* True if the language's plurals need the English key's form. */
static bool is_needed(const char *const *forms, struct language_file *english, const char *key) {
    char other[LANGUAGE_KEY_MAX + 1];
    if (!other_form(english, key, other) || forms == NULL)
        return true;
    for (; *forms != NULL; forms++)
        if (strcmp(strrchr(key, '.') + 1, *forms) == 0)
            return true;
    return false;
}

static const char *const *forms_of(struct comparison *comparison) {
    struct buffer rule = BUFFER_EMPTY, rules = BUFFER_EMPTY;
    language_file_append(comparison->file, "format.plural", &rule);
    const char *const *forms = format_plural_forms(buffer_text(&rule));
    format_append_plural_rules(&rules);
    if (rule.len != 0 && forms == NULL)
        compare_fix(comparison, "%s: \"format.plural\" is none of the rules there are: %s", comparison->path,
                    buffer_text(&rules));
    buffer_free(&rule);
    buffer_free(&rules);
    return forms;
}

/* Tells in one line what is said in English. */
static void compare_lack(struct comparison *comparison) {
    const char *const *forms = forms_of(comparison);
    char key[LANGUAGE_KEY_MAX + 1];
    struct buffer lacking = BUFFER_EMPTY;
    size_t count = 0;
    for (size_t i = 0; *language_file_key(comparison->english, i, key) != '\0'; i++) {
        if (language_file_has(comparison->file, key) || !is_needed(forms, comparison->english, key))
            continue;
        if (count++ < KEYS_SHOWN)
            buffer_append_format(&lacking, "%s\"%s\"", lacking.len != 0 ? ", " : "", key);
    }
    if (count != 0)
        check_note(comparison->check, "%s lacks %zu sentence%s, said in English instead: %s%s", comparison->path, count,
                   count == 1 ? "" : "s", buffer_text(&lacking), count > KEYS_SHOWN ? " …" : "");
    buffer_free(&lacking);
}

/* Looks for what `make install` laid beside a file that the owner had changed. */
static void compare_newer(const struct comparison *comparison) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s.new", comparison->path) < (int)sizeof path && access(path, F_OK) == 0)
        check_note(comparison->check,
                   "%s lies beside the file that is used; carry over the sentences that are new, then remove it", path);
}

static bool check_file(const struct check *check, const char *path, struct language_file *english) {
    struct comparison comparison = {.check = check, .english = english, .path = path};
    struct error fault;
    const enum language_result result = language_file_open(path, &comparison.file, &fault);
    if (result != LANGUAGE_FOUND) {
        check_fix(check, "%s",
                  result == LANGUAGE_FAULTY ? fault.cause : "out of memory: not every language was checked");
        return false;
    }
    compare_sentences(&comparison);
    compare_lack(&comparison);
    compare_newer(&comparison);
    language_file_free(comparison.file);
    return !comparison.faulty;
}

/* The keys that the programs themselves ask for: without them no template misses anything. */
static bool check_own_keys(const struct check *check, const char *path, struct language_file *english) {
    static const char *const keys[] = {"format.date", "format.time",    "format.date_time", "value.yes",
                                       "value.no",    "device.browser", "device.system",    "device.in_app"};
    size_t lacking = 0;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        lacking += !language_file_has(english, keys[i]) ? 1 : 0;
    for (enum error_code code = ERROR_NONE + 1; code < ERROR_CODES; code++) {
        char key[LANGUAGE_KEY_MAX + 1];
        snprintf(key, sizeof key, "error.%s.title", error_describe(code)->word);
        lacking += !language_file_has(english, key) ? 1 : 0;
        snprintf(key, sizeof key, "error.%s.message", error_describe(code)->word);
        lacking += !language_file_has(english, key) ? 1 : 0;
    }
    if (lacking != 0)
        check_fix(check,
                  "%s lacks %zu sentence%s that the programs need; put the product's own in its place, or carry "
                  "over what it has",
                  path, lacking, lacking == 1 ? "" : "s");
    return lacking == 0;
}

static int is_language(const struct dirent *entry) {
    static const char suffix[] = ".json";
    char name[LANGUAGE_NAME_MAX + 1];
    const size_t len = strlen(entry->d_name);
    if (len < sizeof suffix || len - strlen(suffix) > LANGUAGE_NAME_MAX ||
        strcmp(entry->d_name + len - strlen(suffix), suffix) != 0)
        return 0;
    snprintf(name, sizeof name, "%.*s", (int)(len - strlen(suffix)), entry->d_name);
    return language_name_is_valid(name);
}

static void check_wanted(const struct check *check, const char *folder) {
    char path[PATH_MAX];
    const char *language = check->config->language;
    if (language == NULL || snprintf(path, sizeof path, "%s/%s.json", folder, language) >= (int)sizeof path)
        return;
    if (access(path, F_OK) != 0)
        check_fix(check, "language: there is no %s; name one of the files of that folder, without .json", path);
}

static void check_folder(const struct check *check, const char *folder, struct language_file *english) {
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, is_language, alphasort);
    bool whole = count > 0;
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];
        if (snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name) < (int)sizeof path)
            whole = check_file(check, path, english) && whole;
        free(entries[i]);
    }
    free(entries);
    if (whole)
        check_ok(check, "the files of languages/ are whole");
}

void check_languages(const struct check *check) {
    char folder[PATH_MAX], path[PATH_MAX];
    struct language_file *english;
    struct error fault;
    if (snprintf(folder, sizeof folder, "%s/languages", check->config->home) >= (int)sizeof folder ||
        snprintf(path, sizeof path, "%s/" LANGUAGE_LAST ".json", folder) >= (int)sizeof path)
        return;
    check_wanted(check, folder);
    /* That there is no English one which could be compared with, the line about the templates has said. */
    if (language_file_open(path, &english, &fault) != LANGUAGE_FOUND)
        return;
    if (check_own_keys(check, path, english))
        check_folder(check, folder, english);
    language_file_free(english);
}
