"""The command line: parses arguments, calls one function, prints."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from . import __version__, cli_show
from .cli_audit import audit
from .cli_care import care_command
from .cli_compare import compare_command
from .cli_inspect import inspect_command
from .cli_language import ToldUsageError, asked_language, speak_chinese
from .cli_model import model
from .cli_options import (
    JOBS,
    JSON,
    LANG,
    MODEL,
    POLICY,
    QUIET,
    TABLES_LANG,
    TAXONOMY,
    Reading,
    language,
    one_customer,
    print_json,
    reading_options,
)
from .cli_policy import policy
from .cli_priors import priors_command, show_priors
from .cli_reply import check_reply_command
from .cli_report import report_command
from .cli_score import ARGUMENTS, score
from .cli_talk import talk
from .control_characters import escaped
from .errors import ComplaintTypingError
from .tongue import Tongue


class _Group(click.Group):
    """Errors raised on purpose end with exit status 2 and one sentence on stderr."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Remember the arguments as they were given, for a command that tells how to be continued."""
        given = list(args)
        try:
            ctx = super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise _told(error, given) from error
        ctx.meta[ARGUMENTS] = given
        return ctx

    def invoke(self, ctx: click.Context) -> Any:
        say = Tongue(language(asked_language(ctx.meta[ARGUMENTS])))
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except click.UsageError as error:
            raise _told(error, ctx.meta[ARGUMENTS]) from error
        except ComplaintTypingError as error:
            click.echo(escaped(say("error: {0}", error.sentence(say))), err=True)
            ctx.exit(2)
        except OSError as error:
            reason = say(error.strerror or str(error))
            what = say("{0}: {1}", error.filename, reason) if error.filename else reason
            remedy = say("check the path, its permissions and the room on the disk")
            click.echo(escaped(say("error: {0}", say("{0}; {1}", what, remedy))), err=True)
            ctx.exit(2)
        except KeyboardInterrupt:
            click.echo("\n" + say("Aborted!"), err=True)
            ctx.exit(1)


def _told(error: click.UsageError, arguments: Sequence[str]) -> click.UsageError:
    """A usage error in the language of whoever runs the command."""
    return ToldUsageError.of(error) if language(asked_language(arguments)) == "zh" else error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__)
def cli() -> None:
    """What kind of customer is writing, how sure that is, why, and what to do next.

    哪一类客户在投诉，有多大把握，依据是什么，下一步怎么做。

    \b
    Examples:
      complaint-typing score export.csv -o scored.csv
      complaint-typing advise "Nobody answers. Where is my refund?"
      complaint-typing inspect export.csv
      complaint-typing train labelled.csv -o my_model
      complaint-typing score export.csv -o scored.csv --model my_model
    """


@cli.command()
@click.argument("text", required=False)
@one_customer
@MODEL
@POLICY
@LANG
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--explain", is_flag=True, help="Also show every word and history fact with its weight.")
@click.option("--type", "type_", metavar="TYPE", help="The type to explain; default: the nearest.")
@reading_options
def advise(
    text: str | None,
    history: str | None,
    customer: str | None,
    created_at: str | None,
    model: str | None,
    policy: str | None,
    lang: str | None,
    form: str,
    explain: bool,
    type_: str | None,
    reading: Reading,
) -> None:
    """Advise on one ticket; its TEXT as argument or on standard input.

    --map, --encoding and --sheet say how the history is read, --tz and --date-order how all times are.

    \b
    Examples:
      complaint-typing advise "我不要你们的钱，我要柜员当面道歉"
      complaint-typing advise --history export.csv --customer C-17 "Again? What will you give me this time?"
      complaint-typing advise --history export.csv --customer 007 --map customer_id=会员号 "又来了？"
      complaint-typing advise --explain "Nobody answers. Where is my refund?"
      complaint-typing advise --explain --type venting --format json < letter.txt
    """
    from .advisor import load
    from .cli_input import decoded, read_past

    past = read_past(history, customer, reading)
    fields = {"text": decoded(sys.stdin.buffer.read()) if text is None else text}
    if created_at:
        fields["created_at"] = created_at
    read_as: dict[str, Any] = {"lang": lang, "tz": reading["tz"], "date_order": reading["date_order"]}
    advisor = load(model, policy)
    advice = advisor.advise(fields, past, **read_as)
    explained = advisor.explain(fields, past, type_, **read_as) if explain or type_ else None
    if form == "json":
        print_json(advice.to_dict() | ({"explanation": explained.to_dict()} if explained else {}))
    else:
        click.echo(
            "\n".join([advice.render(lang), *([explained.render(lang)] if explained else [])]), nl=False
        )


