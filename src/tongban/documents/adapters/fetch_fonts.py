"""Fetches the Chinese font of notices from npm, once: ``make run`` does it.

Noto Sans SC (SIL Open Font License 1.1) is too large for the repository and is on no Python index.
The two files are installed only if they are, bit for bit, those that notices were designed with.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from hashlib import sha256
from pathlib import Path

from tongban.documents.adapters.fonts import folder

PACKAGE = "@expo-google-fonts/noto-sans-sc@0.4.3"
FILES = {
    "package/400Regular/NotoSansSC_400Regular.ttf": (
        "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16"
    ),
    "package/700Bold/NotoSansSC_700Bold.ttf": (
        "9a38ae0ab28cd5a256f9ea8e00dedc688aac17f7915fcb000572990afa956b96"
    ),
}
LICENCE = "package/LICENSE_FONT"
TIMEOUT_S = 300


class CannotFetch(Exception):
    """The font could not be fetched, or is not what it should be."""


def fetch() -> Path:
    """Fetch the fonts with npm unless they are there already. Return their folder.

    :raises CannotFetch: with what to do about it.
    """
    target = folder()
    if all(_is_right(target / Path(path).name, digest) for path, digest in FILES.items()):
        return target
    npm = shutil.which("npm")
    if npm is None:
        raise CannotFetch("找不到 npm；请先安装 Node.js（Debian：apt-get install npm）")
    with tempfile.TemporaryDirectory() as scratch:
        archive = _pack(npm, Path(scratch))
        _extract(archive, target)
    return target


def _pack(npm: str, scratch: Path) -> Path:
    try:
        subprocess.run(
            [npm, "pack", PACKAGE, "--silent", "--pack-destination", str(scratch)],
            cwd=scratch,
            check=True,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
        )
    except subprocess.TimeoutExpired:
        raise CannotFetch(f"npm 在 {TIMEOUT_S} 秒内没有取到 {PACKAGE}；请检查网络后再试") from None
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout).strip().splitlines()
        raise CannotFetch(
            f"npm 没有取到 {PACKAGE}；请检查网络或 npm 镜像设置后再试（{' '.join(said[-3:])}）"
        ) from None
    [archive] = scratch.glob("*.tgz")
    return archive


def _extract(archive: Path, target: Path) -> None:
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotFetch(f"不能写入 {target}（{error.strerror}）；请设置 TONGBAN_FONTS") from None
    with tarfile.open(archive) as members:
        for member in (*FILES, LICENCE):
            source = members.extractfile(member)
            if source is None:
                raise CannotFetch(f"{PACKAGE} 里没有 {member}")
            content = source.read()
            if member in FILES and sha256(content).hexdigest() != FILES[member]:
                raise CannotFetch(f"{member} 的 SHA-256 与预期不符，没有安装")
            # Written aside first, so that nobody ever finds half a font.
            draft = target / f".{Path(member).name}.{os.getpid()}"
            draft.write_bytes(content)
            draft.replace(target / Path(member).name)


def _is_right(file: Path, digest: str) -> bool:
    return file.is_file() and sha256(file.read_bytes()).hexdigest() == digest


def main() -> int:
    """Fetch the fonts and say where they lie, or what to do when they cannot be had."""
    try:
        print(f"文书字体：{fetch()}")  # noqa: T201
    except CannotFetch as error:
        print(f"文书字体没有安装：{error}", file=sys.stderr)  # noqa: T201
        print("平台可以照常使用，但不能出具 PDF 文书；装好后重新运行本命令即可", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
