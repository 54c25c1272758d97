"""An HTTP service: advice on one ticket, health, readiness, and a guarded swap of the model.

Run it with ``uvicorn --factory fastapi_service:create_app``; its page of endpoints stands under ``/docs``.

- ``COMPLAINT_TYPING_MODELS``: a folder of model folders that may be swapped in.
- ``COMPLAINT_TYPING_TOKEN``: what a caller must show to swap; without it nobody can.
"""

from __future__ import annotations

import hmac
import os
import re
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Header, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from complaint_typing import AdvisorHandle, ComplaintTypingError, advice_schema
from complaint_typing.errors import ArtifactError, InputError

_NAME = re.compile(r"(?!.{101})[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*")

Scalar = str | int | float | bool | None


class Ticket(BaseModel):
    """A ticket; all fields of the ticket contract may be given, and reach the library as they come."""

    text: Scalar = None
    subject: Scalar = None
    ticket_id: Scalar = None
    customer_id: Scalar = None
    created_at: Scalar = None
    channel: Scalar = None
    category: Scalar = None
    written_by: Scalar = None
    branch: Scalar = None
    agent_id: Scalar = None
    agent_reply: Scalar = None
    strategy_done: Scalar = None
    resolved_at: Scalar = None
    fault_found: Scalar = None
    compensation: Scalar = None
    currency: Scalar = None
    satisfaction: Scalar = None
    reopened: Scalar = None
    language: Scalar = None
    corrected_type: Scalar = None

    def given(self) -> dict[str, Scalar]:
        """The fields that the caller named."""
        return {name: value for name, value in dict(self).items() if name in self.model_fields_set}


class Question(BaseModel):
    """A ticket, and what was known of its customer; leave `history` out where nothing is known."""

    ticket: Ticket
    history: list[Ticket] = []
    lang: str | None = None


class Versions(BaseModel):
    """What answers now."""

    model_version: str
    policy_version: str


class Service:
    """The handle, once a model could be loaded; before that, the reason why none could."""

    def __init__(self, model: Path | None) -> None:
        self.handle: AdvisorHandle | None = None
        self.reason = ""
        try:
            self.handle = AdvisorHandle(model)
        except ComplaintTypingError as error:
            self.reason = type(error).__name__

    def ready(self) -> AdvisorHandle:
        """The handle; status 503 as long as there is none."""
        if self.handle is None:
            raise HTTPException(503, f"no model in use ({self.reason})")
        return self.handle

    def swap(self, folder: Path) -> Versions:
        """Put a model to use; the old one stays when that fails."""
        if self.handle is None:
            self.handle = AdvisorHandle(folder)
        else:
            self.handle.swap(model=folder)
        return self.versions()

    def versions(self) -> Versions:
        model, policy = self.ready().versions
        return Versions(model_version=model, policy_version=policy)


def create_app(models: Path | None = None, token: str | None = None, model: Path | None = None) -> FastAPI:
    """The service; settings that are not given come from the environment."""
    models = models or Path(os.environ.get("COMPLAINT_TYPING_MODELS", "models"))
    token = token or os.environ.get("COMPLAINT_TYPING_TOKEN", "")
    app, service = FastAPI(title="Complaint typing"), Service(model)
    answer: dict[int | str, dict[str, Any]] = {
        200: {"content": {"application/json": {"schema": advice_schema()}}}
    }

    @app.exception_handler(InputError)
    def refused(request: Request, error: InputError) -> JSONResponse:
        return _refusal([{"loc": ["body"], "msg": str(error), "type": type(error).__name__}])

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        return _refusal([{name: fault[name] for name in ("loc", "msg", "type")} for fault in error.errors()])

    @app.post("/advise", responses=answer, response_class=JSONResponse)
    def advise(question: Question) -> JSONResponse:
        """What kind of customer is writing, how sure that is, why, and what to do next."""
        ticket, *history = (t.given() for t in (question.ticket, *question.history))
        return JSONResponse(service.ready().advise(ticket, history, lang=question.lang).to_dict())

    @app.get("/health")
    def health() -> dict[str, str]:
        """The process is alive."""
        return {"status": "alive"}

    @app.get("/ready")
    def ready() -> Versions:
        """A model is in use; status 503 otherwise."""
        return service.versions()

    @app.post("/models/{name}")
    def swap(name: str, authorization: str = Header("")) -> Versions:
        """Use the model folder of that name for all later tickets."""
        if not token or not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(403, "not allowed")
        if not _NAME.fullmatch(name):
            raise HTTPException(404, "no such model")
        try:
            return service.swap(models / name)
        except ArtifactError as error:
            raise HTTPException(409, f"refused, the old model stays: {error.reason}") from error

    return app


def _refusal(faults: list[dict[str, Any]]) -> JSONResponse:
    """Status 422 in FastAPI's own form, without the input: it may be private, or hold half a character."""
    return JSONResponse({"detail": faults}, 422)
