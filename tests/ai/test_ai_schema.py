from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, RootModel

from igny8.ai import strict_schema


class Child(BaseModel):
    title: str = Field("untitled", max_length=60, description="Shown in the menu.")
    rank: int | None = None


class Parent(BaseModel):
    default: str = "a field may be named like a keyword"
    children: list[Child] = Field(min_length=2)
    kind: Literal["page"]


class Tree(BaseModel):
    name: str
    branches: list[Tree] = []


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]


class Owner(BaseModel):
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]


def nodes(schema: Any) -> list[dict[str, Any]]:
    found = [schema] if isinstance(schema, dict) else []
    children = schema.values() if isinstance(schema, dict) else schema
    for child in children:
        if isinstance(child, dict | list):
            found += nodes(child)
    return found


def test_every_object_requires_every_field_and_allows_no_other() -> None:
    objects = [node for node in nodes(strict_schema(Parent)) if node.get("type") == "object"]
    assert len(objects) == 2
    for node in objects:
        assert node["required"] == list(node["properties"])
        assert node["additionalProperties"] is False


def test_a_field_named_like_a_keyword_stays() -> None:
    assert strict_schema(Parent)["properties"]["default"] == {"type": "string"}


def test_limits_that_strict_mode_does_not_know_move_into_the_description() -> None:
    schema = strict_schema(Parent)
    assert schema["$defs"]["Child"]["properties"]["title"] == {
        "type": "string",
        "description": "Shown in the menu. (at most 60 characters)",
    }
    assert schema["properties"]["children"]["description"] == "(at least 2 items)"
    assert "minItems" not in schema["properties"]["children"]


def test_an_optional_field_becomes_nullable_and_required() -> None:
    child = strict_schema(Parent)["$defs"]["Child"]
    assert child["properties"]["rank"] == {"anyOf": [{"type": "integer"}, {"type": "null"}]}
    assert "rank" in child["required"]


def test_a_model_that_contains_itself_has_an_object_as_its_root() -> None:
    schema = strict_schema(Tree)
    assert schema["type"] == "object"
    assert schema["properties"]["branches"]["items"] == {"$ref": "#/$defs/Tree"}
    assert schema["$defs"]["Tree"]["required"] == ["name", "branches"]


def test_a_constant_becomes_an_enum_of_one() -> None:
    assert strict_schema(Parent)["properties"]["kind"] == {"type": "string", "enum": ["page"]}


def test_a_tagged_union_becomes_any_of_without_a_discriminator() -> None:
    pet = strict_schema(Owner)["properties"]["pet"]
    assert pet == {"anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}]}


class FreeDict(BaseModel):
    facts: dict[str, str]


class Pair(BaseModel):
    both: tuple[int, str]


class Anything(BaseModel):
    value: Any


@pytest.mark.parametrize(
    ("model", "place"),
    [
        (FreeDict, "FreeDict.facts: "),
        (Pair, "Pair.both: "),
        (Anything, "Anything.value: "),
        (RootModel[list[int]], "must be an object"),
    ],
)
def test_a_shape_that_strict_mode_cannot_say_is_refused_by_name(
    model: type[BaseModel], place: str
) -> None:
    with pytest.raises(TypeError, match=place):
        strict_schema(model)
