/* The plural rules of languages, as Unicode has them (CLDR, "Language Plural Rules", cardinals of whole numbers).
 * SPDX-License-Identifier: MIT */
#include "language/formats.h"

#include <stdio.h>
#include <string.h>

enum form { ZERO, ONE, TWO, FEW, MANY, OTHER };

static const char *const form_names[] = {"zero", "one", "two", "few", "many", "other"};

static enum form form_none(int64_t number) {
    (void)number;
    return OTHER;
}

static enum form form_one(int64_t number) {
    return number == 1 ? ONE : OTHER;
}

static enum form form_zero_one(int64_t number) {
    return number == 0 || number == 1 ? ONE : OTHER;
}

/* True for what ends in 2, 3 or 4, but for 12, 13 and 14. */
static bool ends_in_few(int64_t number) {
    return number % 10 >= 2 && number % 10 <= 4 && (number % 100 < 12 || number % 100 > 14);
}

static enum form form_polish(int64_t number) {
    return number == 1 ? ONE : ends_in_few(number) ? FEW : MANY;
}

static enum form form_russian(int64_t number) {
    return number % 10 == 1 && number % 100 != 11 ? ONE : ends_in_few(number) ? FEW : MANY;
}

static enum form form_czech(int64_t number) {
    return number == 1 ? ONE : number >= 2 && number <= 4 ? FEW : OTHER;
}

static enum form form_arabic(int64_t number) {
    const int64_t end = number % 100;
    if (number <= 2)
        return number == 0 ? ZERO : number == 1 ? ONE : TWO;
    return end >= 3 && end <= 10 ? FEW : end >= 11 ? MANY : OTHER;
}

static const struct rule {
    const char *name;
    enum form (*form)(int64_t number);
    const char *forms[7]; /* NULL behind the last */
} rules[] = {
    {"none", form_none, {"other"}},
    {"one", form_one, {"one", "other"}},
    {"zero_one", form_zero_one, {"one", "other"}},
    {"polish", form_polish, {"one", "few", "many"}},
    {"russian", form_russian, {"one", "few", "many"}},
    {"czech", form_czech, {"one", "few", "other"}},
    {"arabic", form_arabic, {"zero", "one", "two", "few", "many", "other"}},
};

static const struct rule *find_rule(const char *name) {
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strcmp(rules[i].name, name) == 0)
            return &rules[i];
    return NULL;
}

void format_append_plural_rules(struct buffer *out) {
    const size_t count = sizeof rules / sizeof *rules;
    for (size_t i = 0; i < count; i++)
        buffer_append_format(out, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", rules[i].name);
}

const char *const *format_plural_forms(const char *rule) {
    const struct rule *found = find_rule(rule);
    return found != NULL ? found->forms : NULL;
}

static bool append_form(struct words *words, const char *key, enum form form, struct buffer *out) {
    char whole[LANGUAGE_KEY_MAX + 1];
    return snprintf(whole, sizeof whole, "%s.%s", key, form_names[form]) < (int)sizeof whole &&
           words_append(words, whole, out);
}

bool format_counted(struct words *words, const char *key, int64_t number, struct buffer *out) {
    struct buffer name = BUFFER_EMPTY;
    words_append(words, "format.plural", &name);
    const struct rule *rule = find_rule(buffer_text(&name));
    const enum form form = rule != NULL ? rule->form(number) : OTHER;
    out->failed = out->failed || name.failed;
    buffer_free(&name);
    return append_form(words, key, form, out) || append_form(words, key, OTHER, out);
}
