"""Holds the advisor of a running service, and swaps its model or policy while tickets are answered."""

from __future__ import annotations

import logging
import os
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from .advice import Advice
from .advisor import Advisor
from .artifact import load_model, read_manifest, version_of
from .customer_history import CustomerHistory
from .model import Model
from .policy import PolicyTable
from .resources import data_path
from .shared_arrays import share

_LOG = logging.getLogger(__name__)
_REHEARSED = ("我要退掉多扣的15元，查一下怎么回事", "Nobody answers. Where is my refund?")
_HANDLES: weakref.WeakSet[AdvisorHandle] = weakref.WeakSet()

ModelSource = str | Path | Model
PolicySource = str | Path | PolicyTable


class _InUse(NamedTuple):
    """What answers now, and where it came from: a folder, or None for what was handed in ready-made."""

    advisor: Advisor
    model_folder: Path | None
    policy_folder: Path | None


class AdvisorHandle:
    """The advisor in use; a swap changes it for all later tickets at once, or not at all.

    Every answer is given by one model and one policy, the ones in use when the call began; calls that are
    under way while a swap happens finish with the old ones. Answering takes no lock.

    Parameters
    ----------
    model : path or Model, optional
        The shipped model by default.
    policy : path or PolicyTable, optional
        The shipped policy by default.
    shared : path, optional
        A folder through which processes share models, see :func:`~complaint_typing.shared_arrays.share`.

    Raises
    ------
    ArtifactError, PolicyError
        When a folder is unusable.

    >>> handle = AdvisorHandle()
    >>> handle.advise(text="我要退掉多扣的15元，查一下怎么回事").top_type
    'resolution_seeking'
    >>> before = handle.versions
    >>> handle.swap(model="no_such_folder")
    Traceback (most recent call last):
        ...
    complaint_typing.errors.ArtifactError: model no_such_folder: manifest.json is missing; ...
    >>> handle.versions == before
    True
    """

    def __init__(
        self,
        model: ModelSource | None = None,
        policy: PolicySource | None = None,
        *,
        shared: str | Path | None = None,
    ):
        self._shared = shared
        self._swapping = threading.Lock()
        model = data_path("model") if model is None else model
        policy = data_path() if policy is None else policy
        self._in_use = _InUse(self._tried(model, policy), _folder(model), _folder(policy))
        _HANDLES.add(self)

    @property
    def advisor(self) -> Advisor:
        """The advisor in use; keep it in a variable where several calls must be answered alike."""
        return self._in_use.advisor

    @property
    def versions(self) -> tuple[str, str]:
        """Version of the model and of the policy in use."""
        advisor = self._in_use.advisor
        return advisor.model.version, advisor.policy.version

    def advise(
        self,
        ticket: Mapping[str, Any] | None = None,
        history: Iterable[Mapping[str, Any]] | CustomerHistory = (),
        **options: Any,
    ) -> Advice:
        """Advise on one ticket, as :meth:`~complaint_typing.advisor.Advisor.advise`."""
        return self._in_use.advisor.advise(ticket, history, **options)

    def score(self, frame: Any, earlier: Any = None, **options: Any) -> Any:
        """Score a table of tickets, as :meth:`~complaint_typing.advisor.Advisor.score`."""
        return self._in_use.advisor.score(frame, earlier, **options)

    def swap(self, model: ModelSource | None = None, policy: PolicySource | None = None) -> tuple[str, str]:
        """Put another model or policy to use; what is not given stays.

        Everything is loaded, checked against its digests, proved and tried on two texts before the change.

        Returns
        -------
        tuple of str
            The versions in use now.

        Raises
        ------
        ArtifactError, PolicyError
            When a folder is unusable, or model and policy do not fit each other; the old ones stay in use.
        """
        with self._swapping, self._refusal_logged():
            return self._switched(model, policy)

    def refresh(self) -> bool:
        """Look at the folders in use again, and swap what was replaced there since.

        Meant to be called from time to time, for example once a minute; without a change it takes a few
        milliseconds. What was handed in ready-made is never looked at again.

        Returns
        -------
        bool
            Whether something was swapped.

        Raises
        ------
        ArtifactError, PolicyError
            When what stands in a folder now is unusable, also while it is just being replaced; the old model
            and policy stay in use, and the next call looks again.
        """
        with self._swapping, self._refusal_logged():
            advisor, model_folder, policy_folder = self._in_use
            model = policy = None
            if model_folder and version_of(read_manifest(model_folder)) != advisor.model.version:
                model = model_folder
            if policy_folder:
                read = PolicyTable.read(policy_folder)
                policy = policy_folder if read.version != advisor.policy.version else None
            if model is None and policy is None:
                return False
            self._switched(model, policy)
            return True

    def _switched(self, model: ModelSource | None, policy: PolicySource | None) -> tuple[str, str]:
        now, before = self._in_use, self.versions
        advisor = self._tried(
            now.advisor.model if model is None else model,
            now.advisor.policy if policy is None else policy,
        )
        self._in_use = _InUse(
            advisor,
            now.model_folder if model is None else _folder(model),
            now.policy_folder if policy is None else _folder(policy),
        )
        _LOG.info("in use: %s and %s; before: %s and %s", *self.versions, *before)
        return self.versions

    @contextmanager
    def _refusal_logged(self) -> Iterator[None]:
        """What cannot be used is told to who watches the log, too; the error goes on."""
        try:
            yield
        except Exception as fault:
            _LOG.warning("swap refused (%s): %s and %s stay in use", type(fault).__name__, *self.versions)
            raise

    def _tried(self, model: ModelSource, policy: PolicySource) -> Advisor:
        """An advisor that has answered."""
        advisor = Advisor(
            model if isinstance(model, Model) else load_model(model),
            policy if isinstance(policy, PolicyTable) else PolicyTable.read(policy),
        )
        for text in _REHEARSED:
            advisor.advise(text=text)
        if self._shared is None or isinstance(model, Model):
            return advisor
        return Advisor(share(advisor.model, self._shared), advisor.policy)


def _folder(source: ModelSource | PolicySource) -> Path | None:
    return Path(source).absolute() if isinstance(source, str | Path) else None


def _unlock_in_child() -> None:
    """A process forked in the middle of a swap would wait for a thread that it does not have."""
    for handle in _HANDLES:
        handle._swapping = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock_in_child)
