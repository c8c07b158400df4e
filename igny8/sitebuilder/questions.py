"""The wizard's questions as values, and how their answers are read and checked. Pure.

One table drives all three ways to answer: questions on a terminal, options, and a YAML file:

business: {name: Fernhill Cycles, phone: +44 113 496 0000}
goals: {starter: local-business}
structure: {without: [/advice/]}
look: {layout: default, brand: '#1f6f54'}
content: {knowledge: notes/}
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from pydantic import ValidationError

from igny8.config.model import SiteIdentity
from igny8.core.errors import InvalidInput, nearest
from igny8.safety import yaml
from igny8.safety.yaml import Place
from igny8.text.slugs import slugify

Answer: TypeAlias = str | tuple[str, ...]
Answers: TypeAlias = Mapping[str, Answer]
"""Key of a question → what was answered; a list where the question asks for one."""


class Step(StrEnum):
    """The wizard's steps, in order; the review comes last and asks nothing new."""

    BUSINESS = "business"
    GOALS = "goals"
    STRUCTURE = "structure"
    LOOK = "look"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `setting` is the key of site.toml that keeps its answer."""

    key: str
    step: Step
    text: str
    help: str
    setting: str = ""
    is_list: bool = False

    @property
    def option(self) -> str:
        """Its option on the command line."""
        return f"--{self.key.replace('_', '-')}"


def _business(key: str, text: str, help_: str, setting: str = "") -> Question:
    return Question(key, Step.BUSINESS, text, help_, setting or f"business.{key}")


QUESTIONS: tuple[Question, ...] = (
    _business("name", "What is the business called?", "The site's name.", "name"),
    _business("tagline", "What does it do, in one sentence?", "One sentence on it.", "tagline"),
    _business("base_url", "At what address will the site be?", "Its address.", "base_url"),
    _business("locale", "In which language is it written?", "Its language, en-GB.", "locale"),
    _business("phone", "What is its phone number?", "Phone number."),
    _business("email", "What is its e-mail address?", "E-mail address."),
    _business("street", "In which street is it, and at what number?", "Street and number."),
    _business("postcode", "What is its postcode?", "Postcode."),
    _business("city", "In which town is it?", "Town."),
    _business("country", "In which country, by two letters?", "Country, GB."),
    Question(
        "opening_hours",
        Step.BUSINESS,
        "When is it open? Such as: Mo-Fr 08:30-18:00, Sa 09:00-13:00",
        "Opening hours, Mo-Fr 08:30-18:00; once for each.",
        "business.opening_hours",
        is_list=True,
    ),
    Question(
        "starter",
        Step.GOALS,
        "What should the site do first of all?",
        "The starter that fits its goal; see `starters`.",
    ),
    Question(
        "without",
        Step.STRUCTURE,
        "Which of these pages should be left out? Paths with commas between",
        "A page of the starter to leave out; once for each.",
        is_list=True,
    ),
    Question("layout", Step.LOOK, "Which layout?", "Its layout; see `layouts`.", setting="layout"),
    Question("preset", Step.LOOK, "Which style?", "Its style preset.", setting="theme.preset"),
    Question("fonts", Step.LOOK, "Which fonts?", "Its pair of fonts.", setting="theme.fonts"),
    Question(
        "brand",
        Step.LOOK,
        "Which colour is the brand's? Such as #1f6f54",
        "The brand's colour, #rrggbb.",
        setting="theme.brand",
    ),
    Question(
        "knowledge",
        Step.CONTENT,
        "Where is what you know of the business? A Markdown file, or a folder of them",
        "Markdown files with what is known of the business.",
    ),
    Question(
        "articles",
        Step.CONTENT,
        "Where is what has been written already? A Markdown or HTML file, or a folder",
        "Markdown or HTML files to import.",
    ),
    Question(
        "keywords",
        Step.CONTENT,
        "Where is a list of keywords? An export of a keyword tool, or a plain list",
        "A keyword tool's export to import.",
    ),
)
BY_KEY: Mapping[str, Question] = {question.key: question for question in QUESTIONS}


def read_answers(text: str, *, file: str) -> dict[str, Answer]:
    """Return the answers of a YAML file. Raises InvalidInput with line and the nearest name."""
    data, place = yaml.load_marked(text, file=file)
    if not isinstance(data, dict | None):
        raise place.error(f"answers are a mapping of {', '.join(Step)}")
    found: dict[str, Answer] = {}
    for step, said in (data or {}).items():
        if step not in set(Step):
            raise _unknown("there is no step", step, list(Step), place.at(step))
        if not isinstance(said, dict | None):
            raise place.at(step).error(f"`{step}` is a mapping of answers")
        keys = [question.key for question in QUESTIONS if question.step == step]
        for key, value in (said or {}).items():
            here = place.at(step, key)
            if key not in keys:
                raise _unknown(f"`{step}` asks for no", key, keys, here)
            found[key] = _read(BY_KEY[key], value, here)
    return found


def write_answers(answers: Answers) -> str:
    """Write answers as `read_answers` reads them."""
    steps: dict[str, dict[str, Any]] = {}
    for question in QUESTIONS:
        if question.key in answers:
            answer = answers[question.key]
            value = list(answer) if isinstance(answer, tuple) else answer
            steps.setdefault(question.step.value, {})[question.key] = value
    return yaml.dump(steps) if steps else ""


def spoken(question: Question, said: str) -> Answer:
    """Return what a person typed: a list's items have commas between them."""
    said = said.strip()
    if not question.is_list:
        return said
    return tuple(part.strip() for part in said.split(",") if part.strip())