@cli.command()
@click.argument("data", nargs=-1, required=True, type=click.Path(exists=True))
@click.option("-o", "--output", "target", required=True, type=click.Path(), help="The model folder to write.")
@TAXONOMY
@reading_options
@JOBS
@QUIET
@TABLES_LANG
@JSON
def train(
    data: Sequence[str],
    target: str,
    taxonomy: str | None,
    reading: Reading,
    jobs: int,
    quiet: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Train a model on labelled files or folders of them.

    A labelled file has the ticket columns and `customer_type`; `emotional_mode`, `risk_signals` (joined
    by `;`) and `collection` (who labelled it) are read where they stand. Labels are ids or names of the
    taxonomy. Exit status 1 when rows were left out: they could not be read, or had no text.

    \b
    Examples:
      complaint-typing train data/training -o my_model
      complaint-typing train data/training last_quarter.xlsx -o my_model --jobs 2
      complaint-typing train labelled.csv -o my_model --map text=正文 --date-order dmy
      complaint-typing train data/training labelled.csv -o my_model --taxonomy my_taxonomy.csv
    """
    from .training import FEW_TICKETS
    from .training import train as train_model

    with cli_show.waiting("train", quiet):
        model, figures = train_model(data, target, jobs=jobs, taxonomy=taxonomy, **reading)
    few = {name: n for name, n in model.info["types"].items() if n < FEW_TICKETS}
    if few:
        cli_show.few_tickets(few, FEW_TICKETS, lang)
    if as_json:
        print_json({"model_version": model.version, "out_of_fold": figures})
    elif not quiet:
        cli_show.figures(figures, f"{model.version} → {target}", lang)
    sys.exit(cli_show.set_aside(model.info, lang))


@cli.command()
@click.argument("data", nargs=-1, required=True, type=click.Path(exists=True))
@MODEL
@click.option(
    "--out-of-fold", metavar="COLUMN", help="Train anew, leaving out one value of COLUMN at a time."
)
@reading_options
@click.option(
    "--adapt-priors", is_flag=True, help="Also after adapting to the shares of types seen in these texts."
)
@click.option("--by", metavar="COLUMN", help="Adapt by the values of COLUMN, for example genre.")
@TAXONOMY
@JOBS
@QUIET
@TABLES_LANG
@JSON
def evaluate(
    data: Sequence[str],
    model: str | None,
    out_of_fold: str | None,
    reading: Reading,
    adapt_priors: bool,
    by: str | None,
    taxonomy: str | None,
    jobs: int,
    quiet: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Measure typing on labelled tickets, with 95 % intervals.

    With --adapt-priors the figures are shown as they are and after adapting; the estimate reads all texts
    and no label. Exit status 1 when rows were left out: they could not be read, or had no text.

    \b
    Examples:
      complaint-typing evaluate labelled.csv
      complaint-typing evaluate labelled.csv --model my_model --json
      complaint-typing evaluate labelled.csv --map customer_type=类型 --tz Asia/Shanghai
      complaint-typing evaluate data/training --out-of-fold collection --jobs 2
      complaint-typing evaluate labelled.csv --adapt-priors --by channel
    """
    from .artifact import load_model
    from .labels import read_labelled
    from .own_terms import taxonomy_from, taxonomy_of
    from .validation import judge, judge_adapted, leave_one_out

    if out_of_fold and (model is not None or adapt_priors):
        raise click.UsageError("--out-of-fold goes with neither --model nor --adapt-priors")
    if by and not adapt_priors:
        raise click.UsageError("--by goes with --adapt-priors")
    with cli_show.waiting("evaluate", quiet):
        judged = load_model(model)
        terms = taxonomy_from(taxonomy) or taxonomy_of(judged)
        tickets = read_labelled(data, terms, **reading)
        if out_of_fold:
            found = leave_one_out(tickets, out_of_fold, jobs, terms)
        else:
            found = judge_adapted(judged, tickets, by) if adapt_priors else judge(judged, tickets)
    if as_json:
        print_json(found)
    else:
        title = out_of_fold or str(model or "model")
        cli_show.figures(found, title, lang, to_stdout=True)
        if adapt_priors:
            show_priors(found["priors"], lang)
            cli_show.adapted(found["adapted"], title, lang)
    sys.exit(cli_show.set_aside(tickets.attrs, lang))


cli.add_command(score)
cli.add_command(inspect_command)
cli.add_command(compare_command)
cli.add_command(model)
cli.add_command(policy)
cli.add_command(priors_command)
cli.add_command(audit)
cli.add_command(talk)
cli.add_command(check_reply_command)
cli.add_command(care_command)
cli.add_command(report_command)


def main() -> None:
    """Entry point of `complaint-typing`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if language(None) == "zh":
        speak_chinese(cli)
    cli(prog_name=Path(sys.argv[0]).name.replace("__main__.py", "python -m complaint_typing"))
