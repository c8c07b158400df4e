from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from plan_function import (
    BRIEF,
    NOW,
    PLAN,
    Brief,
    MakeRunner,
    Plan,
    PlanFunction,
    title_says_topic,
)

from igny8.ai import (
    EmbeddedProvider,
    FakeProvider,
    Reply,
    Request,
    Runner,
    TextProvider,
    UnusableReply,
    Usage,
)
from igny8.core.clock import Clock
from igny8.core.errors import AIError, AIOutputError, AIRefused, ConfigError

GOOD = PLAN.model_dump_json()


def test_the_embedded_provider_answers_with_the_slices_engine_and_writes_nothing(
    function: PlanFunction, runner: MakeRunner, replies: Path
) -> None:
    answer = runner(EmbeddedProvider()).run(function, BRIEF, request_id="req_1")
    assert answer.output == Plan(title="Bike Lights", sections=PLAN.sections)
    assert answer.usage == Usage(0, 0, 0, is_estimated=False)
    assert (answer.made_with.provider, answer.made_with.model) == ("embedded", None)
    assert not replies.exists()


def test_a_request_carries_the_rendered_prompt_and_its_parameters(
    function: PlanFunction, runner: MakeRunner
) -> None:
    provider = FakeProvider(PLAN)
    answer = runner(provider).run(function, BRIEF, request_id="req_1")
    [request] = provider.history
    assert [message.role for message in request.messages] == ["system", "user"]
    assert (request.temperature, request.max_output_tokens) == (0.4, 900)
    assert request.request_id == "req_1"
    assert request.schema["required"] == ["title", "sections"]
    assert answer.made_with.function == "planner.plan-page"
    assert (answer.made_with.prompt_version, answer.made_with.model) == ("7", "fake-1")
    assert answer.attempts == 1


@pytest.mark.parametrize(
    "text", [f"```json\n{GOOD}\n```", f"```\n{GOOD}```", f"  \n```JSON \r\n{GOOD}\r\n```\n"]
)
def test_a_code_fence_around_the_json_is_stripped(
    function: PlanFunction, runner: MakeRunner, text: str
) -> None:
    assert runner(FakeProvider(text)).run(function, BRIEF, request_id="r").output == PLAN


@pytest.mark.parametrize(
    "text",
    [
        f"Sure!\n{GOOD}",
        GOOD[:-1],
        GOOD.replace("text", "poem"),
        GOOD.replace("Why", "Why" * 40),
        f"{GOOD}{GOOD}",
        "",
        "[]",
        "null",
    ],
)
def test_a_reply_that_does_not_fit_is_repaired_once(
    function: PlanFunction, runner: MakeRunner, text: str
) -> None:
    provider = FakeProvider(text, PLAN)
    answer = runner(provider).run(function, BRIEF, request_id="r")
    first, second = provider.history
    assert answer.output == PLAN
    assert answer.attempts == 2
    assert second.messages[:2] == first.messages
    assert second.messages[2].content == text
    assert second.messages[3].content.startswith("Your reply does not fit:\n- ")


def test_the_repair_round_says_where_the_reply_does_not_fit(
    function: PlanFunction, runner: MakeRunner
) -> None:
    provider = FakeProvider(GOOD.replace('"kind":"text"', '"kind":"poem"'), PLAN)
    runner(provider).run(function, BRIEF, request_id="r")
    assert "- sections.0.kind: Input should be 'text' or 'faq'" in (
        provider.history[1].messages[3].content
    )


def test_a_failed_check_goes_into_the_repair_round(
    function: PlanFunction, runner: MakeRunner
) -> None:
    checked = replace(function, checks=(title_says_topic,))
    provider = FakeProvider(PLAN.model_copy(update={"title": "Lamps"}), PLAN)
    answer = runner(provider).run(checked, BRIEF, request_id="r")
    assert answer.output.title == "Bike lights"
    assert "- title: must say 'bike lights'" in provider.history[1].messages[3].content


def test_usage_adds_up_over_the_attempts(function: PlanFunction, runner: MakeRunner) -> None:
    provider = FakeProvider(
        Reply("no", usage=Usage(100, 20, 10)), Reply(GOOD, usage=Usage(150, 30, 90), model="m-2")
    )
    answer = runner(provider).run(function, BRIEF, request_id="r")
    assert answer.usage == Usage(250, 50, 100)
    assert answer.made_with.model == "m-2"


