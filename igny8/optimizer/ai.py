"""The optimizer's AI function. Its offline answer is `rewriting`."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from igny8.ai.function import AIFunction
from igny8.optimizer.rewriting import losses, rewrite


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OptimizeRequest(_Value):
    """A page and what the analyzer found."""

    locale: str
    entity_type: str
    title: str
    keyphrase: str
    slug: str
    body: str
    body_format: str
    meta_title: str
    meta_description: str
    is_published: bool
    findings: list[str]


class OptimizeReply(_Value):
    """The whole page, improved."""

    body: str
    meta_title: str
    meta_description: str
    changes: list[str]


def _offline(data: OptimizeRequest) -> OptimizeReply:
    done = rewrite(
        data.body,
        title=data.title,
        meta_title=data.meta_title,
        meta_description=data.meta_description,
        keyphrase_text=data.keyphrase,
        slug=data.slug,
        locale=data.locale.replace("-", "_"),
        is_published=data.is_published,
        body_format="html" if data.body_format == "html" else "markdown",
    )
    return OptimizeReply(
        body=done.body,
        meta_title=done.meta_title,
        meta_description=done.meta_description,
        changes=list(done.changes),
    )


def _loses_nothing(data: OptimizeRequest, reply: OptimizeReply) -> list[str]:
    return [f"the body lost: {loss}" for loss in losses(data.body, reply.body)[:5]]


OPTIMIZE_CONTENT = AIFunction(
    name="optimizer.optimize-content",
    input=OptimizeRequest,
    output=OptimizeReply,
    prompt=Path(__file__).with_name("prompts") / "optimize_content.md",
    cost_key="optimization",
    offline=_offline,
    checks=(_loses_nothing,),
)
