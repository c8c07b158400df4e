"""Pages whose scores by the real analyzer are frozen in `yoast_scores.json`: probes, then articles.

Every text is written for these tests. A page that changes loses its numbers: add, never edit.
"""

from __future__ import annotations

import random
from typing import Any

Page = dict[str, Any]

_TYPES = ("post", "page", "product", "taxonomy", "collection")

_SENTENCES = (
    """
The bakery opens at six in the morning.
However, the ovens are lit two hours earlier by the night crew.
Rye flour was milled in the village until 1962.
If the dough feels cold, it needs another hour near the stove.
You can freeze the crust, but fresh fruit is better.
Most apples keep for weeks because their skin is thick.
A sharp knife makes clean slices; a dull one bruises the fruit.
The sugar has been measured, and the butter is cut into small cubes.
Does the filling bubble at the edges?
Then it is done!
Bramley apples, which were bred in Nottinghamshire, turn soft and sharp when they are baked.
For example, one pie of 24 cm feeds eight people.
The lid is brushed with milk before it goes into the oven.
Nobody remembers who wrote the recipe.
Dr. Ames tested forty ovens, and only three of them held their temperature within five degrees.
Set a timer for 35 minutes, turn the tray once, and look at the colour rather than the clock.
It smells of cloves.
It tastes of autumn.
It keeps for three days.
The pastry should rest in a cool place for at least half an hour, although many cooks skip this
step when guests are already sitting at the table.
Cinnamon is optional.
Our grandmother said, “Never trust a pale crust.” She was right.
Cold butter gives flakes, while warm butter gives crumbs.
Prices rose by 3.5 % last year, so we bake smaller pies now.
The U.S. version is sweeter.
We've seen bakers who weigh everything and bakers who weigh nothing at all.
Getting the heat right is harder than it looks…
The well-known apple pie of this street is sold out by noon.
An apple pie needs patience.
Pies of apple and pear were sold side by side.
In short, the oven decides.
Butter, flour, salt – that is all.
The oven door stays closed (this matters more than you think).
First the fruit is peeled; after that, the cores are removed.
""".strip()
    .replace("\nstep", " step")
    .split("\n")
)

_KEYPHRASES = ("apple pie", "the best apple pie", "oven", '"apple pie"', "pastry rest half hour",
               "cold butter", "apple-pie", "who")  # fmt: skip
_TITLES = (
    "Apple pie for beginners",
    "The apple pie of our street",
    "How to bake an apple pie",
    "Cold butter, warm oven and what they do to a crust that nobody remembers the recipe of",
    "Butter in the cold",
    "",
)
_SLUGS = ("apple-pie", "cold-butter", "our-oven", "", "pie-of-the-apple")