def checked(question: Question, answer: Answer, choices: Collection[str] = ()) -> Answer:
    """Return an answer that fits its question. Raises InvalidInput that says what would.

    `choices` are all there is to choose from, where the question has such.
    """
    if question.key == "without":
        return tuple(_path(each) for each in answer)
    if choices and answer not in choices:
        near = nearest(str(answer), choices)
        hint = f"did you mean `{near}`?" if near else f"one of: {', '.join(sorted(choices))}"
        raise InvalidInput(f"{question.option}: there is no `{answer}`", hint=hint)
    if question.setting:
        identity({question.key: answer})
    return answer


def identity(answers: Answers) -> SiteIdentity:
    """Return what site.toml would say of the site. Raises InvalidInput naming the option."""
    tree = settings(answers)
    try:
        return SiteIdentity.model_validate({"name": "site", **tree})
    except ValidationError as error:
        first = error.errors()[0]
        setting = ".".join(str(part) for part in first["loc"] if isinstance(part, str))
        option = next((q.option for q in QUESTIONS if q.setting == setting), setting)
        raise InvalidInput(f"{option}: {first['msg']}", hint=_EXAMPLES.get(option)) from None


_EXAMPLES = {
    "--base-url": "write it as https://fernhill.example",
    "--locale": "write it as en-GB or de",
    "--brand": "write it as #1f6f54",
    "--name": "a business has a name",
}


def settings(answers: Answers) -> dict[str, Any]:
    """Return the answers that site.toml keeps, nested as it has them."""
    tree: dict[str, Any] = {}
    for question in QUESTIONS:
        if question.setting and question.key in answers:
            *tables, last = question.setting.split(".")
            place = tree
            for table in tables:
                place = place.setdefault(table, {})
            place[last] = answers[question.key]
    return tree


def _read(question: Question, value: object, place: Place) -> Answer:
    if question.is_list:
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, str) for part in parts):
            raise place.error(f"`{question.key}` is a list of texts")
        return tuple(parts)
    if isinstance(value, bool | list | dict | None):
        raise place.error(f"`{question.key}` is a text")
    return str(value)


def _path(said: str) -> str:
    parts = [part for part in said.strip("/").split("/") if part]
    if not parts or parts != [slugify(part) for part in parts]:
        raise InvalidInput(f"--without: `{said}` is no page's path", hint="write it as /advice/")
    return f"/{'/'.join(parts)}/"


def _unknown(said: str, name: str, known: Sequence[str], place: Place) -> InvalidInput:
    near = nearest(name, known)
    hint = f"did you mean `{near}`?" if near else f"one of: {', '.join(known)}"
    return place.error(f"{said} `{name}`", hint=hint)
