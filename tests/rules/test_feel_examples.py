"""FEEL by example: each line is an expression and what it means, written as FEEL writes values."""

import pytest

from tongban.rules import compile_expression, write

EXAMPLES = """
# numbers
1 + 2 * 3 => 7
-3 ** 2 => 9
2 ** 3 ** 2 => 64
0.1 + 0.2 => 0.3
10 / 4 => 2.5
1 / 3 => 0.3333333333333333333333333333333333
1.5e3 => 1500
1 / 0 => null
"a" + 1 => null
"a" + "b" => ab
# three-valued logic
true and null => null
false and null => false
true or null => true
false or "x" => null
not(null) => null
# comparison
1 = 1.0 => true
1 = "1" => null
null = null => true
1 = null => false
[1, 2] = [1, 2] => true
[1, 2] = [1, "2"] => false
{a: 1, b: 2} = {b: 2, a: 1} => true
5 between 1 and 5 => true
"b" between "a" and "c" => true
null < 1 => null
# in
1 in [1, 2] => true
3 in (< 3, > 10) => false
3 in [1..3] => true
3 in [1..3) => false
3 in ]1..4[ => true
"x" in ("a", "x") => true
[1] in ([[1], [2]]) => true
# forms
if 1 > 2 then "a" else "b" => b
if null then "a" else "b" => b
for i in 1..3 return i * i => [1, 4, 9]
for i in 3..1 return i => [3, 2, 1]
for i in 0..4 return if i = 0 then 1 else i * partial[-1] => [1, 1, 2, 6, 24]
for i in @"2026-02-27"..@"2026-03-01" return i.day => [27, 28, 1]
for x in [1, 2], y in [x, 10] return x * y => [1, 10, 4, 20]
some x in [1, 2] satisfies x > 1 => true
every x in [] satisfies false => true
every x in [1, null] satisfies x > 0 => null
# filters and paths
[1, 2, 3][2] => 2
[1, 2, 3][-1] => 3
[1, 2, 3][0] => null
[1, 2, 3][item > 1] => [2, 3]
[{x: 1}, {x: 2}][x = 2] => [{x: 2}]
[{x: 1}, {x: 2}].x => [1, 2]
[{item: 1}, {item: 2}][item > 1] => [{item: 2}]
{a: {b c: 3}}.a.b c => 3
{a: 1, b: a + 1}.b => 2
{a: 1, a: 2} => null
5[1] => 5
"x"[item = "x"] => ["x"]
# names
{申请人 年龄: 20, 合格: 申请人 年龄 >= 18}.合格 => true
{a-b: 1, a: 5, b: 3, c: a-b}.c => 1
{time of day: 1}.time of day => 1
{🐎: "马"}.🐎 => 马
# types
1 instance of number => true
null instance of Any => false
[1, 2] instance of list<number> => true
{a: "x"} instance of context<a: string> => true
[1..2] instance of range<number> => true
(function(a: number) a) instance of function<number> -> number => true
@"P1D" instance of days and time duration => true
# functions
(function(x: number) x + 1)(2) => 3
(function(x: number) x)("a") => null
(function(x: number, y) x - y)(y: 1, x: 3) => 2
substring("通办平台", 2, 2) => 办平
substring("abc", -2) => bc
substring("abc", 0) => null
string length("\\uD83D\\uDC0Eab") => 3
replace("abcd", "(ab)|(a)", "[1=$1][2=$2]") => [1=ab][2=]cd
replace("abc", ".*?", "x") => null
matches("Mary\\u000DJones", "Mary.Jones") => false
matches("x", "[A-Z-[OI]]", "i") => true
matches("aA", "(a)\\1", "i") => true
split("a;b;;", ";") => ["a", "b", "", ""]
string join(["a", null, "b"], "-") => a-b
contains("", "") => true
sum([]) => null
count([]) => 0
min("b", "a") => a
mean(1, 2, 6) => 3
median([8, 2, 5, 7]) => 6
mode([3, 6, 1, 9, 6, 1, 3]) => [1, 3, 6]
stddev([2, 2]) => 0
all([]) => true
any([false, null]) => null
sublist([1, 2, 3], 2, 1) => [2]
insert before([1, 3], 2, 2) => [1, 2, 3]
remove([1, 2], 1) => [2]
list replace([1, 2, 3], 2, 9) => [1, 9, 3]
list replace([1, 2, 3], function(item, newItem) item > 1, 9) => [1, 9, 9]
{count: count([1, 2]), twice: count([count, 1])}.twice => 2
{date: 1, day: date("2026-11-22").day}.day => 22
append(list: [1], item: 2) => [1, 2]
flatten([[1, [2]], 3]) => [1, 2, 3]
distinct values([1, 2, 1, "1"]) => [1, 2, "1"]
duplicate values([1, 2, 1]) => [1]
union([1], [1, 2]) => [1, 2]
index of([1, null, 1], null) => [2]
sort([3, 1, 2], function(a, b) a > b) => [3, 2, 1]
floor(-1.56, 1) => -1.6
ceiling(1.2) => 2
round half up(2.5, 0) => 3
round half down(2.5, 0) => 2
round up(-1.11, 1) => -1.2
round down(1.19, 1) => 1.1
decimal(2.5, 0) => 2
modulo(-12, 5) => 3
modulo(10.1, 4.5) => 1.1
sqrt(-1) => null
odd(5.5) => false
number("1.000,5", ".", ",") => 1000.5
string([1, "a", {b: null}]) => [1, "a", {b: null}]
get value({a: {b: 1}}, ["a", "b"]) => 1
get entries({a: 1}) => [{key: "a", value: 1}]
context([{key: "a", value: 1}]) => {a: 1}
context put({a: {b: 1}}, ["a", "b"], 2) => {a: {b: 2}}
context merge([{a: 1}, {a: 2, b: 3}]) => {a: 2, b: 3}
before([1..5], (5..9]) => true
overlaps([1..5], [5..9]) => true
overlaps before([1..5], [3..8]) => true
finished by([1..10], 10) => true
coincides([1..5], [1..5]) => true
range("[1..5)") => [1..5)
range("[5..1]") => null
is(@"10:00:00Z", @"11:00:00+01:00") => false
# a null where a value is needed
substring(null, 1) => null
list contains([1, null], null) => true
"""

CASES = [line.split(" => ") for line in EXAMPLES.splitlines() if " => " in line]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_expression_means(text: str, expected: str) -> None:
    result = compile_expression(text).evaluate({})
    assert ("null" if result.value is None else write(result.value)) == expected


@pytest.mark.parametrize("text", [text for text, expected in CASES if expected == "null"])
def test_null_is_never_silent(text: str) -> None:
    result = compile_expression(text).evaluate({})
    quiet = " and " in text or " or " in text or text.startswith(("sum", "every"))
    assert result.reasons or quiet
