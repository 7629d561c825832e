/* SPDX-License-Identifier: MIT */
#include "language/formats.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DIGITS = 10, GROUP_SIZE = 3 };

/* The digits of a language: ten characters, "0123456789" where the file has no ten. */
struct digits {
    char text[DIGITS * 4 + 1];
    const char *at[DIGITS + 1]; /* where each begins, and the end */
};

static bool split_digits(const char *text, struct digits *digits) {
    size_t len = strlen(text), count = 0, at = 0;
    if (!text_copy(digits->text, sizeof digits->text, text))
        return false;
    for (size_t size; count < DIGITS && (size = text_character(digits->text + at, len - at)) != 0; at += size)
        digits->at[count++] = digits->text + at;
    digits->at[DIGITS] = digits->text + at;
    return count == DIGITS && at == len;
}

static void read_digits(struct words *words, struct digits *digits) {
    struct buffer text = BUFFER_EMPTY;
    if (!words_append(words, "format.digits", &text) || !split_digits(buffer_text(&text), digits))
        split_digits("0123456789", digits);
    buffer_free(&text);
}

static void append_digit(struct buffer *out, const struct digits *digits, char digit) {
    const size_t value = (size_t)(digit - '0');
    buffer_append(out, digits->at[value], (size_t)(digits->at[value + 1] - digits->at[value]));
}

/* How many digits a number has at least where they are put into groups. */
static long least_grouped(struct words *words) {
    struct buffer text = BUFFER_EMPTY;
    words_append(words, "format.number.group_from", &text);
    const long least = strtol(buffer_text(&text), NULL, 10);
    buffer_free(&text);
    return least;
}

void format_number(struct words *words, int64_t number, struct buffer *out) {
    char text[32];
    struct digits digits;
    struct buffer separator = BUFFER_EMPTY;
    const int len = snprintf(text, sizeof text, "%" PRId64, number);
    read_digits(words, &digits);
    if (len - (number < 0 ? 1 : 0) >= least_grouped(words))
        words_append(words, "format.number.group", &separator);
    for (int i = 0; i < len; i++) {
        if (i != 0 && (len - i) % GROUP_SIZE == 0 && text[i - 1] != '-')
            buffer_append_text(out, buffer_text(&separator));
        if (text[i] == '-')
            buffer_append_char(out, '-');
        else
            append_digit(out, &digits, text[i]);
    }
    out->failed = out->failed || separator.failed;
    buffer_free(&separator);
}

/* The parts of a date, each as text of its own. */
enum part { DAY, MONTH_NUMBER, YEAR, HOUR, HOUR_SHORT, HOUR_12, MINUTE, PARTS };

struct parts {
    struct buffer text[PARTS];
    struct buffer month, half_day;
};

static void append_digits(struct buffer *out, const struct digits *digits, int number, int width) {
    char text[16];
    snprintf(text, sizeof text, "%0*d", width, number);
    for (const char *digit = text; *digit != '\0'; digit++)
        append_digit(out, digits, *digit);
}

static void make_parts(struct words *words, const struct tm *utc, struct parts *parts) {
    struct digits digits;
    char key[LANGUAGE_KEY_MAX + 1];
    read_digits(words, &digits);
    append_digits(&parts->text[DAY], &digits, utc->tm_mday, 1);
    append_digits(&parts->text[MONTH_NUMBER], &digits, utc->tm_mon + 1, 1);
    append_digits(&parts->text[YEAR], &digits, utc->tm_year + 1900, 1);
    append_digits(&parts->text[HOUR], &digits, utc->tm_hour, 2);
    append_digits(&parts->text[HOUR_SHORT], &digits, utc->tm_hour, 1);
    append_digits(&parts->text[HOUR_12], &digits, (utc->tm_hour + 11) % 12 + 1, 1);
    append_digits(&parts->text[MINUTE], &digits, utc->tm_min, 2);
    snprintf(key, sizeof key, "format.month.%d", utc->tm_mon + 1);
    words_append(words, key, &parts->month);
    words_append(words, utc->tm_hour < 12 ? "format.am" : "format.pm", &parts->half_day);
}

/* Frees the parts. A memory that had run out for one fails `out`. */
static void free_parts(struct parts *parts, struct buffer *out) {
    for (size_t i = 0; i < PARTS; i++) {
        out->failed = out->failed || parts->text[i].failed;
        buffer_free(&parts->text[i]);
    }
    out->failed = out->failed || parts->month.failed || parts->half_day.failed;
    buffer_free(&parts->month);
    buffer_free(&parts->half_day);
}

void format_time(struct words *words, int64_t seconds, struct buffer *out) {
    const time_t time = (time_t)seconds;
    struct tm utc;
    struct parts parts = {.month = BUFFER_EMPTY};
    struct buffer day = BUFFER_EMPTY, clock = BUFFER_EMPTY;
    if (gmtime_r(&time, &utc) == NULL || utc.tm_year < -1900 || utc.tm_year > 9999 - 1900)
        return;
    make_parts(words, &utc, &parts);
    const struct sentence_value values[] = {{"day", buffer_text(&parts.text[DAY])},
                                            {"month", buffer_text(&parts.month)},
                                            {"month_number", buffer_text(&parts.text[MONTH_NUMBER])},
                                            {"year", buffer_text(&parts.text[YEAR])},
                                            {"hour", buffer_text(&parts.text[HOUR])},
                                            {"hour_short", buffer_text(&parts.text[HOUR_SHORT])},
                                            {"hour_12", buffer_text(&parts.text[HOUR_12])},
                                            {"minute", buffer_text(&parts.text[MINUTE])},
                                            {"half_day", buffer_text(&parts.half_day)},
                                            {NULL, NULL}};
    words_append_with(words, "format.date", values, &day);
    words_append_with(words, "format.time", values, &clock);
    const struct sentence_value both[] = {{"date", buffer_text(&day)}, {"time", buffer_text(&clock)}, {NULL, NULL}};
    words_append_with(words, "format.date_time", both, out);
    out->failed = out->failed || day.failed || clock.failed;
    buffer_free(&day);
    buffer_free(&clock);
    free_parts(&parts, out);
}
