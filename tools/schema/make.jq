# SPDX-License-Identifier: MIT
# Makes providers/schema.json of what `cgi-login help provider --json` prints, with tools/schema/base.json as $base. A key
# refers to the definition of its own name there ("long_lived.url" of an inner one), else to the one of its type.
def reference($path; $row):
    if $base["$defs"][$path] then {"$ref": "#/$defs/\($path)"}
    elif $row.choices then {enum: $row.choices}
    elif $row.type == "line" then {type: "string", minLength: 1, maxLength: $row.maximum}
    elif $row.minimum then {type: "integer", minimum: $row.minimum, maximum: $row.maximum}
    elif $base["$defs"][$row.type] then {"$ref": "#/$defs/\($row.type)"}
    else error("tools/schema/base.json defines no \($row.type), which \($path) is") end;

def required(test): [.[] | select(.required and test) | .key];

def object($prefix): {
    additionalProperties: false,
    required: required(.unless == null),
    properties: (map(. as $row | {key, value: (
        (if .meaning then {description: .meaning} else {} end) +
        (if .members then ({type: "object"} + (.members | object("\($prefix)\($row.key)."))) as $one |
            if .type == "object_list" then {type: "array", items: $one, minItems: 1, maxItems: 4} else $one end
         else reference("\($prefix)\($row.key)"; $row) end))}) | from_entries)
};

map(select(.config_only | not)) |
$base + object("") + {anyOf: [{required: (required(.unless == "issuer") - ["profile_url"])}, {"$ref": "#/$defs/has_issuer"}]}
