/* formats.c, plural.c: numbers, dates and plurals as the languages write them.
 * SPDX-License-Identifier: MIT */
#include "folder.h"

#include "language/formats.h"

#define ARABIC_DIGITS "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669"

/* What a language file says of formats, and what comes of it. */
static const struct {
    const char *name, *text;
    const char *numbers; /* of 7, 1234, 12345, 1234567 */
    const char *time;    /* of 2026-03-01T09:05:00Z */
} languages[] = {
    {"en",
     "{\"format.digits\":\"0123456789\",\"format.number.group\":\",\",\"format.number.group_from\":\"4\",\"format."
     "month.3\":"
     "\"March\",\"format.date\":\"{day} {month} "
     "{year}\",\"format.time\":\"{hour}:{minute}\",\"format.date_time\":\"{date}, "
     "{time} UTC\",\"format.am\":\"am\"}",
     "7 1,234 12,345 1,234,567", "1 March 2026, 09:05 UTC"},
    {"es",
     "{\"format.number.group\":\".\",\"format.number.group_from\":\"5\",\"format.month.3\":\"marzo\",\"format.date\":"
     "\"{day} "
     "de {month} de {year}\",\"format.time\":\"{hour_short}:{minute}\"}",
     "7 1234 12.345 1.234.567", "1 de marzo de 2026, 9:05 UTC"},
    {"ja",
     "{\"format.date\":\"{year}\u5e74{month_number}\u6708{day}\u65e5\",\"format.date_time\":\"{date} {time} "
     "(UTC)\"}",
     "7 1,234 12,345 1,234,567", "2026\u5e743\u67081\u65e5 09:05 (UTC)"},
    {"ar",
     "{\"format.digits\":\"" ARABIC_DIGITS "\",\"format.number.group\":\"\u066c\",\"format.time\":\"{hour_12}:{minute} "
     "{half_day}\",\"format.am\":\"\u0635\"}",
     "\u0667 \u0661\u066c\u0662\u0663\u0664 \u0661\u0662\u066c\u0663\u0664\u0665 "
     "\u0661\u066c\u0662\u0663\u0664\u066c\u0665\u0666\u0667",
     "\u0661 March \u0662\u0660\u0662\u0666, \u0669:\u0660\u0665 \u0635 UTC"},
    {"xx", "{\"format.digits\":\"01234\",\"format.number.group_from\":\"many\"}", "7 1,234 12,345 1,234,567",
     "1 March 2026, 09:05 UTC"},
};

static void writes_numbers_and_times(void **state) {
    (void)state;
    struct folder folder;
    folder_make(&folder);
    for (size_t i = 0; i < COUNT(languages); i++) {
        struct words *words;
        struct error error;
        struct buffer numbers = BUFFER_EMPTY, time = BUFFER_EMPTY;
        char file[16];
        snprintf(file, sizeof file, "%s.json", languages[i].name);
        folder_write(&folder, file, languages[i].text, 0600);
        assert_int_equal(words_open(folder.path, languages[i].name, NULL, &words, &error), ERROR_NONE);
        format_number(words, 7, &numbers);
        for (size_t n = 0; n < 3; n++) {
            static const int64_t more[] = {1234, 12345, 1234567};
            buffer_append_char(&numbers, ' ');
            format_number(words, more[n], &numbers);
        }
        format_time(words, 1772355900, &time);
        assert_row(strcmp(buffer_text(&numbers), languages[i].numbers) == 0, buffer_text(&numbers));
        assert_row(strcmp(buffer_text(&time), languages[i].time) == 0, buffer_text(&time));
        buffer_free(&numbers);
        buffer_free(&time);
        words_free(words);
    }
    folder_remove(&folder);
}

static void writes_what_is_large_or_no_time(void **state) {
    (void)state;
    static const struct {
        int64_t number;
        const char *expected;
    } rows[] = {{0, "0"}, {INT64_MAX, "9,223,372,036,854,775,807"}, {-123, "-123"}, {-1234, "-1,234"}};
    static const struct {
        int64_t seconds;
        const char *expected;
    } times[] = {{0, "1 January 1970, 00:00 UTC"},
                 {INT64_MAX, ""},
                 {INT64_MIN, ""},
                 {1798718400, "31 December 2026, 12:00 UTC"}};
    struct words *words;
    struct error error;
    assert_int_equal(words_open("html/languages", "en", NULL, &words, &error), ERROR_NONE);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer out = BUFFER_EMPTY;
        format_number(words, rows[i].number, &out);
        assert_row(strcmp(buffer_text(&out), rows[i].expected) == 0, buffer_text(&out));
        buffer_free(&out);
    }
    for (size_t i = 0; i < COUNT(times); i++) {
        struct buffer out = BUFFER_EMPTY;
        format_time(words, times[i].seconds, &out);
        assert_row(strcmp(buffer_text(&out), times[i].expected) == 0, buffer_text(&out));
        buffer_free(&out);
    }
    words_free(words);
}

static void counts_as_the_rules_say(void **state) {
    (void)state;
    /* Each number's form by its first letter: z(ero) o(ne) t(wo) f(ew) m(any), "-" for other. */
    static const int64_t numbers[] = {0, 1, 2, 3, 5, 11, 12, 21, 22, 25, 100, 101, 102, 103, 111, 112, 122, 1000000};
    static const struct {
        const char *rule, *forms;
    } rows[] = {{"none", "------------------"},   {"one", "-o----------------"},     {"zero_one", "oo----------------"},
                {"polish", "moffmmmmfmmmffmmfm"}, {"russian", "moffmmmofmmoffmmfm"}, {"czech", "-off--------------"},
                {"arabic", "zotffmmmmm---fmmm-"}, {"unknown", "------------------"}};
    struct folder folder;
    folder_make(&folder);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[256];
        struct words *words;
        struct error error;
        struct buffer forms = BUFFER_EMPTY;
        snprintf(text, sizeof text,
                 "{\"format.plural\":\"%s\",\"k.zero\":\"z\",\"k.one\":\"o\",\"k.two\":\"t\",\"k.few\":\"f\",\"k."
                 "many\":\"m\","
                 "\"k.other\":\"-\"}",
                 rows[i].rule);
        folder_write(&folder, "en.json", text, 0600);
        assert_int_equal(words_open(folder.path, "en", NULL, &words, &error), ERROR_NONE);
        for (size_t n = 0; n < COUNT(numbers); n++)
            assert_true(format_counted(words, "k", numbers[n], &forms));
        assert_row(strcmp(buffer_text(&forms), rows[i].forms) == 0, rows[i].rule);
        assert_false(format_counted(words, "none", 1, &forms));
        assert_row((format_plural_forms(rows[i].rule) != NULL) == (strcmp(rows[i].rule, "unknown") != 0), rows[i].rule);
        buffer_free(&forms);
        words_free(words);
    }
    folder_remove(&folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(writes_numbers_and_times),
                                       cmocka_unit_test(writes_what_is_large_or_no_time),
                                       cmocka_unit_test(counts_as_the_rules_say)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
