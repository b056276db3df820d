"""The types of what the built-in functions return (DMN 1.5, 10.3.4), as far as they are fixed."""

from tongban.rules.feel.types import (
    ANY,
    BOOLEAN,
    CONTEXT,
    DATE,
    DATE_TIME,
    DAYS,
    LIST,
    MONTHS,
    NUMBER,
    RANGE,
    STRING,
    TIME,
    FeelType,
    ListOf,
)

STRINGS = ListOf("list", STRING)
NUMBERS = ListOf("list", NUMBER)

RESULTS: dict[str, FeelType] = {
    **dict.fromkeys(
        (
            *("number", "count", "sum", "mean", "product", "median", "stddev", "decimal"),
            *("round up", "round down", "round half up", "round half down", "floor", "ceiling"),
            *("modulo", "sqrt", "log", "exp", "string length", "day of year", "week of year"),
        ),
        NUMBER,
    ),
    **dict.fromkeys(
        (
            *("not", "is", "list contains", "all", "any", "odd", "even", "before", "after"),
            *("meets", "met by", "overlaps", "overlaps before", "overlaps after", "finishes"),
            *("finished by", "includes", "during", "starts", "started by", "coincides"),
            *("contains", "starts with", "ends with", "matches"),
        ),
        BOOLEAN,
    ),
    **dict.fromkeys(
        (
            *("string", "substring", "upper case", "lower case", "substring before"),
            *("substring after", "string join", "replace", "day of week", "month of year"),
        ),
        STRING,
    ),
    **dict.fromkeys(
        (
            *("get entries", "mode", "sublist", "append", "concatenate", "insert before"),
            *("remove", "list replace", "reverse", "union", "distinct values"),
            *("duplicate values", "flatten", "sort"),
        ),
        LIST,
    ),
    **dict.fromkeys(("context", "context put", "context merge"), CONTEXT),
    "split": STRINGS,
    "index of": NUMBERS,
    "date": DATE,
    "today": DATE,
    "time": TIME,
    "date and time": DATE_TIME,
    "now": DATE_TIME,
    "years and months duration": MONTHS,
    "range": RANGE,
}

OF_DATES: dict[str, FeelType] = dict.fromkeys(("year", "month", "day", "weekday"), NUMBER)
OF_TIMES: dict[str, FeelType] = {
    **dict.fromkeys(("hour", "minute", "second"), NUMBER),
    "time offset": DAYS,
    "timezone": STRING,
}
PROPERTIES: dict[str, dict[str, FeelType]] = {
    "date": OF_DATES,
    "time": OF_TIMES,
    "date and time": {**OF_DATES, **OF_TIMES},
    "days and time duration": dict.fromkeys(("days", "hours", "minutes", "seconds"), NUMBER),
    "years and months duration": dict.fromkeys(("years", "months"), NUMBER),
}

# Which kinds an operator takes and what comes of them; both orders of `+` and `*` are listed.
_SUMS: tuple[tuple[str, FeelType, FeelType, FeelType], ...] = (
    *((operator, NUMBER, NUMBER, NUMBER) for operator in ("+", "-", "*", "/", "**")),
    ("+", STRING, STRING, STRING),
    *((op, span, span, span) for op in ("+", "-") for span in (DAYS, MONTHS)),
    *(("/", span, span, NUMBER) for span in (DAYS, MONTHS)),
    *((op, span, NUMBER, span) for op in ("*", "/") for span in (DAYS, MONTHS)),
    *(("*", NUMBER, span, span) for span in (DAYS, MONTHS)),
    *((op, point, DAYS, point) for op in ("+", "-") for point in (DATE, DATE_TIME, TIME)),
    *((op, point, MONTHS, point) for op in ("+", "-") for point in (DATE, DATE_TIME)),
    *(("+", DAYS, point, point) for point in (DATE, DATE_TIME, TIME)),
    *(("+", MONTHS, point, point) for point in (DATE, DATE_TIME)),
    *(("-", one, other, DAYS) for one in (DATE, DATE_TIME) for other in (DATE, DATE_TIME)),
    ("-", TIME, TIME, DAYS),
)
ARITHMETIC: dict[tuple[str, str, str], FeelType] = {
    (operator, left.name, right.name): result for operator, left, right, result in _SUMS
}


def result_of(name: str) -> FeelType:
    """The type of what a built-in function returns; Any where it depends on its arguments."""
    return RESULTS.get(name, ANY)
