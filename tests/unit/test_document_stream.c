/* document_stream.c and extended_json.c: documents out of files as `cgi-login users export` and mongoexport write them,
 * in the one form that they have here; what is none is told with its line, and hides no other.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "store/document_stream.h"

#include <stdlib.h>

/* What the file gives: each document as it is printed, or its line and what is wrong, and a newline. */
static char *read_all(const char *text, size_t len) {
    struct buffer seen = BUFFER_EMPTY;
    char *copy = malloc(len + 1);
    memcpy(copy, text, len);
    FILE *file = len != 0 ? fmemopen(copy, len, "r") : fopen("/dev/null", "r");
    struct document_stream stream = document_stream_new(file);
    enum document_result result;
    do {
        cJSON *document;
        result = document_stream_next(&stream, &document);
        char *printed = document != NULL ? json_print(document) : NULL;
        if (result == DOCUMENT_READ)
            buffer_append_format(&seen, "%s\n", printed);
        else if (result != DOCUMENT_END)
            buffer_append_format(&seen, "%zu: %s\n", stream.began, stream.problem);
        json_free_text(printed);
        json_free(document);
    } while (result != DOCUMENT_END && result != DOCUMENT_CUT);
    document_stream_close(&stream);
    fclose(file);
    free(copy);
    char *taken = buffer_take(&seen);
    return taken != NULL ? taken : strdup("");
}

