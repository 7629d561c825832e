/* template.c: any template over one view. A template without markup characters gives none, whatever the view holds.
 * SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "base/json.h"
#include "http/template.h"

static const cJSON *view(void) {
    static const char text[] = "{\"a\":\"<b>\\\"'&\",\"n\":7,\"l\":[\"<\",\"'\"],\"e\":[],\"o\":{\"k\":\"\\\"\",\"p\":{"
                               "\"q\":\">\"}},\"t\":true,\"f\":false,\"z\":null,\"s\":\"\"}";
    static cJSON *value;
    if (value == NULL)
        json_parse(text, sizeof text - 1, &value, NULL);
    must(value != NULL);
    return value;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char markup[] = "<>\"'";
    struct buffer out = BUFFER_EMPTY;
    struct error error = {""};
    char *text = fuzz_string(data, size);
    const enum error_code code = template_render(text, view(), NULL, &out, &error);
    must((code == ERROR_NONE) == (*error.cause == '\0'));
    for (const char *character = markup; *character != '\0'; character++)
        must(strchr(text, *character) != NULL || strchr(buffer_text(&out), *character) == NULL);
    buffer_free(&out);
    free(text);
    return 0;
}
