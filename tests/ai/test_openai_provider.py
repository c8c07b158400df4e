"""The provider and the test server, over a real loopback connection."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

import pytest
from plan_function import BRIEF, PLAN, MakeRunner, Plan, PlanFunction

from igny8.ai import Answer, OpenAIProvider
from igny8.core.errors import AIError, AIOutputError, AIRefused, ConfigError
from igny8.testing.openai_server import (
    Fault,
    OpenAIServer,
    broken_body,
    cut_off,
    dropped,
    failing,
    fenced,
    finished,
    html_page,
    out_of_quota,
    prose,
    rate_limited,
    redirected,
    refused,
    rejected,
    slow,
    truncated,
    uncounted,
)

KEY = "sk-planted-0123456789abcdef"


class Ask:
    """Asks for a plan, with a provider that lives as long as the test."""

    def __init__(self, server: OpenAIServer, runner: MakeRunner, function: PlanFunction) -> None:
        self.server = server
        self.function = function
        self.make_runner = runner
        self.provider = OpenAIProvider(base_url=server.base_url, api_key=KEY, model="test-model")
        self.count = 0

    def __call__(self, provider: OpenAIProvider | None = None) -> Answer[Plan]:
        self.count += 1
        runner = self.make_runner(provider or self.provider)
        return runner.run(self.function, BRIEF, request_id=f"req_{self.count}")

    def fails(self, *faults: Fault, provider: OpenAIProvider | None = None) -> AIError:
        self.server.enqueue(*faults)
        with pytest.raises(AIError) as caught:
            self(provider)
        return caught.value


@pytest.fixture
def server():
    with OpenAIServer(api_key=KEY) as server:
        yield server


@pytest.fixture
def ask(server: OpenAIServer, runner: MakeRunner, function: PlanFunction) -> Ask:
    return Ask(server, runner, function)


def once(server: OpenAIServer, **options: object) -> OpenAIProvider:
    """A provider that does not retry."""
    return OpenAIProvider(
        base_url=server.base_url, api_key=KEY, model="test-model", retries=0, **options
    )


# The good call


def test_a_call_sends_the_prompt_its_parameters_and_the_strict_schema(ask: Ask) -> None:
    answer = ask()
    [body] = ask.server.chats
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("test-model", 0.4, 900)
    assert body["response_format"]["json_schema"]["strict"] is True
    assert body["response_format"]["json_schema"]["name"] == "planner_plan-page"
    assert answer.output.sections[0].kind == "text"
    assert (answer.made_with.provider, answer.made_with.model) == ("openai", "test-model")


def test_usage_is_what_the_server_counted(ask: Ask) -> None:
    usage = ask().usage
    assert usage.input_tokens > usage.output_tokens > 0
    assert not usage.is_estimated


def test_usage_is_estimated_when_the_server_does_not_count(ask: Ask) -> None:
    counted = ask().usage
    ask.server.enqueue(uncounted())
    estimated = ask().usage
    assert estimated.is_estimated
    assert estimated.output_tokens == counted.output_tokens


def test_the_request_id_is_sent_so_that_a_provider_can_find_the_call(ask: Ask) -> None:
    ask()
    assert ask.server.requests[0].headers["x-client-request-id"] == "req_1"


def test_a_request_id_of_any_characters_can_be_sent(
    ask: Ask, runner: MakeRunner, function: PlanFunction
) -> None:
    runner(ask.provider).run(function, BRIEF, request_id="plan:größe\nx" + "y" * 600)
    sent = ask.server.requests[0].headers["x-client-request-id"]
    assert sent.startswith("plan:gr%C3%B6%C3%9Fe%0Axyy")
    assert len(sent) == 512


def test_the_server_gives_the_same_answer_to_the_same_request(ask: Ask) -> None:
    assert ask().output == ask().output


def test_a_test_may_answer_itself(runner: MakeRunner, function: PlanFunction) -> None:
    with OpenAIServer(lambda body: PLAN.model_dump_json()) as server:
        provider = OpenAIProvider(base_url=server.base_url, model="test-model")
        assert runner(provider).run(function, BRIEF, request_id="r").output == PLAN


# Replies that do not fit


@pytest.mark.parametrize("fault", [truncated(), prose()])
def test_a_reply_that_is_no_json_is_repaired_once(ask: Ask, fault: Fault) -> None:
    ask.server.enqueue(fault)
    assert ask().attempts == 2
    assert [message["role"] for message in ask.server.chats[1]["messages"]] == [
        "system",
        "user",
        "assistant",
        "user",
    ]


@pytest.mark.parametrize("fault", [truncated(), prose()])
def test_two_such_replies_are_an_error_that_names_the_raw_reply(ask: Ask, fault: Fault) -> None:
    error = ask.fails(fault, fault)
    assert isinstance(error, AIOutputError)
    path = Path(error.message.rpartition(" ")[2])
    assert len(json.loads(path.read_text())["replies"]) == len(ask.server.chats) == 2


def test_a_fenced_reply_is_taken_as_it_is(ask: Ask) -> None:
    ask.server.enqueue(fenced())
    assert ask().attempts == 1


def test_a_reply_cut_off_at_the_limit_is_not_repaired(ask: Ask) -> None:
    error = ask.fails(cut_off())
    assert (type(error).__name__, error.code) == ("UnusableReply", "ai.cut-off")
    assert len(ask.server.chats) == 1


def test_the_server_cuts_off_at_the_limit_that_the_request_gives(
    ask: Ask, function: PlanFunction
) -> None:
    text = function.prompt.read_text()
    function.prompt.write_text(text.replace("max_output_tokens: 900", "max_output_tokens: 3"))
    assert ask.fails().code == "ai.cut-off"


def test_half_a_surrogate_pair_does_not_break_the_repair_round(
    runner: MakeRunner, function: PlanFunction
) -> None:
    answers = iter(["\ud83d no JSON", PLAN.model_dump_json()])
    with OpenAIServer(lambda body: next(answers)) as server:
        provider = OpenAIProvider(base_url=server.base_url, model="test-model")
        answer = runner(provider).run(function, BRIEF, request_id="r")
    assert (answer.output, answer.attempts) == (PLAN, 2)


def test_a_refusal_is_not_retried(ask: Ask) -> None:
    error = ask.fails(refused("Not that."))
    assert isinstance(error, AIRefused)
    assert "Not that." in error.message
    assert len(ask.server.chats) == 1


def test_a_content_filter_is_a_refusal(ask: Ask) -> None:
    error = ask.fails(finished("content_filter", keep=0))
    assert isinstance(error, AIRefused)
    assert error.code == "ai.filtered"


@pytest.mark.parametrize("reason", [None, "insufficient_system_resource"])
def test_a_reply_without_a_known_finish_reason_is_a_failure(ask: Ask, reason: str | None) -> None:
    error = ask.fails(finished(reason))
    assert (error.code, error.retryable) == ("ai.incomplete", True)


# Calls that fail


def test_a_short_rate_limit_is_waited_for(ask: Ask) -> None:
    ask.server.enqueue(rate_limited("0.01"), rate_limited("0.01"))
    started = time.monotonic()
    ask()
    assert len(ask.server.chats) == 3
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("wait", ["61", "300", "86400"])
def test_a_long_rate_limit_is_reported_and_not_waited_for(ask: Ask, wait: str) -> None:
    error = ask.fails(rate_limited(wait))
    assert (error.code, error.retryable) == ("ai.rate-limited", True)
    assert error.retry_after == float(wait)
    assert len(ask.server.chats) == 1


def test_a_rate_limit_may_name_a_date_which_counts_from_the_servers_clock(ask: Ask) -> None:
    headers = {
        "Date": "Mon, 01 Mar 2027 12:00:00 GMT",
        "Retry-After": "Mon, 01 Mar 2027 12:05:00 GMT",
    }
    limited = rate_limited()
    error = ask.fails(Fault(429, limited.body, {**limited.headers, **headers}))
    assert error.retry_after == 300
    assert len(ask.server.chats) == 1


def test_an_empty_account_stops_at_once_with_a_clear_hint(ask: Ask) -> None:
    error = ask.fails(out_of_quota())
    assert (error.code, error.retryable) == ("ai.quota-exhausted", False)
    assert "out of quota" in error.message
    assert "add money" in (error.hint or "")
    assert len(ask.server.chats) == 1


def test_payment_required_means_the_same(ask: Ask) -> None:
    error = ask.fails(rejected("Insufficient Balance", status=402))
    assert (error.code, error.retryable) == ("ai.quota-exhausted", False)


def test_a_server_error_is_retried(ask: Ask) -> None:
    ask()
    ask.server.enqueue(failing(500))
    ask()
    assert len(ask.server.chats) == 3


@pytest.mark.parametrize("status", [500, 502, 503, 529])
def test_a_server_that_keeps_failing_is_an_error_worth_retrying_later(
    ask: Ask, status: int
) -> None:
    provider = once(ask.server)
    ask(provider)
    error = ask.fails(failing(status), provider=provider)
    assert (error.code, error.retryable) == ("ai.server-failed", True)
    assert str(status) in error.message


def test_a_time_out_is_an_error_worth_retrying_later(ask: Ask) -> None:
    error = ask.fails(slow(5), provider=once(ask.server, timeout=0.2))
    assert (error.code, error.retryable) == ("ai.timeout", True)
    assert "0.2 seconds" in error.message


def test_a_dropped_connection_is_an_error_worth_retrying_later(ask: Ask) -> None:
    error = ask.fails(dropped(), provider=once(ask.server))
    assert (error.code, error.retryable) == ("ai.unreachable", True)


def test_a_dropped_connection_is_retried_first(ask: Ask) -> None:
    ask.server.enqueue(dropped())
    assert ask().attempts == 1
    assert len(ask.server.chats) == 2


def test_a_refused_connection_hints_at_the_base_url_and_doctor(ask: Ask) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    provider = OpenAIProvider(base_url=url, model="test-model", retries=0)
    with pytest.raises(AIError, match="refused") as caught:
        ask(provider)
    assert caught.value.code == "ai.unreachable"
    assert "base_url" in (caught.value.hint or "")
    assert "igny8 doctor" in (caught.value.hint or "")


def test_a_proxys_error_page_is_not_quoted(ask: Ask) -> None:
    error = ask.fails(html_page(502), provider=once(ask.server))
    assert (error.code, error.retryable) == ("ai.server-failed", True)
    assert "<" not in error.message


@pytest.mark.parametrize(
    "fault",
    [
        html_page(200),
        broken_body(),
        Fault(200, b"[]", {"Content-Type": "application/json"}),
        Fault(200, b"{}", {"Content-Type": "application/json"}),
        Fault(200, b'{"choices": []}', {"Content-Type": "application/json"}),
        Fault(200, b'{"choices": ["x"]}', {"Content-Type": "application/json"}),
        Fault(200, b'{"choices": [{"message": 3}]}', {"Content-Type": "application/json"}),
        Fault(200, b'{"error": {"message": "no"}}', {"Content-Type": "application/json"}),
        Fault(200, b'{"choices": null}', {"Content-Type": "application/json"}),
        Fault(200, b'{"choices": {"a": 1}}', {"Content-Type": "application/json"}),
        Fault(200, b'{"choices": [[]]}', {"Content-Type": "application/json"}),
        Fault(200, b'"a string"', {"Content-Type": "application/json"}),
        Fault(200, b"null", {"Content-Type": "application/json"}),
        Fault(200, b"[" * 100_000, {"Content-Type": "application/json"}),
        Fault(200, b"3", {"Content-Type": "application/json"}),
        Fault(200, b"", {"Content-Type": "application/json"}),
        Fault(200, b"\xff\xfe", {"Content-Type": "application/json"}),
    ],
)
def test_an_answer_that_is_not_openais_hints_at_the_base_url(ask: Ask, fault: Fault) -> None:
    error = ask.fails(fault)
    assert error.code == "ai.not-openai"
    assert "base_url" in (error.hint or "")


def test_an_unknown_model_hints_at_the_list_of_models(ask: Ask) -> None:
    provider = OpenAIProvider(base_url=ask.server.base_url, api_key=KEY, model="retired-model")
    error = ask.fails(provider=provider)
    assert (error.code, error.retryable) == ("ai.not-found", False)
    assert "retired-model" in error.message


@pytest.mark.parametrize(
    "fault",
    [
        rejected("max_tokens is too large", code="context_length_exceeded"),
        rejected("The maximum context length is 4096 tokens, max_tokens is too large"),
    ],
)
def test_a_context_that_is_too_long_is_not_negotiated(ask: Ask, fault: Fault) -> None:
    error = ask.fails(fault)
    assert error.code == "ai.too-long"
    assert len(ask.server.chats) == 1


def test_another_bad_request_is_reported_with_the_servers_words(ask: Ask) -> None:
    error = ask.fails(rejected("Your prompt is odd."))
    assert (error.code, error.retryable) == ("ai.rejected", False)
    assert "Your prompt is odd." in error.message
    assert len(ask.server.chats) == 1


def test_a_missing_model_is_a_configuration_error_before_any_call(ask: Ask) -> None:
    with pytest.raises(ConfigError, match="no AI model"):
        ask(OpenAIProvider(base_url=ask.server.base_url))
    assert ask.server.requests == []


# Negotiation


@pytest.mark.parametrize(
    ("objects_to", "structured", "calls"),
    [
        ((), ("json_schema", True), 1),
        (("strict",), ("json_schema", None), 2),
        (("json_schema",), ("json_object", None), 3),
        (("json_schema", "json_object"), (None, None), 4),
    ],
)
def test_structured_outputs_step_down_until_the_server_agrees_and_are_remembered(
    runner: MakeRunner,
    function: PlanFunction,
    objects_to: tuple[str, ...],
    structured: tuple[str | None, bool | None],
    calls: int,
) -> None:
    with OpenAIServer(objects_to=objects_to) as server:
        ask = Ask(server, runner, function)
        first = ask()
        assert len(server.chats) == calls
        assert ask().output == first.output
        assert len(server.chats) == calls + 1
    response_format = server.chats[-1].get("response_format", {})
    strict = response_format.get("json_schema", {}).get("strict")
    assert (response_format.get("type"), strict) == structured
    assert first.attempts == 1


def test_without_structured_outputs_the_schema_stands_in_the_system_message(
    runner: MakeRunner, function: PlanFunction
) -> None:
    with OpenAIServer(objects_to=("json_schema", "json_object")) as server:
        Ask(server, runner, function)()
    system = server.chats[-1]["messages"][0]["content"]
    assert '"additionalProperties": false' in system


def test_a_server_that_fails_on_a_schema_is_asked_without_one(
    runner: MakeRunner, function: PlanFunction
) -> None:
    with OpenAIServer(fails_on_schema=True) as server:
        ask = Ask(server, runner, function)
        provider = once(server)
        assert ask(provider).attempts == 1
        assert ask(provider).attempts == 1
    assert [body["response_format"]["type"] for body in server.chats] == [
        "json_schema",
        "json_object",
        "json_object",
    ]


def test_a_reasoning_model_gets_its_own_token_limit_and_no_temperature(
    runner: MakeRunner, function: PlanFunction
) -> None:
    with OpenAIServer(objects_to=("max_tokens", "temperature")) as server:
        ask = Ask(server, runner, function)
        ask()
        ask()
    assert len(server.chats) == 4
    for body in server.chats[2:]:
        assert body["max_completion_tokens"] == 900
        assert "max_tokens" not in body
        assert "temperature" not in body


def test_an_objection_that_cannot_be_met_ends_the_negotiation(
    runner: MakeRunner, function: PlanFunction
) -> None:
    with OpenAIServer(objects_to=("max_tokens", "max_completion_tokens")) as server:
        error = Ask(server, runner, function).fails()
    assert error.code == "ai.rejected"
    assert len(server.chats) == 2


def test_the_parameter_that_an_objection_names_counts_more_than_its_words(ask: Ask) -> None:
    ask.server.enqueue(rejected("temperature, max_tokens", parameter="response_format"))
    ask()
    assert ask.server.chats[1]["temperature"] == 0.4
    assert ask.server.chats[1]["max_tokens"] == 900
    assert "strict" not in ask.server.chats[1]["response_format"]["json_schema"]


def test_a_dialect_that_did_not_work_is_not_remembered(ask: Ask) -> None:
    words = "temperature must be 1, max_tokens"
    ask.fails(rejected(words), rejected("response_format"), rejected("Your prompt is odd."))
    ask()
    assert ask.server.chats[-1]["temperature"] == 0.4
    assert ask.server.chats[-1]["response_format"]["json_schema"]["strict"] is True


# The key


def test_the_key_goes_to_the_base_url_and_nothing_else_of_this_machine_does(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, f"other-{name}")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer other\nX-Secret: other")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    ask()
    [recorded] = ask.server.requests
    assert recorded.headers["authorization"] == f"Bearer {KEY}"
    assert not any("other" in value for value in recorded.headers.values())
    assert not any(name.startswith("x-stainless") for name in recorded.headers)


def test_without_a_key_none_is_sent_not_even_one_from_the_environment(
    runner: MakeRunner, function: PlanFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with OpenAIServer() as server:
        provider = OpenAIProvider(base_url=server.base_url, model="test-model")
        runner(provider).run(function, BRIEF, request_id="r")
    assert "authorization" not in server.requests[0].headers


def test_a_redirect_is_reported_and_not_followed(ask: Ask) -> None:
    with OpenAIServer() as elsewhere:
        error = ask.fails(redirected(f"{elsewhere.base_url}/chat/completions"))
    assert error.code == "ai.redirected"
    assert elsewhere.requests == []


def test_a_proxy_from_the_environment_never_sees_a_call_over_plain_http(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAIServer() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url.removesuffix("/v1"))
        monkeypatch.setenv("ALL_PROXY", proxy.base_url.removesuffix("/v1"))
        ask()
    assert proxy.requests == []


@pytest.mark.parametrize(
    "fault",
    [
        None,
        rejected(f"Bad key {KEY}", status=401),
        rejected(f"Bad key {KEY}"),
        rate_limited("300"),
        failing(503),
        dropped(),
        html_page(200),
        broken_body(),
        prose(),
        Fault(500, KEY.encode(), {"Content-Type": "text/plain"}),
    ],
)
def test_the_key_is_in_no_log_no_error_and_no_file(
    ask: Ask,
    fault: Fault | None,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("openai", "httpx2", "httpcore2"):
        caplog.set_level(logging.DEBUG, logger=name)
    ask.server.enqueue(fault, fault)
    shown = repr(ask.provider)
    try:
        ask(once(ask.server))
    except AIError as error:
        shown += "".join(traceback.format_exception(error, chain=True)) + str(error.hint)
        assert error.__cause__ is None
        assert error.__context__ is None
    assert ask.server.requests[0].headers["authorization"].endswith(KEY)
    assert KEY not in shown
    assert KEY not in caplog.text
    assert not any(KEY in path.read_text() for path in tmp_path.rglob("*") if path.is_file())


def test_a_wrong_key_that_the_server_quotes_is_masked(
    runner: MakeRunner, function: PlanFunction
) -> None:
    with OpenAIServer(api_key="another-key-entirely") as server:
        error = Ask(server, runner, function).fails()
    assert (error.code, error.retryable) == ("ai.not-authorised", False)
    assert "Incorrect API key provided: [key]." in error.message
    assert "api_key" in (error.hint or "")


@pytest.mark.parametrize(
    "url", ["localhost:11434/v1", "ftp://host/v1", "https://user:secret@host/v1", "http://"]
)
def test_a_base_url_that_cannot_work_is_refused_and_not_quoted(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        OpenAIProvider(base_url=url, model="m")
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schlüssel"])
def test_a_key_that_cannot_be_sent_is_refused_and_not_quoted(key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        OpenAIProvider(api_key=key, model="m")
    assert key not in caught.value.message


def test_the_line_end_of_a_key_file_is_no_part_of_the_key(ask: Ask) -> None:
    ask(OpenAIProvider(base_url=ask.server.base_url, api_key=f"{KEY}\n", model="test-model"))
    assert ask.server.requests[0].headers["authorization"] == f"Bearer {KEY}"


# Probe


def test_probe_lists_the_models_without_asking_one(ask: Ask) -> None:
    ask.server.models = ("zeta", "test-model")
    probe = ask.provider.probe()
    assert probe.models == ("test-model", "zeta")
    assert probe.is_model_listed
    assert probe.has_answered
    assert ask.server.chats == []


def test_probe_makes_one_tiny_call_where_models_are_not_listed(ask: Ask) -> None:
    ask.server.lists_models = False
    probe = ask.provider.probe()
    assert (probe.models, probe.is_model_listed, probe.has_answered) == ((), False, True)
    assert [body["max_tokens"] for body in ask.server.chats] == [16]


def test_probe_is_not_content_with_any_answer_to_its_call(ask: Ask) -> None:
    ask.server.lists_models = False
    ask.server.enqueue(html_page(200))
    with pytest.raises(AIError) as caught:
        ask.provider.probe()
    assert caught.value.code == "ai.not-openai"


def test_probe_needs_no_model(ask: Ask) -> None:
    probe = OpenAIProvider(base_url=ask.server.base_url, api_key=KEY).probe()
    assert (probe.model, probe.is_model_listed) == (None, False)
    assert probe.models == ("test-model",)


def test_probe_of_a_wrong_key_is_an_ai_error() -> None:
    with OpenAIServer(api_key=KEY) as server, pytest.raises(AIError) as caught:
        OpenAIProvider(base_url=server.base_url, api_key="wrong-key-here").probe()
    assert caught.value.code == "ai.not-authorised"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", b"<html>"),
        ("application/json", b"[]"),
        ("application/json", b'{"data": 3}'),
        ("application/json", b"null"),
        ("application/json", b'{"data": ['),
    ],
)
def test_probe_of_a_web_site_is_an_ai_error(kind: str, body: bytes) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(head.encode() + body)

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        with pytest.raises(AIError) as caught:
            OpenAIProvider(base_url=url, model="m").probe()
        thread.join()
    assert caught.value.code == "ai.not-openai"


# The server is honest


def test_the_servers_bodies_fit_the_sdks_own_types(server: OpenAIServer) -> None:
    import openai
    from openai.types import Model
    from openai.types.chat import ChatCompletion

    with openai.OpenAI(base_url=server.base_url, api_key=KEY, max_retries=0) as client:
        chat = client.chat.completions.with_raw_response
        for fault in (None, refused(), cut_off(), fenced(), prose(), uncounted()):
            server.enqueue(fault)
            response = chat.create(model="test-model", messages=[{"role": "user", "content": "?"}])
            ChatCompletion.model_validate_json(response.text, strict=True)
        listed = json.loads(client.models.with_raw_response.list().text)
    assert [Model.model_validate(model, strict=True).id for model in listed["data"]] == [
        "test-model"
    ]


def test_the_sdks_own_parser_reads_an_answer_made_from_its_schema(server: OpenAIServer) -> None:
    import openai

    with openai.OpenAI(base_url=server.base_url, api_key=KEY, max_retries=0) as client:
        completion = client.chat.completions.parse(
            model="test-model", messages=[{"role": "user", "content": "?"}], response_format=Plan
        )
    assert isinstance(completion.choices[0].message.parsed, Plan)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
        {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False},
        {"type": "array", "items": {"type": "string"}},
        {
            "type": "object",
            "properties": {"a": {"type": "string", "default": "b"}},
            "required": ["a"],
            "additionalProperties": False,
        },
    ],
)
def test_the_server_refuses_a_schema_that_is_not_strict(
    server: OpenAIServer, schema: dict[str, object]
) -> None:
    import openai

    with (
        openai.OpenAI(base_url=server.base_url, api_key=KEY, max_retries=0) as client,
        pytest.raises(openai.BadRequestError, match="Invalid schema"),
    ):
        client.chat.completions.create(
            model="test-model",
            messages=[{"role": "user", "content": "?"}],
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "x", "strict": True, "schema": schema},
            },
        )


# The SDK stays away


@pytest.mark.parametrize(
    "code",
    [
        "import igny8.ai",
        "from igny8.ai import OpenAIProvider; OpenAIProvider(api_key='k', model='m')",
        """
from pathlib import Path
from plan_function import BRIEF, plan_function
from igny8.ai import EmbeddedProvider, Runner
from igny8.core.clock import Clock
function = plan_function(Path(folder, "plan.md"))
runner = Runner(EmbeddedProvider(), prompts=lambda *_: None, raw_replies=Path(folder, "r"),
    clock=Clock())
assert runner.run(function, BRIEF, request_id="r").output.title == "Bike Lights"
""",
    ],
)
def test_neither_importing_nor_the_embedded_path_loads_the_sdk(code: str, tmp_path: Path) -> None:
    check = "import sys; assert not {'openai', 'httpx2', 'httpx'} & set(sys.modules)"
    subprocess.run(
        [sys.executable, "-c", f"folder = {str(tmp_path)!r}\n{code}\n{check}"],
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])},
    )
