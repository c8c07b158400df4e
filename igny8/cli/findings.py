"""Findings of a check on a terminal and as JUnit, SARIF and CSV. What is found, others say."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from igny8 import __version__
from igny8.core.errors import UsageError
from igny8.core.findings import Finding, Rule, Severity
from igny8.safety.csv import cell

FORMATS = ("table", "json", "csv", "junit", "sarif")
NEVER = "never"
THRESHOLDS = (*(severity.value for severity in Severity), NEVER)

_FIELDS = ("rule", "severity", "path", "line", "message", "hint")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: "note"}
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def threshold(name: str) -> Severity | None:
    """Return the severity that makes a check fail; None for `never`. Raises UsageError."""
    if name == NEVER:
        return None
    for severity in Severity:
        if severity.value == name:
            return severity
    raise UsageError(f"`{name}` is no severity", hint=f"one of {', '.join(THRESHOLDS)}")


def fails(findings: Iterable[Finding], limit: Severity | None) -> bool:
    """Whether any finding is as bad as `limit`."""
    return limit is not None and any(finding.severity.reaches(limit) for finding in findings)


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """Return how many findings there are of each severity."""
    found = {severity.value: 0 for severity in Severity}
    for finding in findings:
        found[finding.severity.value] += 1
    return found


def summary(findings: Sequence[Finding], looked_at: str) -> str:
    """Return the one line that ends a listing."""
    if not findings:
        return f"{looked_at}: nothing to mend"
    parts = [
        f"{count:,} {name}{'s' if count != 1 else ''}"
        for name, count in counts(findings).items()
        if count
    ]
    return f"{looked_at}: {', '.join(parts)}"


def lines(findings: Sequence[Finding], rules: Sequence[Rule], limit: int) -> list[str]:
    """List findings for people: by rule, numbered, at most `limit` of each rule (0: all)."""
    known = {rule.id: rule for rule in rules}
    shown: list[str] = []
    number = 0
    for rule_id, group in groupby(findings, key=lambda finding: finding.rule):
        found = list(group)
        rule = known[rule_id]
        shown.append(f"{rule.severity.value}  {rule_id}  {rule.summary} ({len(found):,})")
        for finding in found[:limit] if limit else found:
            number += 1
            place = f"{finding.path}:{finding.line}" if finding.line else finding.path
            shown.append(f"  {number}. {place}  {finding.message}")
            if finding.hint != rule.hint:
                shown.append(f"     hint: {finding.hint}")
        if limit and len(found) > limit:
            shown.append(f"     and {len(found) - limit:,} more; --limit 0 shows all")
        shown.append(f"  hint: {rule.hint}\n")
    return shown


def as_csv(findings: Iterable[Finding]) -> str:
    """Return findings as CSV with a header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_FIELDS)
    for each in findings:
        row = (each.rule, each.severity.value, each.path, each.line, each.message, each.hint)
        writer.writerow(["" if value is None else cell(value) for value in row])
    return out.getvalue().rstrip("\n")


def as_junit(
    findings: Sequence[Finding], rules: Sequence[Rule], *, suite: str, limit: Severity | None
) -> str:
    """Return a JUnit report: a case for each finding, and for each rule that nothing breaks.

    A finding that is not as bad as `limit` passes, and says what it found in `system-out`.
    """
    cases: list[str] = []
    broken = {finding.rule for finding in findings}
    failure_count = 0
    for finding in findings:
        place = f"{finding.path}:{finding.line}" if finding.line else finding.path
        name = f"{place} {finding.message}"
        text = f"{finding.severity.value}: {place}: {finding.message}\nhint: {finding.hint}"
        if limit is not None and finding.severity.reaches(limit):
            failure_count += 1
            inner = (
                f"<failure type={_quoted(finding.severity.value)} "
                f"message={_quoted(finding.message)}>{_escaped(text)}</failure>"
            )
        else:
            inner = f"<system-out>{_escaped(text)}</system-out>"
        line = f' line="{finding.line}"' if finding.line else ""
        cases.append(
            f"<testcase classname={_quoted(finding.rule)} name={_quoted(name)} "
            f"file={_quoted(finding.path)}{line}>{inner}</testcase>"
        )
    cases += [
        f"<testcase classname={_quoted(rule.id)} name={_quoted(rule.summary)}/>"
        for rule in rules
        if rule.id not in broken
    ]
    totals = f'tests="{len(cases)}" failures="{failure_count}" errors="0" skipped="0"'
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            f"<testsuites name={_quoted(suite)} {totals}>",
            f"<testsuite name={_quoted(suite)} {totals}>",
            *cases,
            "</testsuite>",
            "</testsuites>",
        ]
    )


def as_sarif(findings: Sequence[Finding], rules: Sequence[Rule], *, folder: str = "") -> str:
    """Return a SARIF 2.1.0 log. `folder` is what paths are below, seen from the repository."""
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "igny8",
                "version": __version__,
                "rules": [_sarif_rule(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(each, numbers[each.rule], folder) for each in findings],
    }
    log = {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _sarif_rule(rule: Rule) -> Mapping[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.hint},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _sarif_result(finding: Finding, number: int, folder: str) -> Mapping[str, Any]:
    uri = quote(str(PurePosixPath(folder, finding.path)))
    same = "\0".join((finding.rule, finding.path, finding.message))
    return {
        "ruleId": finding.rule,
        "ruleIndex": number,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}. {finding.hint}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri},
                    "region": {"startLine": finding.line or 1},
                }
            }
        ],
        # So that a finding is known again when the lines above it change.
        "partialFingerprints": {"igny8/v1": hashlib.sha256(same.encode()).hexdigest()[:32]},
    }


def _escaped(text: str) -> str:
    return escape(_NOT_IN_XML.sub("�", text))


def _quoted(text: str) -> str:
    return quoteattr(_NOT_IN_XML.sub("�", text))
