"""Printing a tree and reading it again gives the same tree."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tongban.rules import parse, unparse
from tongban.rules.feel import ast
from tongban.rules.feel.cursor import Vocabulary
from tongban.rules.feel.names import Names

KNOWN = ("a", "b", "申请人 年龄", "rate in percent", "x-y", "time of day")
VOCABULARY = Vocabulary(Names(KNOWN), Names(KNOWN))

names = st.sampled_from(KNOWN)
numbers = st.decimals(0, 10**9, places=3).map(lambda n: ast.NumberLiteral(Decimal(str(n))))
texts = st.text(max_size=12).map(ast.StringLiteral)
leaves = st.one_of(
    numbers,
    texts,
    st.booleans().map(ast.BooleanLiteral),
    st.just(ast.NullLiteral()),
    st.just(ast.AtLiteral("2026-11-22")),
    names.map(ast.Name),
)


def flat(kind: type[ast.Conjunction] | type[ast.Disjunction], parts: list[ast.Node]) -> ast.Node:
    """A chain as the parser makes it: a chain of the same kind at the front is part of it."""
    first = parts[0]
    items = first.items if isinstance(first, kind) else (first,)
    return kind((*items, *parts[1:]))


def iteration(part: st.SearchStrategy[ast.Node]) -> st.SearchStrategy[ast.Iteration]:
    return st.builds(ast.Iteration, st.sampled_from(("i", "每项")), part, st.none() | part)


def ranges(part: st.SearchStrategy[ast.Node]) -> st.SearchStrategy[ast.Node]:
    closed = st.builds(ast.RangeLiteral, part, part, st.booleans(), st.booleans())
    below = st.builds(
        lambda end, on: ast.RangeLiteral(None, end, False, on, "<=" if on else "<"),
        part,
        st.booleans(),
    )
    return closed | below


def larger(part: st.SearchStrategy[ast.Node]) -> st.SearchStrategy[ast.Node]:
    some = st.lists(part, min_size=1, max_size=3)
    pair = st.lists(part, min_size=2, max_size=3)
    types = st.sampled_from((ast.TypeNode("number"), ast.ListTypeNode("list", ast.TypeNode("Any"))))
    loops = st.lists(iteration(part), min_size=1, max_size=2).map(tuple)
    return st.one_of(
        st.builds(ast.Arithmetic, st.sampled_from("+-*/"), part, part),
        st.builds(ast.Arithmetic, st.just("**"), part, part),
        st.builds(ast.Comparison, st.sampled_from(("=", "!=", "<", ">=")), part, part),
        pair.map(lambda items: flat(ast.Conjunction, items)),
        pair.map(lambda items: flat(ast.Disjunction, items)),
        st.builds(ast.Negation, part),
        st.builds(ast.If, part, part, part),
        st.builds(ast.For, loops, part),
        st.builds(ast.Quantified, st.booleans(), loops, part),
        st.builds(ast.Between, part, part, part),
        st.builds(ast.In, part, some.map(tuple)),
        st.builds(ast.InstanceOf, part, types),
        st.builds(ast.Path, part, names),
        st.builds(ast.Filter, part, part),
        st.builds(ast.ListLiteral, some.map(tuple)),
        st.builds(ast.ContextLiteral, st.lists(st.tuples(names, part), max_size=3).map(tuple)),
        st.builds(ast.Call, part, some.map(tuple)),
        st.builds(ast.NamedCall, part, st.tuples(st.tuples(names, part))),
        st.builds(
            ast.FunctionDefinition,
            st.tuples(st.builds(ast.FormalParameter, names, st.none() | types)),
            part,
        ),
        ranges(part),
    )


trees = st.recursive(leaves, larger, max_leaves=12)


@settings(max_examples=300, deadline=None)
@given(trees)
def test_an_expression_survives(tree: ast.Node) -> None:
    assert parse(unparse(tree), VOCABULARY) == tree


def test_brackets_stand_only_where_they_are_needed() -> None:
    assert unparse(parse("((1) + (2 * 3)) - (4 - 5)")) == "1 + 2 * 3 - (4 - 5)"


def test_what_follows_a_type_is_not_read_as_part_of_it() -> None:
    for text in ("(a instance of number).b", "(a instance of number)[1]"):
        assert unparse(parse(text)) == text