def probes() -> dict[str, Page]:  # noqa: C901  (a list of cases, not of decisions)
    """Return pages at and beside the thresholds of each assessment."""
    pages: dict[str, Page] = {}

    def add(name: str, html: str = "<p>Some text here.</p>", **fields: Any) -> None:
        pages[name] = {"html": html, "keyword": "apple pie", **fields}

    for kind, counts in {
        "post": (99, 100, 199, 200, 249, 250, 299, 300, 301, 350, 351),
        "product": (49, 50, 70, 71, 99, 100, 101, 149, 150, 199, 200),
        "taxonomy": (1, 9, 10, 29, 30, 150, 151, 200, 201),
    }.items():
        for count in counts:
            add(f"{kind} of {count} words", f"<p>{_filler(count)}</p>", type=kind)
    for count in (250, 251, 300, 301, 399, 400, 899, 900):
        html = f"<h2>Part</h2><p>{_filler(count)}</p>"
        add(f"cornerstone of {count} words", html, cornerstone=True)
    for kind in ("post", "product"):
        for words in (1, 2, 3, 4, 5, 6, 7, 8, 9):
            keyword = " ".join("alder birch cedar elm fir hazel larch maple oak".split()[:words])
            add(f"{kind} keyphrase of {words}", keyword=keyword, type=kind)
    for total, hits in (
        (40, 1),
        (40, 2),
        (40, 3),
        (60, 2),
        (60, 3),
        (60, 4),
        (150, 1),
        (150, 2),
        (150, 3),
        (150, 4),
        (150, 5),
        (400, 2),
        (400, 8),
        (400, 9),
        (400, 12),
    ):
        text = " ".join(["apple pie."] * hits) + " " + _filler(total - 2 * hits)
        add(f"{hits} hits in {total} words", f"<p>{text.replace('. a', '. A')}</p>")
    for total in (1, 2, 3, 4, 5, 8, 10):
        for hits in range(total + 1):
            heads = ["The apple pie"] * hits + ["Other things"] * (total - hits)
            html = "".join(f"<h2>{head}</h2><p>Text.</p>" for head in heads)
            add(f"{hits} of {total} subheadings", html)
    for total in (1, 2, 4, 5, 6, 7, 8):
        for hits in range(total + 1):
            alts = ["apple pie"] * hits + ["a bowl"] * (total - hits)
            html = "".join(f'<p><img src="a.jpg" alt="{alt}"></p>' for alt in alts)
            add(f"{hits} of {total} alt texts", html)
    for long in range(9):
        text = " ".join(
            f"Word{number} {_filler(20 if number < long else 5)}." for number in range(20)
        )
        for kind in ("post", "product"):
            add(f"{long} of 20 long sentences, {kind}", f"<p>{text}</p>", type=kind)
    for passive in range(9):
        text = " ".join(
            f"Cake{number} was eaten." if number < passive else f"Cook{number} ate cake."
            for number in range(40)
        )
        add(f"{passive} of 40 passive", f"<p>{text}</p>")
    for linked in (7, 8, 9, 11, 12, 13):
        text = " ".join(
            f"Cook{number} {'however' if number < linked else 'often'} ate a cake."
            for number in range(40)
        )
        add(f"{linked} of 40 with transition", f"<p>{text}</p>")
    for length in (1, 120, 121, 156, 157):
        description = ("apple pie " + "x" * length)[:length]
        add(f"description of {length}", description=description)
        add(f"cornerstone description of {length}", description=description, cornerstone=True)
    for hits in range(4):
        add(f"description with {hits}", description="Look: " + "apple pie, " * hits)
    for width in (0, 1, 24, 25, 53, 54, 55):
        add(f"title of {width} letters n", title="n" * width)
    for title in (*_TITLES, "Pie of apple", "Apple pies", "My easy apple pie", "10 apple pie tips"):
        add(f"title {title}", title=title)
    for slug in (*_SLUGS, "apple", "applepie", "pie-apple-tart"):
        add(f"slug {slug}", slug=slug)
    for name, link in {
        "none": "x",
        "internal": '<a href="/a">x</a>',
        "outbound": '<a href="https://o.example/">x</a>',
        "nofollow": '<a href="https://o.example/" rel="nofollow">x</a>',
        "mixed": '<a href="https://o.example/" rel="nofollow">x</a> <a href="https://p.example">y</a>',
        "fragment": '<a href="#a">x</a>',
        "mail": '<a href="mailto:a@b.example">x</a>',
        "competing": '<a href="/a">The apple pie</a>',
        "not competing": '<a href="/a">apple pie recipe</a>',
        "self": '<a href="https://ex.example/pie/">apple pie</a>',
    }.items():
        add(f"link {name}", f"<p>See {link} there.</p>", permalink="https://ex.example/pie/")
    for name, html in {
        "one sentence": "<p>An apple makes a pie.</p>",
        "two sentences": "<p>An apple. A pie.</p>",
        "second paragraph": "<p>Hello.</p><p>Apple pie.</p>",
        "after a caption": (
            "<figure><img src='a'><figcaption>No.</figcaption></figure><p>Apple pie.</p>"
        ),
        "list": "<ul><li>Apple pie</li></ul><p>Hello.</p>",
        "synonym": "<p>A fruit tart.</p>",
        "quotation": "<blockquote><p>Apple pie.</p></blockquote><p>Hello.</p>",
    }.items():
        add(f"introduction: {name}", html, synonyms="fruit tart")
    for name, html in {
        "two": "<p>Cats sleep. Cats eat. Dogs run.</p>",
        "three": "<p>Cats sleep. Cats eat. Cats run.</p>",
        "articles": "<p>The cat sleeps. The dog eats. The cow runs.</p>",
        "same after articles": "<p>The cat sleeps. The cat eats. The cat runs.</p>",
        "list": "<ul><li>Cats sleep.</li><li>Cats eat.</li><li>Cats run.</li></ul>",
    }.items():
        add(f"beginnings: {name}", html)
    add("two H1", "<h1>One</h1><p>Text.</p><h1>Two</h1>")
    add("no text", "")
    add("no keyphrase", keyword="")
    add("only function words", keyword="the of")
    add("front page", isFrontPage=True, slug="x")
    return pages


