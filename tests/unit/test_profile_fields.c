/* profile_fields.c: which field a refusal names, what is asked for after it, when nothing is left to leave out, which
 * mapped fields count as asked for, and what the log says.
 * SPDX-License-Identifier: MIT */
#include "sample.h"

#include "oauth/profile_fields.h"

#define REFUSED "(#100) Tried accessing nonexisting field "

static struct {
    cJSON *params, *named_after, *profile;
    struct provider provider;
    struct profile_fields fields;
    struct error error;
} fixture;

static void begin(const char *list, const char *least) {
    cJSON *params = fixture.params = cJSON_CreateObject();
    if (list != NULL)
        assert_true(json_add(params, "fields", cJSON_CreateString(list)));
    fixture.named_after = sample_json("[\"unknown field: \",\"nonexisting field (\"]");
    fixture.profile = sample_json("{\"id\":[\"/sub\",\"/id\"]}");
    fixture.provider = (struct provider){.name = "example",
                                         .profile = fixture.profile,
                                         .profile_params = params,
                                         .field_param = "fields",
                                         .field_least = least,
                                         .field_named_after = fixture.named_after};
    assert_int_equal(profile_fields_begin(&fixture.fields, &fixture.provider, &fixture.error), ERROR_NONE);
}

static void end(void) {
    profile_fields_clear(&fixture.fields);
    json_free(fixture.params);
    json_free(fixture.named_after);
    json_free(fixture.profile);
}

/* Gives the refusals in `words` one after the other, up to a NULL; the lists that are asked for come into `out`. */
static void refuse_all(const char *const *words, struct buffer *out) {
    enum error_code code = ERROR_NONE;
    for (size_t i = 0; code == ERROR_NONE && words[i] != NULL; i++) {
        error_set(&fixture.error, ERROR_FIELD_REFUSED, "refusal %zu", i + 1);
        code = profile_fields_shorten(&fixture.fields, *words[i] != '\0' ? words[i] : NULL, &fixture.error);
        if (code == ERROR_NONE)
            profile_fields_append(&fixture.fields, out);
        else
            buffer_append_text(out, code == ERROR_FIELD_REFUSED ? "end" : "fault");
        buffer_append_char(out, ' ');
    }
}

static void leaves_out_what_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *list, *words[8], *asked;
    } rows[] = {{"id,bio,website", {REFUSED "(website) on node type (IGUser)"}, "id,bio "},
                {"id,bio,website", {REFUSED "(bio)", REFUSED "(website)"}, "id,website id "},
                {"id,bio,website", {"unknown field: bio"}, "id,website "},
                /* Of which nothing is known goes to the least at once. */
                {"id,bio,website", {REFUSED "(websites)"}, "id,name "},
                {"id,bio,website", {REFUSED "()"}, "id,name "},
                {"id,bio,website", {"bio is not there"}, "id,name "},
                {"id,bio,website", {""}, "id,name "},
                {"id,bio,website", {"", ""}, "id,name end "},
                /* After two that are named the rest is not tried one by one. */
                {"id,a,b,c,d", {REFUSED "(a)", REFUSED "(b)", REFUSED "(c)", ""}, "id,b,c,d id,c,d id,name end "},
                /* What was refused does not come back with the least. */
                {"id,name,a", {REFUSED "(name)", ""}, "id,a id "},
                {"id,a", {"", REFUSED "(name)", REFUSED "(name)"}, "id,name id end "},
                {"id,a", {"", REFUSED "(name)", REFUSED "(id)"}, "id,name id end "},
                {"id,a", {REFUSED "(id)"}, "end "},
                {"id,a,b,c,d",
                 {REFUSED "(a)", REFUSED "(b)", "", REFUSED "(name)", REFUSED "(id)"},
                 "id,b,c,d id,c,d id,name id end "},
                /* A field with arguments, and commas in them. */
                {"id,pic.width(9).height(9){url,kind},a", {REFUSED "(a)"}, "id,pic.width(9).height(9){url,kind} "},
                {"id,pic{url,kind},a", {REFUSED "(pic) on node"}, "id,a "},
                {"id,pic{url,kind},a", {REFUSED "(kind) on node"}, "id,name "},
                /* As people write a list. */
                {" id, bio ,\twebsite,,", {REFUSED "(bio)"}, "id,website "},
                {"bio, id,, ", {REFUSED "(bio)"}, "id "},
                {NULL, {REFUSED "(a)"}, "end "}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer asked = BUFFER_EMPTY;
        begin(rows[i].list, "id,name");
        refuse_all(rows[i].words, &asked);
        assert_row(same(buffer_text(&asked), rows[i].asked), buffer_text(&asked));
        buffer_free(&asked);
        end();
    }
}

static void knows_what_is_asked_for(void **state) {
    (void)state;
    static const struct {
        const char *list, *pointers;
        bool asked;
    } rows[] = {{"id,name,pic{url}", "\"/name\"", true},
                {"id,name,pic{url}", "\"/pic/data/url\"", true},
                {"id,name,pic{url}", "\"/url\"", false},
                {"id,name,pic{url}", "\"/nam\"", false},
                {"id,name,pic{url}", "\"/names\"", false},
                {"id,name,pic{url}", "\"\"", false},
                {"id,name,pic{url}", "\"/\"", false},
                {"id,name,pic{url}", "[\"/title\",\"/name\"]", true},
                {"id, name , pic{url}", "\"/name\"", true},
                {"id,name,pic{url}", "[\"/title\",\"/heading\"]", false},
                {NULL, "\"/title\"", true}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *pointers = sample_json(rows[i].pointers);
        begin(rows[i].list, "id");
        assert_row(profile_fields_ask_for(&fixture.fields, pointers) == rows[i].asked, rows[i].pointers);
        end();
        json_free(pointers);
    }
}

static void says_what_was_left_out(void **state) {
    (void)state;
    static const struct {
        const char *words[4], *part;
    } rows[] = {{{REFUSED "(bio)"}, "refusal 1; the profile was read without bio. Put profile_params"},
                {{REFUSED "(bio)", REFUSED "(website)"}, "refusal 1; the profile was read without bio, website. "},
                {{"no"}, "refusal 1; the profile was read with no more than id, name. "},
                {{REFUSED "(bio)", "no"}, "refusal 1; the profile was read with no more than id, name. "}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer asked = BUFFER_EMPTY;
        begin("id,name,bio,website", "id,name");
        refuse_all(rows[i].words, &asked);
        char *remark = profile_fields_remark(&fixture.fields);
        assert_row(contains(remark, rows[i].part), remark);
        assert_row(contains(remark, "\"fields\"") && contains(remark, "providers.example"), remark);
        buffer_free_text(remark);
        buffer_free(&asked);
        end();
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(leaves_out_what_is_refused),
                                       cmocka_unit_test(knows_what_is_asked_for),
                                       cmocka_unit_test(says_what_was_left_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
