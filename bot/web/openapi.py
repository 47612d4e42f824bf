"""OpenAPI 3.1 document of the marketplace API.

The snapshot's schema is generated from its model. The rest is written here, and tests validate
every response of the application against it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from bot import __version__
from bot.presentation.api_schema import DOTS, ID_PATTERN, LONGEST_ID, snapshot_schema
from bot.web.problem import MEDIA_TYPE
from state.model.account import PlanId

PATH = "/api/v1/openapi.json"
ONE = "/api/v1/freelancers/{id}"
JsonObject: TypeAlias = dict[str, Any]


def document(plans: Iterable[PlanId]) -> JsonObject:
    """The OpenAPI document; `plans` are the valid plan ids."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Help desk: the marketplace's door", "version": __version__},
        "security": [{"token": []}],
        "paths": {
            ONE: {
                "parameters": [_ID],
                "put": _put(),
                "get": _operation("getSnapshot", "The snapshot held", _ok("Snapshot"), 404),
                "delete": _operation(
                    "forgetFreelancer", "Erase all that is known of them", _NO_CONTENT
                ),
            },
            f"{ONE}/progress": {
                "parameters": [_ID],
                "get": _operation("getProgress", "Where they stand", _ok("Progress"), 404),
            },
            f"{ONE}/link": {
                "parameters": [_ID],
                "post": _operation(
                    "offerLink",
                    "A single-use way to tie a chat to them",
                    {"201": _content("Link", "Valid until `expires_at`, once")},
                ),
            },
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Snapshot": snapshot_schema(plans),
                "Taken": _TAKEN,
                "Progress": _PROGRESS,
                "Link": _LINK,
                "Problem": _PROBLEM,
            },
        },
    }


def _put() -> JsonObject:
    body = {"application/json": {"schema": _ref("Snapshot")}}
    return _operation(
        "putSnapshot",
        "Take in a reading of the account; one that is no newer changes nothing",
        _ok("Taken"),
        *(400, 413, 415, 422),
    ) | {"requestBody": {"required": True, "content": body}}


def _operation(
    name: str, summary: str, good: Mapping[str, JsonObject], *faults: int
) -> JsonObject:
    problems = {str(status): _problem(status) for status in (401, 404, 429, *faults)}
    return {"operationId": name, "summary": summary, "responses": {**good, **problems}}


def _ok(schema: str) -> Mapping[str, JsonObject]:
    return {"200": _content(schema, "Done")}


def _content(schema: str, description: str) -> JsonObject:
    return {
        "description": description,
        "content": {"application/json": {"schema": _ref(schema)}},
    }


def _problem(status: int) -> JsonObject:
    return {
        "description": _WHY[status],
        "headers": _HEADERS.get(status, {}),
        "content": {MEDIA_TYPE: {"schema": _ref("Problem")}},
    }


def _ref(schema: str) -> JsonObject:
    return {"$ref": f"#/components/schemas/{schema}"}


def _object(**properties: JsonObject) -> JsonObject:
    return {"type": "object", "required": list(properties), "properties": properties}


def _or_null(kind: str, **more: object) -> JsonObject:
    return {"type": [kind, "null"], **more}


_WHY = {
    400: "The body is not JSON",
    401: "No token, or an unknown one",
    404: "Nothing is known of them, or this can't be an id",
    413: "The body is too large",
    415: "The body is of another type than application/json",
    422: "A field is wrong; `detail` begins with its path",
    429: "The token asks too often",
}
_TEXT: JsonObject = {"type": "string"}
_WHOLE: JsonObject = {"type": "integer"}
_FLAG: JsonObject = {"type": "boolean"}
_MOMENT: JsonObject = {"type": "string", "format": "date-time"}
_NO_CONTENT = {"204": {"description": "Nothing is known of them any more"}}
_HEADERS = {
    401: {"WWW-Authenticate": {"required": True, "schema": _TEXT}},
    429: {"Retry-After": {"required": True, "schema": {"type": "string", "pattern": "^[0-9]+$"}}},
}
_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {
        "type": "string",
        "pattern": ID_PATTERN,
        "minLength": 1,
        "maxLength": LONGEST_ID,
        "not": {"enum": list(DOTS)},
    },
}
_TAKEN = _object(id=_TEXT, applied=_FLAG)
_LINK = _object(url={"type": "string", "format": "uri"}, code=_TEXT, expires_at=_MOMENT)
_PROBLEM = _object(type=_TEXT, title=_TEXT, status=_WHOLE, detail=_TEXT)
_STEP = _object(
    id=_TEXT,
    status={"enum": ["done", "due", "unknown", "not_needed", "blocked"]},
    connects=_WHOLE,
    missing={"type": "array", "items": _TEXT},
    done_at=_or_null("string", format="date-time"),
    blocked_until=_or_null("string", format="date-time"),
)
_PROGRESS = _object(
    id=_TEXT,
    as_of=_or_null("string", format="date-time"),
    stale=_FLAG,
    plan=_or_null("string"),
    earned=_or_null("integer"),
    allowance=_or_null("integer"),
    undocumented=_WHOLE,
    steps={"type": "array", "items": _STEP},
)
