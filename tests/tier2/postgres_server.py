"""A PostgreSQL server of one's own in a temporary folder, to be started, killed and started again."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa


class Server:
    """Runs as an unprivileged user and listens on a socket in its folder only.

    Parameters
    ----------
    programs : path
        The folder of `initdb` and `postgres`, as in ``/usr/lib/postgresql/15/bin``.
    """

    def __init__(self, programs: str | Path):
        self.programs = Path(programs)
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self.user = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        self.url = f"postgresql://tests@/postgres?host={self.folder}"
        self._process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            shutil.chown(self.folder, self.user)
        auth = ("-A", "trust", "-U", "tests", "-E", "UTF8", "--no-locale")
        subprocess.run(
            self._command("initdb", "-D", "data", *auth), cwd=self.folder, check=True, **self._as_user()
        )

    def _command(self, program: str, *arguments: str) -> list[str]:
        return [str(self.programs / program), *arguments]

    def _as_user(self) -> dict[str, object]:
        """Root may not run a server."""
        quiet = {"stdout": subprocess.DEVNULL}
        if os.geteuid() != 0:
            return quiet
        return {**quiet, "user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}

    def start(self) -> None:
        """Start, recover, and wait until it answers."""
        options = ("-c", "listen_addresses=", "-c", f"unix_socket_directories={self.folder}")
        log = open(self.folder / "server.log", "ab")  # noqa: SIM115
        self._process = subprocess.Popen(
            self._command("postgres", "-D", "data", *options),
            cwd=self.folder,
            stderr=log,
            **self._as_user(),
        )
        engine = sa.create_engine(self.url.replace("postgresql:", "postgresql+psycopg:"))
        for _ in range(600):
            try:
                engine.connect().close()
                break
            except sa.exc.OperationalError:
                assert self._process.poll() is None, (self.folder / "server.log").read_text()
                time.sleep(0.1)
        engine.dispose()

    def kill(self) -> None:
        """SIGKILL to the server and all its processes, as when the power goes."""
        assert self._process is not None
        family = [self._process.pid, *_children(self._process.pid)]
        for pid in family:
            os.kill(pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Stop and leave nothing."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(60)
        shutil.rmtree(self.folder)


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]
