/* json.c and json_pointer.c: whatever is accepted prints as JSON that reads back and stays the same; ids and integers
 * of any value; the input also as a JSON Pointer into the value.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/json_pointer.h"
#include "base/text.h"

static void check_text(const char *text) {
    for (size_t at = 0, len = strlen(text), size = 0; at < len; at += size)
        must((size = text_character(text + at, len - at)) != 0);
}

static void visit(const cJSON *value) {
    char id[64];
    int64_t number;
    if (cJSON_IsString(value))
        check_text(value->valuestring);
    if (json_identifier(value, id, sizeof id))
        must(id[0] != '\0' && strlen(id) < sizeof id);
    json_integer(value, &number);
    for (const cJSON *child = value->child; child != NULL; child = child->next)
        visit(child);
}

/* Prints the value, and reads that back. */
static cJSON *read_again(const cJSON *value, char **text) {
    *text = json_print(value);
    must(*text != NULL);
    cJSON *again;
    must(json_parse(*text, strlen(*text), &again, NULL) == JSON_PARSED);
    return again;
}

/* The first reading may turn a long number into its digits; from then on nothing changes any more. */
static void check_round_trip(const cJSON *value) {
    char *first, *second, *third;
    cJSON *again = read_again(value, &first);
    cJSON *once_more = read_again(again, &second);
    cJSON *last = read_again(once_more, &third);
    must(strcmp(second, third) == 0);
    char *const texts[] = {first, second, third};
    cJSON *const values[] = {again, once_more, last};
    for (size_t i = 0; i < 3; i++) {
        json_free_text(texts[i]);
        json_free(values[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *problem = NULL;
    cJSON *value;
    const enum json_result result = json_parse((const char *)data, size, &value, &problem);
    must(result == (value != NULL ? JSON_PARSED : JSON_MALFORMED));
    must(value != NULL || problem != NULL);
    if (value == NULL)
        return 0;
    visit(value);
    json_has_duplicate_key(value, NULL);
    char *pointer = fuzz_string(data, size);
    json_pointer_get(value, pointer);
    json_pointer_first(value, value);
    free(pointer);
    if (size < 4096)
        check_round_trip(value);
    json_free(value);
    return 0;
}
