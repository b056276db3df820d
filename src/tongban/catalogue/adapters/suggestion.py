"""A first draft of a mapping, made from the headings of a table. Pure.

It only looks names up in ``headings.toml``; what a column truly holds is for people to say.
"""

import json
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from tongban.catalogue.adapters.mapping import Mapping, read_mapping
from tongban.catalogue.adapters.written import HEADINGS

# What our own tables tell people about an item, and is not theirs to say.
_TOLD = ("状态", "版本")
# What our own tables write one a line, whatever marks there are in their names.
_BY_LINES = frozenset({"materials", "steps", "legal_basis", "results"})


def suggested(headings: Sequence[str]) -> Mapping | None:
    """Return the mapping that the headings suggest, or None where they do not name a service."""
    text = suggestion(headings)
    return read_mapping(text) if "\nname = " in text else None


def suggestion(headings: Sequence[str]) -> str:
    """Return a mapping in TOML to begin with: what was recognised, and in comments what was not.

    >>> print(suggestion(["事项名称", "实施编码", "颜色"]))
    # Columns that were not recognised are kept, unread, with each item: 颜色
    # Say what they mean under [fields], or leave out: ignore = ["颜色"]
    <BLANKLINE>
    [fields]
    name = "事项名称"
    item_code = "实施编码"
    code = "实施编码"
    <BLANKLINE>
    """
    ours = set(HEADINGS) <= set(headings)
    ignored = _TOLD if ours else ()
    waiting = {_folded(one): one for one in headings if one and one not in ignored}
    fields, codes = _known()
    lines = ["", "[fields]"]
    for target, names in fields.items():
        if column := next((waiting[name] for name in names if name in waiting), None):
            if target == "code":
                lines.append(f"item_code = {_quoted(column)}")
            by_lines = ours and target in _BY_LINES
            source = (
                f'{{ column = {_quoted(column)}, split = "\\n" }}' if by_lines else _quoted(column)
            )
            lines.append(f"{_key(target)} = {source}")
            if target not in ("code",):
                del waiting[_folded(column)]
    others = [
        f"{scheme} = {_quoted(column)}"
        for scheme, names in codes.items()
        if (column := next((waiting[name] for name in names if name in waiting), None))
    ]
    if others:
        lines += ["", "[codes]", *others]
    if ignored:
        lines[:0] = [f"ignore = [{', '.join(map(_quoted, ignored))}]", ""]
    used = "\n".join(lines)
    rest = [heading for heading in waiting.values() if _quoted(heading) not in used]
    if rest:
        lines[:0] = [
            "# Columns that were not recognised are kept, unread, with each item: "
            + "、".join(rest),
            f"# Say what they mean under [fields], or leave out: ignore = [{_quoted(rest[0])}]",
        ]
    return "\n".join(lines).lstrip("\n") + "\n"


@cache
def _known() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    text = (files("tongban.catalogue.adapters") / "headings.toml").read_text(encoding="utf-8")
    known = tomllib.loads(text)
    fields, codes = (
        {target: [_folded(name) for name in names] for target, names in known[group].items()}
        for group in ("fields", "codes")
    )
    return fields, codes


def _folded(heading: str) -> str:
    """Headings carry remarks and stars: 事项名称*（必填） is 事项名称."""
    return re.sub(r"[（(].*?[）)]|[*＊:：\s]", "", heading).casefold()


def _key(target: str) -> str:
    return f'"{target}"' if "." in target else target


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
