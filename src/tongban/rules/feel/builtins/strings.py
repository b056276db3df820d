"""String functions (DMN 1.5, 10.3.4.3). Positions count characters from 1."""

import re
from collections.abc import Callable
from decimal import Decimal

import regex

from tongban.rules.budget import Run
from tongban.rules.feel.patterns import PatternError, compiled
from tongban.rules.feel.registry import builtin
from tongban.rules.feel.values import Value
from tongban.rules.problems import BudgetExceeded, reason

REPLACEMENT = re.compile(r"\\([\\$])|\$(\d+)|([\\$])")


@builtin("substring", "string: string, start position: number, length: number?")
def substring(run: Run, text: str, start: Decimal, length: Decimal | None) -> Value:
    position = int(start)
    if position == 0 or abs(position) > len(text) or (length is not None and length < 1):
        return run.note("取子串的位置或长度超出范围")
    first = position - 1 if position > 0 else len(text) + position
    return text[first:] if length is None else text[first : first + int(length)]


@builtin("string length", "string: string")
def string_length(_run: Run, text: str) -> Decimal:
    return Decimal(len(text))


@builtin("upper case", "string: string")
def upper_case(_run: Run, text: str) -> str:
    return text.upper()


@builtin("lower case", "string: string")
def lower_case(_run: Run, text: str) -> str:
    return text.lower()


@builtin("substring before", "string: string, match: string")
def substring_before(_run: Run, text: str, match: str) -> str:
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after", "string: string, match: string")
def substring_after(_run: Run, text: str, match: str) -> str:
    return text.partition(match)[2] if match else text


@builtin("contains", "string: string, match: string")
def contains(_run: Run, text: str, match: str) -> bool:
    return match in text


@builtin("starts with", "string: string, match: string")
def starts_with(_run: Run, text: str, match: str) -> bool:
    return text.startswith(match)


@builtin("ends with", "string: string, match: string")
def ends_with(_run: Run, text: str, match: str) -> bool:
    return text.endswith(match)


@builtin("string join", "list: list, delimiter: string?")
def string_join(run: Run, items: list[Value], delimiter: str | None) -> Value:
    parts = [item for item in items if item is not None]
    if any(type(part) is not str for part in parts):
        return run.note("只有字符串可以连接")
    run.spend_text(sum(map(len, parts)) + len(delimiter or "") * len(parts))
    return (delimiter or "").join(parts)


def _timed(run: Run, work: Callable[[], Value]) -> Value:
    try:
        return work()
    except PatternError as error:
        return run.note(error.reason.message, **dict(error.reason.params))
    except TimeoutError:
        raise BudgetExceeded(reason("正则表达式匹配超时，已停止")) from None


@builtin("matches", "input: string, pattern: string, flags: string?")
def matches(run: Run, text: str, pattern: str, flags: str | None) -> bool | None:
    def work() -> bool:
        seconds = run.limits.pattern_seconds
        return compiled(pattern, flags or "").search(text, timeout=seconds) is not None

    found: bool | None = _timed(run, work)
    return found


def _usable(run: Run, pattern: str, flags: str | None) -> "regex.Pattern[str]":
    program = compiled(pattern, flags or "")
    if program.search("", timeout=run.limits.pattern_seconds) is not None:
        raise PatternError(
            reason("正则表达式“{pattern}”能匹配空串，不能用于替换或拆分", pattern=pattern)
        )
    return program


@builtin("replace", "input: string, pattern: string, replacement: string, flags: string?")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None) -> str | None:
    def work() -> str:
        program = _usable(run, pattern, flags)
        expand = _expansion(replacement, "q" in (flags or ""))
        total = 0

        def insert(found: "regex.Match[str]") -> str:
            nonlocal total
            made = expand(found)
            total += len(made)
            run.spend_text(total)
            return made

        return program.sub(insert, text, timeout=run.limits.pattern_seconds)

    done: str | None = _timed(run, work)
    return done


def _expansion(replacement: str, literally: bool) -> Callable[["regex.Match[str]"], str]:
    if literally:
        return lambda _found: replacement
    if any(part[3] for part in REPLACEMENT.finditer(replacement)):
        raise PatternError(reason("替换文本“{text}”中的“$”或“\\”用法不对", text=replacement))

    def expand(found: "regex.Match[str]") -> str:
        def resolve(part: re.Match[str]) -> str:
            if part[1]:
                return part[1]
            digits = part[2]
            used = len(digits)
            while used > 1 and int(digits[:used]) > found.re.groups:
                used -= 1
            number = int(digits[:used])
            group = found[number] if number <= found.re.groups else ""
            return (group or "") + digits[used:]

        return REPLACEMENT.sub(resolve, replacement)

    return expand


@builtin("split", "string: string, delimiter: string")
def split(run: Run, text: str, delimiter: str) -> list[str] | None:
    def work() -> list[str]:
        program = _usable(run, delimiter, None)
        parts, last = [], 0
        for found in program.finditer(text, timeout=run.limits.pattern_seconds):
            run.spend()
            parts.append(text[last : found.start()])
            last = found.end()
        return [*parts, text[last:]]

    done: list[str] | None = _timed(run, work)
    return done
