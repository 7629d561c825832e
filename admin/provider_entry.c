/* SPDX-License-Identifier: MIT */
#include "admin/provider_entry.h"

#include "admin/command.h"
#include "admin/question.h"
#include "base/json.h"
#include "base/text.h"
#include "config/routes.h"

#include <sodium.h>
#include <string.h>

/* What the owner is told. */

/* Appends a step with what is the owner's own in the place of its names. */
static void append_step(struct buffer *out, const struct provider_entry_names *names, const char *step) {
    struct buffer callback = BUFFER_EMPTY;
    buffer_append_text(&callback, names->base_url);
    route_append(&callback, ROUTE_CALLBACK, names->name);
    const struct {
        const char *name, *value;
    } replaced[] = {
        {"{callback_url}", buffer_text(&callback)}, {"{base_url}", names->base_url}, {"{name}", names->name}};
    while (*step != '\0') {
        size_t i = 0;
        while (i < 3 && !text_starts_with(step, replaced[i].name))
            i++;
        if (i < 3)
            buffer_append_text(out, replaced[i].value);
        else
            buffer_append_char(out, *step);
        step += i < 3 ? strlen(replaced[i].name) : 1;
    }
    out->failed = out->failed || callback.failed;
    buffer_free(&callback);
}

static void print_texts(const struct provider_entry_names *names, const cJSON *list, bool numbered) {
    int number = 1;
    for (const cJSON *text = list != NULL ? list->child : NULL; text != NULL; text = text->next) {
        struct buffer shown = BUFFER_EMPTY;
        append_step(&shown, names, text->valuestring);
        if (numbered)
            printf("  %d. ", number++);
        else
            fputs("  - ", stdout);
        command_print_text(stdout, buffer_text(&shown));
        fputc('\n', stdout);
        buffer_free(&shown);
    }
}

void provider_entry_guide(const struct provider_entry_names *names, const struct provider *provider) {
    struct buffer uri = BUFFER_EMPTY;
    command_print_text(stdout, provider->title);
    fputc('\n', stdout);
    if (provider->hurdles != NULL)
        puts("\nWhat stands in the way:");
    print_texts(names, provider->hurdles, false);
    if (provider->register_url != NULL)
        printf("\nRegister an app at %s:\n", provider->register_url);
    else if (provider->register_steps != NULL)
        puts("\nRegister an app at your server:");
    print_texts(names, provider->register_steps, true);
    append_step(&uri, names, "{callback_url}");
    fputs("\nRedirect URI, to the letter:\n\n    ", stdout);
    command_print_text(stdout, buffer_text(&uri));
    fputs("\n\n", stdout);
    buffer_free(&uri);
}

/* What the owner answers. */

static bool ask_into(const char *question, const char *example, bool hidden, struct view *entry, const char *key) {
    char answer[ANSWER_MAX] = "";
    const bool answered = question_ask(question, example, hidden, answer);
    if (answered)
        view_text(entry, key, answer);
    sodium_memzero(answer, sizeof answer);
    return answered;
}

static bool ask_key(struct view *entry) {
    struct view key = view_object(entry, "client_key");
    return ask_into("The key's file", "/home/you/cgi-login/AuthKey_ABC123DEFG.p8", false, &key, "file") &&
           ask_into("The key's id", "ABC123DEFG", false, &key, "id") &&
           ask_into("Who signs: the id of your team", "DEF123GHIJ", false, &key, "issuer");
}

bool provider_entry_ask(const struct provider_entry_names *names, const struct preset *preset, struct view *entry) {
    const struct provider *provider = preset->provider;
    const bool instance = text_equal(preset->address_key, PRESET_INSTANCE);
    if (strcmp(names->name, names->preset) != 0)
        view_text(entry, "preset", names->preset);
    return (preset->address_key == NULL || ask_into(instance ? "The server's address" : "The issuer", provider->address,
                                                    false, entry, preset->address_key)) &&
           ask_into(provider->id_name, NULL, false, entry, "client_id") &&
           (!preset->wants_secret || ask_into(provider->secret_name, NULL, true, entry, "client_secret")) &&
           (!preset->wants_key || ask_key(entry));
}
