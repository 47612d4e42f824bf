import ast
from pathlib import Path

from tests.architecture.source import ROOT, modules


def names_one_of_our_types(pattern: ast.pattern) -> bool:
    """True for a class of ours or a member of an enum; `str()`, `None` and tuples are not."""
    match pattern:
        case ast.MatchOr(patterns=patterns):
            return any(map(names_one_of_our_types, patterns))
        case ast.MatchAs(pattern=ast.pattern() as inner):
            return names_one_of_our_types(inner)
        case ast.MatchClass(cls=named):
            return not ast.unparse(named).islower()
        case ast.MatchValue(value=ast.Attribute()):
            return True
        case _:
            return False


def ends_in_assert_never(match: ast.Match) -> bool:
    last = match.cases[-1]
    return ast.unparse(last.pattern) == "_" and "assert_never(" in ast.unparse(last.body[0])


def open_matches(root: Path) -> list[str]:
    return [
        f"{module.at(node)}: this match over a union does not end in assert_never"
        for module in modules(root, "bot", "knowledge", "state")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Match)
        and any(names_one_of_our_types(case.pattern) for case in node.cases)
        and not ends_in_assert_never(node)
    ]


def test_every_match_over_a_union_ends_in_assert_never() -> None:
    assert open_matches(ROOT) == []
