"""Findings with a place in a file as SARIF 2.1.0, which code hosts and editors show in the code.

OASIS Standard "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec

from launchready_tui.catalogue import Catalogue
from launchready_tui.exports.secrets import SecretFinding, SecretReport
from launchready_tui.text import spelt_json

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {"blocker": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
_SCORES = {"blocker": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "1.0"}
"""As `security-severity`, by which code hosts sort."""


def render(report: SecretReport, catalogue: Catalogue, *, compared: bool) -> str:
    """One run. `compared` with a baseline, each result says whether it is new."""
    codes = sorted({finding.code for finding in report.findings})
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "launchready",
                "semanticVersion": report.version,
                "rules": [_rule(catalogue, code) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the folder that was scanned"}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": gap}} for gap in _gaps(report)
                ],
            }
        ],
        "results": [
            _result(finding, codes.index(finding.code), compared=compared)
            for finding in report.findings
        ],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    text = msgspec.json.format(msgspec.json.encode(log), indent=2).decode()
    return spelt_json(text) + "\n"


def _gaps(report: SecretReport) -> list[str]:
    return [report.items[0].cause] if report.items[0].cause else []


def _rule(catalogue: Catalogue, code: str) -> dict[str, Any]:
    fault = catalogue.fault(code)[1]
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(fault.fix, 1))
    return {
        "id": code,
        "shortDescription": {"text": fault.title},
        "fullDescription": {"text": fault.why},
        "help": {"text": steps},
        "defaultConfiguration": {"level": _LEVELS[fault.severity]},
        "properties": {
            "tags": ["security", "secret"],
            "security-severity": _SCORES[fault.severity],
        },
        **({"helpUri": fault.references[0]} if fault.references else {}),
    }


def _result(finding: SecretFinding, number: int, *, compared: bool) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": number,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.observed}. {' '.join(finding.fix)}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": quote(finding.path, safe="/!$&'()*+,;=@~"),
                        "uriBaseId": "SRCROOT",
                    },
                    "region": {"startLine": max(1, finding.line)},
                }
            }
        ],
        "partialFingerprints": {"launchready/v1": finding.fingerprint},
        "properties": {
            "severity": finding.severity,
            "confidence": finding.confidence,
            "rule": finding.rule,
            "commit": finding.commit,
            "authorDate": finding.author_date,
            "firstExposure": finding.first_exposure,
        },
    }
    if compared:
        result["baselineState"] = "new" if finding.new else "unchanged"
    return result