def test_an_estimate_makes_the_sum_an_estimate() -> None:
    assert (Usage(1, 1) + Usage(1, 1, is_estimated=True)).is_estimated


def test_after_one_repair_round_the_error_names_the_saved_replies(
    function: PlanFunction, runner: MakeRunner, replies: Path
) -> None:
    provider = FakeProvider(Reply("not", usage=Usage(9, 1)), Reply("JSON", usage=Usage(9, 2)))
    with pytest.raises(AIOutputError) as caught:
        runner(provider).run(function, BRIEF, request_id="req_1")
    error = caught.value
    assert isinstance(error, UnusableReply)
    assert error.raw_reply is not None
    assert str(error.raw_reply) in error.message
    assert error.usage == Usage(18, 3)
    saved = json.loads(error.raw_reply.read_text())
    assert [reply["text"] for reply in saved["replies"]] == ["not", "JSON"]
    assert saved["function"] == "planner.plan-page"
    assert saved["problems"]
    assert error.raw_reply.stat().st_mode & 0o777 == 0o600
    assert replies.stat().st_mode & 0o777 == 0o700
    assert list(replies.iterdir()) == [error.raw_reply]


def test_a_reply_that_was_cut_off_is_never_repaired(
    function: PlanFunction, runner: MakeRunner
) -> None:
    provider = FakeProvider(Reply(GOOD, finish="length", usage=Usage(9, 900)))
    with pytest.raises(UnusableReply) as caught:
        runner(provider).run(function, BRIEF, request_id="r")
    assert caught.value.code == "ai.cut-off"
    assert "max_output_tokens" in (caught.value.hint or "")
    assert caught.value.usage.output_tokens == 900
    assert caught.value.raw_reply is not None
    assert caught.value.raw_reply.exists()
    assert len(provider.history) == 1


@pytest.mark.parametrize("finish", ["refused", "filtered"])
def test_a_refusal_is_not_asked_again(
    function: PlanFunction, runner: MakeRunner, finish: str
) -> None:
    provider = FakeProvider(Reply("I would rather not.", finish))  # type: ignore[arg-type]
    with pytest.raises(AIRefused, match=r"I would rather not\."):
        runner(provider).run(function, BRIEF, request_id="r")
    assert len(provider.history) == 1


def test_a_refusal_in_the_repair_round_is_a_refusal(
    function: PlanFunction, runner: MakeRunner
) -> None:
    provider = FakeProvider("no", Reply("Never.", "refused"))
    with pytest.raises(AIRefused):
        runner(provider).run(function, BRIEF, request_id="r")


def test_an_embedded_engine_that_answers_badly_leaves_its_reply_too(
    function: PlanFunction, runner: MakeRunner
) -> None:
    broken = replace(
        function,
        checks=(title_says_topic,),
        offline=lambda _: Plan(title="Lamps", sections=PLAN.sections),
    )
    with pytest.raises(UnusableReply) as caught:
        runner(EmbeddedProvider()).run(broken, BRIEF, request_id="r")
    assert caught.value.raw_reply is not None
    assert "Lamps" in caught.value.raw_reply.read_text()


class Killed(BaseException):
    """Stands in for SIGKILL: nothing of ours may catch it."""


def killed_after_the_reply(data: Brief, output: Plan) -> list[str]:
    raise Killed


def test_a_run_killed_after_the_call_does_not_pay_again(
    function: PlanFunction, runner: MakeRunner
) -> None:
    provider = FakeProvider(PLAN)
    with pytest.raises(Killed):
        runner(provider).run(
            replace(function, checks=(killed_after_the_reply,)), BRIEF, request_id="req_1"
        )
    answer = runner(provider).run(function, BRIEF, request_id="req_1")
    assert answer.output == PLAN
    assert answer.usage.output_tokens > 0
    assert len(provider.history) == 1


def test_a_run_that_failed_in_its_repair_round_resumes_there(
    function: PlanFunction, runner: MakeRunner
) -> None:
    provider = FakeProvider("no", AIError("server gone", retryable=True), PLAN)
    with pytest.raises(AIError, match="server gone"):
        runner(provider).run(function, BRIEF, request_id="req_1")
    answer = runner(provider).run(function, BRIEF, request_id="req_1")
    assert (answer.attempts, len(provider.history)) == (2, 3)
    assert provider.history[2].messages == provider.history[1].messages


