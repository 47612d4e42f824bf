"""Loaded by schemathesis: what a schema can't say of a snapshot that is put somewhere."""

from typing import Any
from urllib.parse import unquote

import schemathesis


@schemathesis.hook
def map_case(context: Any, case: Any) -> Any:
    """A body is about the freelancer in the address, and of our age."""
    if case.method == "PUT" and isinstance(case.body, dict) and _is_good(case):
        in_address = unquote(case.path_parameters["id"])
        case.body = case.body | {"id": in_address, "as_of": "2026-11-23T09:30:00Z"}
    return case


def _is_good(case: Any) -> bool:
    return bool(case.meta and case.meta.generation.mode.is_positive)
