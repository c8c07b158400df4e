"""A pydantic model → the JSON schema that strict structured outputs accept. Validates no reply.

Strict mode wants every field required and no others, and knows few keywords. What it does not
know (lengths, ranges, patterns) moves into the description, for the model to read; pydantic checks.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

Schema = dict[str, Any]

_KEPT = ("type", "enum", "description")
_UNSUPPORTED = ("prefixItems", "patternProperties", "not", "if", "allOf")
_LIMITS = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "pattern": "matches {}",
}


def strict_schema(model: type[BaseModel]) -> Schema:
    """Return the strict schema of `model`.

    Raises TypeError, naming the field, for a shape that strict mode cannot say: a free dict, a
    tuple, Any, a root that is no object.
    """
    source = model.model_json_schema()
    definitions: Schema = source.pop("$defs", {})
    if "$ref" in source:  # a model that contains itself
        source = definitions[_target(source)]
    if source.get("type") != "object":
        raise TypeError(f"{model.__name__}: the output of an AI function must be an object")
    strict = _strict(source, model.__name__)
    if definitions:
        strict["$defs"] = {
            name: _strict(definition, name) for name, definition in definitions.items()
        }
    return strict


def _strict(node: Schema, path: str) -> Schema:
    for keyword in _UNSUPPORTED:
        if keyword in node:
            raise TypeError(f"{path}: strict structured outputs do not know `{keyword}`")
    if "$ref" in node:  # no keyword may stand beside a reference
        return {"$ref": node["$ref"]}
    strict = {keyword: node[keyword] for keyword in _KEPT if keyword in node}
    if "const" in node:
        strict["enum"] = [node["const"]]
    branches = node.get("anyOf") or node.get("oneOf")
    if branches:
        strict["anyOf"] = [_strict(branch, path) for branch in branches]
    elif strict.get("type") == "array":
        strict["items"] = _strict(node.get("items", {}), f"{path}[]")
    elif strict.get("type") == "object":
        strict |= _strict_object(node, path)
    elif not strict.keys() & {"type", "enum"}:
        raise TypeError(f"{path}: a field of any type cannot be asked for; give it a type")
    limits = [text.format(node[keyword]) for keyword, text in _LIMITS.items() if keyword in node]
    if limits:
        said = strict.get("description")
        strict["description"] = f"{f'{said} ' if said else ''}({', '.join(limits)})"
    return strict


def _strict_object(node: Schema, path: str) -> Schema:
    if node.get("additionalProperties"):
        raise TypeError(f"{path}: a free dict cannot be asked for; use a list of name and value")
    properties: Schema = node.get("properties", {})
    return {
        "properties": {
            name: _strict(field, f"{path}.{name}") for name, field in properties.items()
        },
        "required": list(properties),
        "additionalProperties": False,
    }


def _target(node: Schema) -> str:
    return str(node["$ref"]).rpartition("/")[2]