@pytest.mark.parametrize(
    ("request_id", "topic"), [("req_2", "bike lights"), ("req_1", "bike locks")]
)
def test_another_request_never_gets_the_recorded_reply(
    function: PlanFunction, runner: MakeRunner, request_id: str, topic: str
) -> None:
    provider = FakeProvider(PLAN, PLAN)
    runner(provider).run(function, BRIEF, request_id="req_1")
    data = Brief(site_name="Fernhill", topic=topic)
    runner(provider).run(function, data, request_id=request_id)
    assert len(provider.history) == 2


def test_a_forgotten_request_is_asked_again(function: PlanFunction, runner: MakeRunner) -> None:
    provider = FakeProvider(PLAN, PLAN)
    made = runner(provider)
    made.run(function, BRIEF, request_id="req_1")
    made.forget("req_1")
    made.run(function, BRIEF, request_id="req_1")
    assert len(provider.history) == 2


def test_a_rejected_reply_is_not_taken_up_again(function: PlanFunction, runner: MakeRunner) -> None:
    provider = FakeProvider("no", "no", PLAN)
    with pytest.raises(AIOutputError):
        runner(provider).run(function, BRIEF, request_id="req_1")
    assert runner(provider).run(function, BRIEF, request_id="req_1").output == PLAN


def test_recorded_replies_are_dropped_after_a_week_but_rejected_ones_stay(
    function: PlanFunction, replies: Path
) -> None:
    def run_at(days: int, provider: TextProvider, request_id: str) -> None:
        clock = Clock.fixed(NOW + timedelta(days=days))
        runner = Runner(provider, prompts=lambda *_: None, raw_replies=replies, clock=clock)
        runner.run(function, BRIEF, request_id=request_id)

    with pytest.raises(AIOutputError):
        run_at(0, FakeProvider("no", "no"), "bad")
    run_at(0, FakeProvider(PLAN), "req_1")
    run_at(6, FakeProvider(), "req_1")
    provider = FakeProvider(PLAN)
    run_at(8, provider, "req_1")
    assert len(provider.history) == 1
    run_at(16, FakeProvider(PLAN), "req_2")
    kept = sorted(path.name.split("-")[0] for path in replies.iterdir())
    assert len(kept) == 2
    assert "rejected" in kept


def test_a_journal_file_that_is_not_ours_is_ignored(
    function: PlanFunction, runner: MakeRunner, replies: Path
) -> None:
    runner(FakeProvider(PLAN)).run(function, BRIEF, request_id="req_1")
    [path] = replies.iterdir()
    path.write_text('{"at": "yesterday"}')
    provider = FakeProvider(PLAN)
    runner(provider).run(function, BRIEF, request_id="req_1")
    assert len(provider.history) == 1


def test_a_journal_that_cannot_be_written_stops_before_the_call(
    function: PlanFunction, runner: MakeRunner, replies: Path
) -> None:
    replies.parent.write_text("a file where the folder should be")
    provider = FakeProvider(PLAN)
    with pytest.raises(ConfigError, match="raw replies cannot be kept"):
        runner(provider).run(function, BRIEF, request_id="req_1")
    assert provider.history == []


def test_a_paid_reply_is_used_even_when_the_journal_fails_after_the_call(
    function: PlanFunction, runner: MakeRunner, replies: Path
) -> None:
    def answer_and_break_the_disk(request: Request) -> Plan:
        for path in replies.iterdir():
            path.unlink()
        replies.rmdir()
        replies.write_text("no folder any more")
        return PLAN

    provider = FakeProvider(answer_and_break_the_disk)
    assert runner(provider).run(function, BRIEF, request_id="req_1").output == PLAN


def test_the_fake_provider_fails_the_test_when_nothing_is_queued(
    function: PlanFunction, runner: MakeRunner
) -> None:
    with pytest.raises(AssertionError, match=r"planner\.plan-page was called"):
        runner(FakeProvider()).run(function, BRIEF, request_id="req_1")


def test_the_fake_provider_takes_texts_models_replies_errors_and_functions(
    function: PlanFunction, runner: MakeRunner
) -> None:
    provider = FakeProvider(default="offline")
    provider.enqueue(GOOD, PLAN, Reply(GOOD), lambda request: request.function.offline(BRIEF))
    made = runner(provider)
    titles = [made.run(function, BRIEF, request_id=f"r{n}").output.title for n in range(5)]
    assert titles == ["Bike lights"] * 3 + ["Bike Lights"] * 2
