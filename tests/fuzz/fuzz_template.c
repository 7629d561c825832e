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
    const char *problem = NULL;
    struct buffer out = BUFFER_EMPTY;
    char *text = fuzz_string(data, size);
    const bool done = template_render(text, view(), &out, &problem) == TEMPLATE_RENDERED;
    must(done || problem != NULL);
    for (const char *character = markup; *character != '\0'; character++)
        must(strchr(text, *character) != NULL || strchr(buffer_text(&out), *character) == NULL);
    buffer_free(&out);
    free(text);
    return 0;
}
