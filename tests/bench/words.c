/* What the words of a page cost: reading a language's file, and a page of 30 sentences made with it, beside the same
 * page with the sentences in its template. Prints microseconds.
 *   words FOLDER LANGUAGES: the folder of languages, and an Accept-Language header
 * SPDX-License-Identifier: MIT */
#include "http/template.h"
#include "language/language_file.h"
#include "language/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SENTENCES = 30, ROUNDS = 300, PAGES = 50 };

static double microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void render(const char *template, struct words *words) {
    struct buffer page = BUFFER_EMPTY;
    struct error error;
    if (template_render(template, NULL, words, &page, &error) != ERROR_NONE) {
        fprintf(stderr, "words: %s\n", error.cause);
        exit(EXIT_FAILURE);
    }
    buffer_free(&page);
}

static void open_and_render(const char *template, const char *folder, const char *languages) {
    struct words *words;
    struct error error;
    if (words_open(folder, NULL, languages, &words, &error) != ERROR_NONE) {
        fprintf(stderr, "words: %s\n", error.cause);
        exit(EXIT_FAILURE);
    }
    render(template, words);
    words_free(words);
}

/* Takes sentences from all over the file, each third time with markup around it as templates have it. */
static void make_templates(const char *path, struct buffer *keys, struct buffer *text) {
    struct language_file *file;
    struct error fault;
    char key[LANGUAGE_KEY_MAX + 1];
    size_t count = 0;
    if (language_file_open(path, &file, &fault) != LANGUAGE_FOUND)
        exit(EXIT_FAILURE);
    while (*language_file_key(file, count, key) != '\0')
        count++;
    for (size_t i = 0; i < SENTENCES; i++) {
        language_file_key(file, i * count / SENTENCES, key);
        buffer_append_format(keys, "<p class=\"small\">{{\"%s\"}}</p>\n", key);
        buffer_append_text(text, "<p class=\"small\">");
        language_file_append(file, key, text);
        buffer_append_text(text, "</p>\n");
    }
    language_file_free(file);
}

static int compare(const void *a, const void *b) {
    const double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

int main(int count, char **arguments) {
    static double with[ROUNDS], without[ROUNDS];
    struct buffer keys = BUFFER_EMPTY, text = BUFFER_EMPTY, path = BUFFER_EMPTY;
    if (count != 3)
        return EXIT_FAILURE;
    buffer_append_format(&path, "%s/en.json", arguments[1]);
    make_templates(buffer_text(&path), &keys, &text);
    for (size_t round = 0; round < ROUNDS; round++) {
        const double start = microseconds();
        for (size_t page = 0; page < PAGES; page++)
            render(buffer_text(&text), NULL);
        const double between = microseconds();
        for (size_t page = 0; page < PAGES; page++)
            open_and_render(buffer_text(&keys), arguments[1], arguments[2]);
        with[round] = (microseconds() - between) / PAGES;
        without[round] = (between - start) / PAGES;
    }
    qsort(with, ROUNDS, sizeof *with, compare);
    qsort(without, ROUNDS, sizeof *without, compare);
    printf("%.1f with words, %.1f without: %.1f for the words\n", with[ROUNDS / 2], without[ROUNDS / 2],
           with[ROUNDS / 2] - without[ROUNDS / 2]);
    buffer_free(&keys);
    buffer_free(&text);
    buffer_free(&path);
    return EXIT_SUCCESS;
}
