"""The shares of the types in an export, estimated on a sample of its texts before a row is scored."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .adaptation import estimate_of
from .columns import place_of
from .export_history import ExportHistory
from .model import Model
from .priors import PriorEstimate
from .ticket_sample import TicketSample
from .tickets import TicketFile

Progress = Callable[[int, int | None], None]


def estimate_export(
    file: TicketFile,
    model: Model,
    by: str | None = None,
    earlier: Sequence[TicketFile] = (),
    progress: Progress | None = None,
) -> PriorEstimate:
    """The shares of the types in an export, from one pass over it.

    Of more than 5,000 tickets so many are scored: more say hardly more, see ``docs/priors.md``.

    Parameters
    ----------
    file : TicketFile
    model : Model
    by : str, optional
        A column: shares are estimated for each of its values with at least 20 tickets of the sample, too.
    earlier : sequence of TicketFile
        Earlier exports of the same customers.
    progress : callable, optional
        Called with the rows read.

    Raises
    ------
    BadValue
        When there is no such column.
    UnreadableInput, AmbiguousDates
        When a file is damaged.

    >>> from complaint_typing.artifact import load_model
    >>> from complaint_typing.resources import data_path
    >>> file = TicketFile.open(data_path("examples") / "zh_hotline.csv")
    >>> found = estimate_export(file, load_model(data_path("model")))
    >>> round(float(found.whole.used.sum()), 6), found.whole.tickets <= 39
    (1.0, True)
    """
    place = None if by is None else place_of(by, file.header, file.mapping)
    history, sample = ExportHistory(), TicketSample()
    read = 0
    for block in file.blocks():
        history.add(block.tickets)
        sample.add(block.tickets.text, ["" if place is None else row[place] for row in block.rows])
        read += len(block.rows)
        if progress:
            progress(read, None)
    for other in earlier:
        for block in other.blocks():
            history.add(block.tickets, asked=False)
    scores = model.score(sample.texts, history.facts().at(sample.rows))
    return estimate_of(model, scores, None if by is None else sample.groups, by)
