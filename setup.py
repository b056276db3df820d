"""Puts migrations and the demonstration city into the wheel; all else is in pyproject."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithData(build_py):
    """In the source tree the two folders stand at the top, where people look for them."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            for folder in ("migrations", "seed"):
                target = Path(self.build_lib) / "tongban" / folder
                shutil.copytree(folder, target, dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithData})
