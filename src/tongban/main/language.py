"""Which language the commands speak: as ``--language`` says, or else the environment."""

import os
from collections.abc import Mapping

import click

from tongban.foundation.errors import Refusal
from tongban.foundation.messages import LANGUAGES, SOURCE, said, translate
from tongban.main.postgres import PostgresRefusal
from tongban.main.settings import BadSetting

# As everywhere, the first of them that says anything.
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def spoken(environment: Mapping[str, str] = os.environ) -> str:
    """Return the language of whoever works here: Chinese, unless they speak another.

    >>> spoken({"LANG": "en_GB.UTF-8"}), spoken({"LC_ALL": "zh_CN", "LANG": "en_GB"}), spoken({})
    ('en', 'zh-CN', 'zh-CN')
    """
    said = next((value for name in VARIABLES if (value := environment.get(name))), "")
    name = said.partition(".")[0].partition("_")[0].lower()
    return SOURCE if name in ("", "c", "posix", "zh") else "en"


def chosen() -> str:
    """Return the language of the command that is running."""
    context = click.get_current_context(silent=True)
    asked = context.find_root().params.get("language") if context else None
    return str(asked or spoken())


def told(refusal: Refusal | PostgresRefusal | BadSetting) -> str:
    """Return what a refusal says, in the language of the command that is running."""
    if isinstance(refusal, Refusal):
        return said(refusal, chosen())
    if isinstance(refusal, PostgresRefusal):
        return translate(refusal.message, chosen(), **refusal.details)
    return str(refusal)


# Before the name of a command, for all that it says; None: as the environment says.
OF_ALL = click.option(
    "--language", type=click.Choice(LANGUAGES), help="What is said in; else as LANG says."
)
# For commands that say more than a refusal.
LANGUAGE = click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=chosen,
    show_default="as LANG says",
    help="What is said in.",
)
