"""Model, policy and history together: one ticket or a million through one path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .advice import Advice
from .artifact import load_model
from .customer_history import CustomerHistory
from .errors import BadOption
from .frames import groups_of, read_table, with_scored
from .given_history import read_given
from .history import Facts
from .languages import language_of_one
from .missing import without_nan
from .missing_facts import questions
from .model import Model
from .policy import PolicyTable
from .scoring import Adjustment, ScoredTickets, Scorer
from .screening import screening_reasons
from .shared_arrays import share
from .single import OneScored, judge_one, score_one
from .spoken import one_of
from .text_limit import notes_on_length
from .ticket import Ticket
from .ticket_fields import fields_of
from .ticket_table import Tickets

if TYPE_CHECKING:
    from .adaptation import Adaptation
    from .explanation import Explanation
    from .priors import PriorEstimate


class Advisor:
    """Answers for tickets; immutable after construction, safe to share between threads.

    Parameters
    ----------
    model : Model
    policy : PolicyTable
        Must have a row for every type of the model.

    Raises
    ------
    ArtifactError
        When the model has a type, mode or signal that the policy's taxonomy lacks, or knows `repeat_abuser`
        without the abuse gate.

    >>> advisor = load()
    >>> advice = advisor.advise(text="我要退掉多扣的15元，查一下怎么回事")
    >>> advice.top_type, advice.emotional_mode
    ('resolution_seeking', 'rational')
    """

    def __init__(self, model: Model, policy: PolicyTable, priors: Adaptation | None = None):
        self.model, self.policy, self.taxonomy, self.priors = model, policy, policy.taxonomy, priors
        self._scorer = Scorer(model, policy)

    def with_priors(
        self, priors: PriorEstimate | Mapping[str, float] | None, group: str | None = None
    ) -> Advisor:
        """An advisor for tickets whose types occur in other shares than in the tickets it learned from.

        Probabilities are adapted before anything is decided on them; thresholds, the abuse gate and the
        policy stay. See ``docs/priors.md`` for when not to use it.

        Parameters
        ----------
        priors : PriorEstimate or mapping of str to float, or None
            An estimate, or shares that are known; types that are not named divide what is left. None takes
            an adaptation back.
        group : str, optional
            Which group of the estimate the tickets belong to; one that it lacks has the shares of the whole.

        Raises
        ------
        BadValue
            When a type or a share cannot be used, or the estimate is for the types of another model.

        >>> text = "Two hours on the phone and then cut off. Unbelievable."
        >>> plain, reviews = load(), load().with_priors({"venting": 0.7, "resolution_seeking": 0.1})
        >>> reviews.advise(text=text).confidence > plain.advise(text=text).confidence
        True
        """
        from .adaptation import adaptation

        if priors is None:
            return Advisor(self.model, self.policy)
        groups = None if group is None else [group]
        return Advisor(self.model, self.policy, adaptation(self.model, priors, groups))

    def advise(
        self,
        ticket: Mapping[str, Any] | None = None,
        history: Iterable[Mapping[str, Any]] | CustomerHistory = (),
        *,
        lang: str | None = None,
        tz: str | tzinfo | None = None,
        date_order: str | None = None,
        adjust: Adjustment | None = None,
        **fields: Any,
    ) -> Advice:
        """Advise on one ticket.

        Parameters
        ----------
        ticket : mapping, optional
            Fields of the ticket contract; they may be given as keywords instead. Needs ``text`` or
            ``subject``; without ``created_at`` the ticket is written now.
        history : iterable of mapping, or CustomerHistory
            The customer's tickets; those at or after this ticket's time do not count, and, if the ticket has
            a ``customer_id``, nor do those whose ``customer_id`` is another or names nobody. Nothing given
            means an unknown past.
        lang : str, optional
            ``zh``, ``zh-Hant`` or ``en``; the ticket's own language by default.
        tz : str or tzinfo, optional
            Zone of times that name none; that of a ``CustomerHistory`` by default, else UTC.
        date_order : {"dmy", "mdy"}, optional
            Order of dates with the year last; that of a ``CustomerHistory`` by default.
        adjust : callable, optional
            What to make of the model's scores before anything is decided on them (a talk weighs its turns).

        Returns
        -------
        Advice

        Raises
        ------
        BadValue
            When there is no text, a time cannot be read, ``ticket`` is no mapping, ``history`` no list of
            tickets, an option is none or stands among the fields, or a keyword is nearly the name of one.
        AmbiguousDates
            When a date does not tell whether its day or its month comes first.

        >>> load().advise(text="  ")
        Traceback (most recent call last):
            ...
        complaint_typing.errors.BadValue: column text: not a text, got '  '; give the words of the ticket
        """
        read, known = read_given(fields_of(ticket, fields), history, tz, date_order)
        scored = score_one(self._scorer, read, known, lang, _both(self.priors, adjust))
        return self._advice(scored, known, read)

    def explain(
        self,
        ticket: Mapping[str, Any] | None = None,
        history: Iterable[Mapping[str, Any]] | CustomerHistory = (),
        type: str | None = None,
        *,
        lang: str | None = None,
        tz: str | tzinfo | None = None,
        date_order: str | None = None,
        **fields: Any,
    ) -> Explanation:
        """Where the logit of one type comes from, down to the last character and history fact.

        Parameters
        ----------
        ticket, history, lang, tz, date_order, fields
            As for :meth:`advise`.
        type : str, optional
            One of the model's types; the nearest one by default.

        Returns
        -------
        Explanation
            Its bias and the weights of its spans and facts add up to its logit.

        Raises
        ------
        BadValue, AmbiguousDates
            As :meth:`advise`; and when the model has no such type.

        >>> explained = load().explain(text="我要退掉多扣的15元，查一下怎么回事")
        >>> explained.type, max(explained.spans, key=lambda span: span.weight).text
        ('resolution_seeking', '扣的15元，')
        >>> parts = [part.weight for part in (*explained.spans, *explained.facts)]
        >>> abs(explained.bias + sum(parts) - explained.logit) < 1e-9
        True
        """
        from .explanation import Explanation, facts_of, spans_of, summed
        from .gate_told import gate_decision

        types = self.model.types
        if type is not None and type not in types:
            raise BadOption("type", type, "a type of the model", f"use one of {', '.join(types)}")
        read, known = read_given(fields_of(ticket, fields), history, tz, date_order)
        judged = judge_one(self.model, read, known, self.priors)
        shares = judged.scores.types
        place = int(shares.argmax()) if type is None else types.index(type)
        spans = spans_of(self.model, read.text, judged.block, judged.text.factors, place)
        told, bias = facts_of(self.model, known, judged.past, place), float(self.model.bias[place])
        logit = summed(bias, spans, told)
        asks = float(judged.text.logits[-1])
        gate = gate_decision(self.model, known, asks) if types[place] in self.model.gated else None
        allowed = gate is None or gate.open
        language = language_of_one(read.text, judged.block, read.language, lang)
        probability = float(shares[place])
        return Explanation(
            types[place], probability, allowed, spans, told, bias, logit, language, self.taxonomy, gate
        )

    def estimate_priors(
        self,
        frame: Any,
        earlier: Any = None,
        *,
        by: str | None = None,
        tz: str | tzinfo = "UTC",
        date_order: str | None = None,
    ) -> PriorEstimate:
        """The shares of the types in a table of tickets that nobody has labelled, to look at before use.

        Parameters
        ----------
        frame, earlier, tz, date_order
            As for :meth:`score`. Of more than 5,000 tickets so many are read, as of files.
        by : str, optional
            A column: shares are estimated for each of its values with at least 20 tickets, too.

        Raises
        ------
        MissingColumns, BadValue
            As :meth:`score`; and when there is no such column.
        """
        from .table_priors import estimate_table

        return estimate_table(self.model, read_table(frame, earlier, date_order, date_order, tz), by)

    def score(
        self,
        frame: Any,
        earlier: Any = None,
        *,
        proba: bool = False,
        lang: str | None = None,
        tz: str | tzinfo = "UTC",
        date_order: str | None = None,
        adapt_priors: bool = False,
        adapt_by: str | None = None,
    ) -> Any:
        """Score a table of tickets; as in files, every ticket is history for the later ones.

        Parameters
        ----------
        frame : DataFrame of shape (n_tickets, …)
            Columns are found by the same names as in files.
        earlier : DataFrame, optional
            Older tickets of the same customers.
        proba : bool
            Append ``p_<type>`` columns.
        lang : str, optional
            ``zh``, ``zh-Hant`` or ``en`` for all texts; each ticket's own language by default.
        tz : str or tzinfo
            Zone of times that name none, in both tables.
        date_order : {"dmy", "mdy"}, optional
            Order of dates with the year last; by default each table decides for itself.
        adapt_priors : bool
            Adapt to the shares of the types that :meth:`estimate_priors` sees in this table.
        adapt_by : str, optional
            The same by the values of a column.

        Returns
        -------
        DataFrame
            A copy of ``frame`` with the scored columns; rows and their order are kept. Columns of an
            earlier scoring are replaced, other names that clash get the suffix ``_scored``. An estimate
            that was adapted to is in ``attrs["priors"]``.

        Raises
        ------
        MissingColumns
            When there is no text column.
        BadValue
            When a row has no text, or there is no such column to adapt by.
        """
        read = read_table(frame, earlier, date_order, date_order, tz)
        advisor, found = self, None
        if adapt_priors or adapt_by is not None:
            from .adaptation import adaptation
            from .table_priors import estimate_table

            found = estimate_table(self.model, read, adapt_by)
            groups = None if adapt_by is None else groups_of(read.given, adapt_by)
            advisor = Advisor(self.model, self.policy, adaptation(self.model, found, groups))
        scored = advisor.score_tickets(read.tickets, read.facts, lang)
        table = with_scored(read.given, [scored], self.model.types if proba else ())
        if found is not None:
            table.attrs["priors"] = found.to_dict()
        return table

    def score_tickets(
        self, tickets: Tickets, facts: Facts, lang: str | None = None, adjust: Adjustment | None = None
    ) -> ScoredTickets:
        """Score a block of checked tickets with their history facts; the path of every door.

        Parameters
        ----------
        tickets : Tickets
            Every one with a text.
        facts : mapping of str to ndarray of shape (n_tickets,)
        lang : str, optional
        adjust : callable, optional
        """
        return self._scorer.score(tickets, facts, lang, _both(self.priors, adjust))

    def _advice(self, scored: OneScored, known: dict[str, Any], ticket: Ticket) -> Advice:
        outcome, lang = scored.outcome, scored.language
        strategy = self.policy.playbook[outcome.strategy_id]
        return Advice.of(
            **scored.columns,
            language=lang,
            probabilities=dict(zip(self.model.types, scored.probabilities.tolist(), strict=True)),
            goodwill_cap=outcome.goodwill_cap,
            goodwill_reasons=tuple(screening_reasons(known, lang, ticket.created_at)),
            rationale=one_of(lang, outcome.rationale_zh, outcome.rationale_en),
            warnings=one_of(lang, outcome.warnings_zh, outcome.warnings_en)
            + notes_on_length(ticket.text, lang),
            questions=questions(ticket.text, lang, strategy.asks),
            facts=without_nan(known),
            playbook=strategy,
            taxonomy=self.taxonomy,
        )


def _both(first: Adjustment | None, then: Adjustment | None) -> Adjustment | None:
    """One adjustment after the other, where there are both."""
    if first is None or then is None:
        return first or then
    return lambda scores: then(first(scores))


def load(
    model: str | Path | None = None, policy: str | Path | None = None, *, shared: str | Path | None = None
) -> Advisor:
    """An advisor from a model folder and a policy folder; what ships by default.

    Parameters
    ----------
    model, policy : path, optional
    shared : path, optional
        A folder through which processes share the model's memory, see
        :func:`~complaint_typing.shared_arrays.share`.

    Raises
    ------
    ArtifactError, PolicyError
        When a folder is unusable.
    """
    advisor = Advisor(load_model(model), PolicyTable.read(policy))
    if shared is None:
        return advisor
    advisor.advise(text="-")  # prepares what waits for the first ticket
    return Advisor(share(advisor.model, shared), advisor.policy)
