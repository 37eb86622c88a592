"""Each capability with its cases, which are in `test_<capability>_cases.py` beside this file."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pytest_cases import parametrize_with_cases

from connector_sdk.testing import (
    ResponseBodyMap,
    as_reply,
    call,
    capability_of,
    case_faults,
    gather_cases,
    mock_requests,
)
from demo_connector.integration import integration

CASES = Path(__file__).parent
CONNECTION = json.loads((CASES.parent / "connection.json").read_text(encoding="utf-8"))


@parametrize_with_cases(
    ["args", "response_body_map", "expected_response"], cases=gather_cases(integration, CASES)
)
def test_a_capability_answers_as_its_case_says(
    args: BaseModel,
    response_body_map: ResponseBodyMap,
    expected_response: BaseModel,
    current_cases: dict[str, Any],
) -> None:
    """With the app's responses of the case, the capability gives the reply of the case."""
    capability = capability_of(current_cases["args"].func)

    with mock_requests(response_body_map):
        reply = call(integration, capability, args, connection=CONNECTION)

    assert as_reply(expected_response) == reply


def test_every_capability_has_a_case() -> None:
    """No registered capability is without a case, and no case without a registered capability."""
    assert [] == case_faults(integration, CASES)