def articles() -> dict[str, Page]:
    """Return sixty pages of all types, put together from the same sentences in many ways."""
    return {f"article {number}": _article(random.Random(number)) for number in range(60)}


def _article(dice: random.Random) -> Page:
    parts: list[str] = []
    for number in range(dice.randint(3, 14)):
        if number and dice.random() < 0.35:
            level = dice.choice((2, 2, 3, 4))
            parts.append(f"<h{level}>{dice.choice(_TITLES) or 'A pie'}</h{level}>")
        parts.append(_part(dice))
    return {
        "html": dice.choice(("\n", "", "\r\n")).join(parts),
        "keyword": dice.choice(_KEYPHRASES),
        "synonyms": dice.choice(("", "pear, tart")),
        "title": dice.choice(_TITLES),
        "description": " ".join(dice.sample(_SENTENCES, dice.randint(0, 4))),
        "slug": dice.choice(_SLUGS),
        "permalink": "https://ex.example/pie/",
        "type": dice.choice(_TYPES),
        "cornerstone": dice.random() < 0.3,
    }


def _part(dice: random.Random) -> str:
    chosen = dice.choices(_SENTENCES, k=dice.randint(1, 9))
    text = " ".join(chosen)
    kind = dice.random()
    if kind < 0.1:
        return "<ul>" + "".join(f"<li>{one}</li>" for one in chosen) + "</ul>"
    if kind < 0.16:
        return f"<blockquote><p>{text}</p></blockquote>"
    if kind < 0.22:
        cells = "".join(f"<td>{one}</td>" for one in chosen[:3])
        return f"<table><tbody><tr>{cells}</tr></tbody></table>"
    if kind < 0.32:
        alt = dice.choice(("apple pie", "a bowl", "", "oven"))
        return f'<figure><img src="a.jpg" alt="{alt}"><figcaption>{chosen[0]}</figcaption></figure>'
    if kind < 0.4:
        return f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->"
    if kind < 0.45:
        return f"<div>{text}<br><br>{chosen[0]}</div>"
    if kind < 0.5:
        return text.replace("oven", "<code>oven</code>")
    for word in dice.sample(("oven", "butter", "dough", "apple pie", "fruit"), 2):
        opening, closing = dice.choice(
            (
                ("<strong>", "</strong>"),
                ('<a href="/more/">', "</a>"),
                ('<a href="https://o.example/" rel="nofollow">', "</a>"),
                ("<q>", "</q>"),
                ("&nbsp;", "&nbsp;"),
            )
        )
        text = text.replace(word, f"{opening}{word}{closing}", 1)
    return f"<p>{text}</p>"


def _filler(count: int) -> str:
    return " ".join(f"w{number % 7}" for number in range(count))