static void documents(void **state) {
    (void)state;
    static const struct {
        const char *text, *seen;
    } rows[] = {{"", ""},
                {"\n \n", ""},
                {"{}", "{}\n"},
                {"{\"a\":1}\n{\"b\":{\"c\":[]}}\n", "{\"a\":1}\n{\"b\":{\"c\":[]}}\n"},
                {"\xEF\xBB\xBF{\"a\":1}\r\n\r\n{\"b\":2}", "{\"a\":1}\n{\"b\":2}\n"},
                {"[{\"a\":1},\n{\"b\":2}]\n", "{\"a\":1}\n{\"b\":2}\n"},
                {"[]\n", ""},
                {"[\n{\n\t\"a\": 1\n},\n{\n\t\"b\": 2\n}\n]", "{\"a\":1}\n{\"b\":2}\n"},
                {"{\"a\":\"}{][,\\\"}\\\\\"}{\"b\":2}", "{\"a\":\"}{][,\\\"}\\\\\"}\n{\"b\":2}\n"},
                /* What is none hides no other. */
                {"{\"a\":1}\nnull\n{\"b\":2}\n", "{\"a\":1}\n2: it is no JSON object\n{\"b\":2}\n"},
                {"_id,name\n{\"b\":2}\n", "1: it is no JSON object\n{\"b\":2}\n"},
                {"{\"a\":}\n{\"b\":2}\n", "1: it is not well-formed JSON\n{\"b\":2}\n"},
                {"{\"a\":\"x\n{\"b\":2}\n", "1: a text in it does not end\n{\"b\":2}\n"},
                {"{\"a\":{\"x\":1}\n{\"b\":2}\n", "1: it has no end\n{\"b\":2}\n"},
                {"{\"a\":[\n{\"x\":1},\n{}]}\n{\"b\":2}\n", "{\"a\":[{\"x\":1},{}]}\n{\"b\":2}\n"},
                {"{\"a\":1,\"a\":2}\n{\"b\":2}\n", "1: it has a member twice\n{\"b\":2}\n"},
                {"{\"a\":\"\\u0000\"}\n{\"b\":\"\\\\u0000\"}\n", "1: it has malformed UTF-8, or a text with a NUL\n"
                                                                 "{\"b\":\"\\\\u0000\"}\n"},
                {"{\"a\":\"\xC3\"}\n{\"b\":2}\n", "1: it has malformed UTF-8, or a text with a NUL\n{\"b\":2}\n"},
                {"{\"b\":2}\n\n{\"a\":\n", "{\"b\":2}\n3: it has no end\n"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *seen = read_all(rows[i].text, strlen(rows[i].text));
        assert_row(same(seen, rows[i].seen), seen);
        free(seen);
    }
}

static void bytes_that_are_no_text(void **state) {
    (void)state;
    static const char text[] = "{\"a\":1}\n\0{\n{\"b\":\0}\n{\"c\":3}";
    char *seen = read_all(text, sizeof text - 1);
    assert_string_equal(seen, "{\"a\":1}\n2: it is no JSON object\n3: it holds a NUL byte\n"
                              "{\"c\":3}\n");
    free(seen);
}

static void a_document_that_is_too_large(void **state) {
    (void)state;
    struct buffer text = {.limit = (size_t)4 << 20};
    buffer_append_text(&text, "{\"a\":\"");
    for (int i = 0; i < 1100; i++)
        buffer_append_format(&text, "%01024d", 0);
    buffer_append_text(&text, "\"}\n{\"b\":2}\n");
    char *seen = read_all(buffer_text(&text), text.len);
    assert_string_equal(seen, "1: it is larger than 1 MiB\n{\"b\":2}\n");
    free(seen);
    buffer_free(&text);
}

/* Each as the value of a member, on its own and in a list. */
static void extended_json(void **state) {
    (void)state;
    static const struct {
        const char *text, *settled;
    } rows[] = {
        {"1", "1"},
        {"-2.5", "-2.5"},
        {"\"text\"", "\"text\""},
        {"9007199254740993", "{\"$numberLong\":\"9007199254740993\"}"},
        {"-9223372036854775808", "{\"$numberLong\":\"-9223372036854775808\"}"},
        {"17841405793187218123", "\"17841405793187218123\""},
        {"{\"$numberInt\":\"3\"}", "3"},
        {"{\"$numberInt\":\"-2147483648\"}", "-2147483648"},
        {"{\"$numberLong\":\"5\"}", "5"},
        {"{\"$numberLong\":\"17841405793187218\"}", "{\"$numberLong\":\"17841405793187218\"}"},
        {"{\"$numberLong\":\"x\"}", "\"x\""},
        {"{\"$numberDouble\":\"2.5\"}", "2.5"},
        {"{\"$numberDouble\":\"5.0\"}", "5"},
        {"{\"$numberDouble\":\"NaN\"}", "{\"$numberDouble\":\"NaN\"}"},
        {"{\"$numberDouble\":\"1e300\"}", "{\"$numberDouble\":\"1e300\"}"},
        {"{\"$numberDouble\":\"\"}", "{\"$numberDouble\":\"\"}"},
        {"{\"$numberDecimal\":\"1.10\"}", "{\"$numberDecimal\":\"1.10\"}"},
        {"{\"$oid\":\"54e6f1b2c3d4e5f60718293a\"}", "{\"$oid\":\"54e6f1b2c3d4e5f60718293a\"}"},
        {"{\"$date\":{\"$numberLong\":\"1424421298123\"}}", "{\"$date\":\"2015-02-20T08:34:58.123Z\"}"},
        {"{\"$date\":1424421298123}", "{\"$date\":\"2015-02-20T08:34:58.123Z\"}"},
        {"{\"$date\":\"2015-02-20T08:34:58.123Z\"}", "{\"$date\":\"2015-02-20T08:34:58.123Z\"}"},
        {"{\"$date\":\"2015-02-20T08:34:58Z\"}", "{\"$date\":\"2015-02-20T08:34:58.000Z\"}"},
        {"{\"$date\":\"2015-02-20T08:34:58.123+0000\"}", "{\"$date\":\"2015-02-20T08:34:58.123Z\"}"},
        {"{\"$date\":\"2015-02-20T10:34:58.123+02:00\"}", "{\"$date\":\"2015-02-20T08:34:58.123Z\"}"},
        {"{\"$date\":\"2015-02-20T03:04:58-0530\"}", "{\"$date\":\"2015-02-20T08:34:58.000Z\"}"},
        {"{\"$date\":{\"$numberLong\":\"-1000\"}}", "{\"$date\":{\"$numberLong\":\"-1000\"}}"},
        {"{\"$date\":-1000}", "{\"$date\":{\"$numberLong\":\"-1000\"}}"},
        {"{\"$date\":\"yesterday\"}", "{\"$date\":\"yesterday\"}"},
        {"{\"$date\":\"2015-02-20T08:34:58+xx\"}", "{\"$date\":\"2015-02-20T08:34:58+xx\"}"},
        {"{\"$date\":\"\"}", "{\"$date\":\"\"}"},
        {"{\"$date\":null}", "{\"$date\":null}"},
        {"{\"$binary\":\"AAEC\",\"$type\":\"00\"}", "{\"$binary\":{\"base64\":\"AAEC\",\"subType\":\"00\"}}"},
        {"{\"$binary\":{\"base64\":\"AAEC\",\"subType\":\"04\"}}",
         "{\"$binary\":{\"base64\":\"AAEC\",\"subType\":\"04\"}}"},
        {"{\"$regex\":\"^a\",\"$options\":\"i\"}", "{\"$regularExpression\":{\"pattern\":\"^a\",\"options\":\"i\"}}"},
        {"{\"a\":{\"b\":[{\"$numberInt\":\"1\"},{\"c\":{\"$numberLong\":\"2\"}}]}}", "{\"a\":{\"b\":[1,{\"c\":2}]}}"},
        {"{\"$numberInt\":\"3\",\"x\":1}", "{\"$numberInt\":\"3\",\"x\":1}"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer text = BUFFER_EMPTY, wanted = BUFFER_EMPTY;
        buffer_append_format(&text, "{\"v\":%s,\"w\":[%s,0]}", rows[i].text, rows[i].text);
        buffer_append_format(&wanted, "{\"v\":%s,\"w\":[%s,0]}\n", rows[i].settled, rows[i].settled);
        char *seen = read_all(buffer_text(&text), text.len);
        assert_row(same(seen, buffer_text(&wanted)), seen);
        free(seen);
        buffer_free(&text);
        buffer_free(&wanted);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(documents), cmocka_unit_test(bytes_that_are_no_text),
                                       cmocka_unit_test(a_document_that_is_too_large), cmocka_unit_test(extended_json)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
