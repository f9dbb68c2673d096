"""What the API refuses, and the error bodies that it answers with."""

from typing import Any

STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"


class ApiError(Exception):
    """A refusal: an HTTP status and a message, in the shape that Google answers with."""

    def __init__(
        self, status: int, message: str, details: list[dict[str, Any]] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = details

    def body(self) -> dict[str, Any]:
        return error_body(self.status, self.message, self.details)


def error_body(
    status: int, message: str, details: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    error: dict[str, Any] = {"code": status, "message": message}
    error["status"] = STATUS_NAMES.get(status, "UNKNOWN")
    if details:
        error["details"] = details
    return {"error": error}


def invalid(message: str) -> ApiError:
    return ApiError(400, message)


def unsupported(feature: str) -> ApiError:
    """Refuse what this server does not model, rather than guess what Google would do."""
    return ApiError(400, f"Unsupported by this test server: {feature}.")


def bad_field(field: str, message: str) -> ApiError:
    """Refuse a request whose JSON does not fit, as Google's JSON parser does."""
    violation = {"field": field, "description": message} if field else {"description": message}
    return ApiError(400, message, [{"@type": BAD_REQUEST, "fieldViolations": [violation]}])


def quota_error(is_read: bool) -> ApiError:
    """The 429 of a user who has used up a minute's requests."""
    kind = "Read" if is_read else "Write"
    message = (
        f"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per minute "
        "per user' of service 'sheets.googleapis.com' for consumer 'project_number:1'."
    )
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {
            "quota_limit": f"{kind}RequestsPerMinutePerUser",
            "quota_limit_value": "60",
            "service": "sheets.googleapis.com",
            "consumer": "projects/1",
        },
    }
    return ApiError(429, message, [info])
