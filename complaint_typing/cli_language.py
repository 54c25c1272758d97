"""The command line in Chinese: its help, what is wrong with arguments, and the words of click."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import IO, Any

import click
from rich.cells import cell_len

from .spoken import SPOKEN
from .tongue import Tongue, translations

_SAY = Tongue("zh")
_EXTRA = re.compile(r"(?:^|  )\[([^\[\]]*)\]$")
_NO_FILL = "\b"
_PIECES = re.compile(r"\s+|[（“]*(?:[!-~]+|[^\s（“])[，。；：、！？）”]*")
"""What stays on one line: a character or a word of other scripts, with the marks that go with it."""


def asked_language(arguments: Sequence[str]) -> str | None:
    """The language that arguments ask for, at last.

    >>> asked_language(["score", "--lang", "zh"]), asked_language(["--lang=en"]), asked_language(["score"])
    ('zh', 'en', None)
    """
    asked = None
    for argument, value in zip(arguments, [*arguments[1:], ""], strict=True):
        name, _, given = argument.partition("=")
        if argument == "--":
            break
        if name == "--lang" and (given or value) in SPOKEN:
            asked = given or value
    return asked


class ToldUsageError(click.UsageError):
    """What is wrong with the arguments, in Chinese."""

    @classmethod
    def of(cls, error: click.UsageError) -> click.UsageError:
        """The same; an error that shows help stays as it is."""
        if type(error).show is not click.UsageError.show:
            return error
        return cls(_SAY(error.format_message()), error.ctx)

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the usage, where help is, and what is wrong."""
        if self.ctx is not None:
            usage = self.ctx.get_usage().removeprefix("Usage: ").removeprefix(_SAY("Usage: "))
            click.echo(_SAY("Usage: ") + usage, err=True, file=file)
            click.echo(_SAY("Try '{0} --help' for help.", self.ctx.command_path) + "\n", err=True, file=file)
        click.echo(_SAY("Error: {0}", self.message), err=True, file=file)


class _Formatter(click.HelpFormatter):
    """Chinese headings; lines as wide as they look, where a character takes two columns."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, _SAY("Usage: "))

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_SAY(heading)}：\n")

    def write_text(self, text: str) -> None:
        pad = " " * self.current_indent
        for n, paragraph in enumerate(text.split("\n\n")):
            kept = paragraph.strip().startswith(_NO_FILL)
            lines = paragraph.replace(_NO_FILL, "").strip("\n").splitlines()
            lines = lines if kept else _wrapped("".join(lines), self.width - self.current_indent)
            self.write(("\n" if n else "") + "".join(f"{pad}{line.rstrip()}\n" for line in lines))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        first = min(max(len(name) for name, _ in rows), col_max) + col_spacing
        pad = " " * self.current_indent
        for name, told in rows:
            lines = _wrapped(_in_chinese(told), self.width - self.current_indent - first) or [""]
            if len(name) > first - col_spacing:
                self.write(f"{pad}{name}\n")
                name = ""
            self.write(f"{pad}{name:<{first}}{lines[0]}".rstrip() + "\n")
            self.write("".join(f"{pad}{'':<{first}}{line}\n" for line in lines[1:]))


class _Context(click.Context):
    formatter_class = _Formatter


def speak_chinese(command: click.Command) -> None:
    """Give a command, and those below it, their Chinese help."""
    told = _help()
    command.context_class = _Context
    if command.help in told:
        command.help = told[command.help]
        command.short_help = command.help.split("。")[0]
    for option in command.params:
        if isinstance(option, click.Option):
            option.help = told.get(option.help or "", option.help)
    if isinstance(command, click.Group):
        for below in command.commands.values():
            speak_chinese(below)


@cache
def _help() -> dict[str, str]:
    return {row["en"]: row["zh"] for row in translations("help.csv")}


def _in_chinese(told: str) -> str:
    """An option's help with what click adds, such as its default."""
    extra = _EXTRA.search(told)
    if extra is None:
        return _SAY(told)
    added = "；".join(_SAY(part) for part in extra[1].split("; "))
    return f"{_SAY(told[: extra.start()])}（{added}）"


def _wrapped(text: str, columns: int) -> list[str]:
    """Lines of at most so many columns; none begins with a mark that closes or ends with one that opens."""
    lines, line = [], ""
    for piece in _PIECES.findall(text.strip()):
        if line and cell_len(line + piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line else lines
