"""One small wrong change at a time to the functions of a file: the mutants that a test must notice.

Changed are comparisons, arithmetic, logic, numbers, truth values, what is returned, statements that act, jumps, and
defaults of arguments. Not changed: words of messages and everything inside an f-string, annotations, assertions (they
narrow a type), and what stands outside functions, which declares rather than computes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}
ACTS = (ast.Expr, ast.AugAssign, ast.Raise, ast.Delete)
Functions = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Mutant:
    """A change to one node of a file. `field` of `owner` (at `position`, for a list) becomes `new`."""

    file: str
    function: str
    change: str
    first_line: int
    last_line: int
    lines_of_function: range
    tree: ast.Module
    owner: ast.AST
    field: str
    position: int | None
    new: object
    is_default: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it, and stays when lines move."""
        return self.file, self.function, self.change

    def apply(self) -> None:
        """Change the tree for good: for a process that tries this mutant alone."""
        if self.position is None:
            setattr(self.owner, self.field, self.new)
        else:
            getattr(self.owner, self.field)[self.position] = self.new
        ast.fix_missing_locations(self.tree)


def mutants_of(path: Path, name: str) -> list[Mutant]:
    """Every mutant of a file, in the order of its lines. name: how the file is called in the list."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: list[Mutant] = []
    for function, node in _functions(tree, ""):
        seen: dict[str, int] = {}
        for mutant in _Walk(name, function, tree).of_function(node):
            seen[mutant.change] = seen.get(mutant.change, 0) + 1
            again = seen[mutant.change]
            found.append(_named(mutant, f"{mutant.change} #{again}") if again > 1 else mutant)
    return found


def codes_of(tree: ast.Module, path: Path) -> dict[tuple[str, int], CodeType]:
    """The code of every function of a compiled file, by its name and first line."""
    found: dict[tuple[str, int], CodeType] = {}
    waiting = [compile(tree, str(path), "exec")]
    while waiting:
        code = waiting.pop()
        found[code.co_qualname, code.co_firstlineno] = code
        waiting += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return found


def _named(mutant: Mutant, change: str) -> Mutant:
    fields = {name: getattr(mutant, name) for name in mutant.__dataclass_fields__}
    return Mutant(**{**fields, "change": change})


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """The functions of a module and of its classes; a function within a function belongs to the outer one."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Functions):
            yield prefix + child.name, child
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")


class _Walk:
    def __init__(self, file: str, function: str, tree: ast.Module) -> None:
        self.file = file
        self.function = function
        self.tree = tree
        self.statement: ast.stmt | None = None
        self.lines = range(0)

    def of_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Mutant]:
        self.lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        arguments = node.args
        for field in ("defaults", "kw_defaults"):
            for position, default in enumerate(getattr(arguments, field)):
                if isinstance(default, ast.Constant):
                    for new in _constants(default):
                        yield self._mutant(
                            arguments, field, position, default, new, (node.lineno, node.end_lineno), True
                        )
        for position, statement in enumerate(node.body):
            yield from self.of_statement(node, "body", position, statement)

    def of_statement(self, owner: ast.AST, field: str, position: int, node: ast.stmt) -> Iterator[Mutant]:
        if isinstance(node, ast.Assert) or _is_words(node):
            return
        self.statement = node
        if _may_be_dropped(node):
            yield self._mutant(owner, field, position, node, ast.copy_location(ast.Pass(), node))
        if isinstance(node, ast.Return) and not _is_empty(node.value):
            yield self._mutant(owner, field, position, node, ast.copy_location(ast.Return(ast.Constant(None)), node))
        for kind, other in ((ast.Break, ast.Continue), (ast.Continue, ast.Break)):
            if isinstance(node, kind):
                yield self._mutant(owner, field, position, node, ast.copy_location(other(), node))
        if isinstance(node, ast.AugAssign) and type(node.op) in ARITHMETIC:
            yield self._mutant(node, "op", None, node.op, ARITHMETIC[type(node.op)]())
        yield from self.of_children(node)

    def of_children(self, node: ast.AST) -> Iterator[Mutant]:
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "decorator_list", "type_params"):
                continue
            if isinstance(value, ast.expr):
                yield from self.of_expression(node, field, None, value)
            elif isinstance(value, ast.AST):
                yield from self.of_children(value)
            elif isinstance(value, list):
                for position, item in enumerate(value):
                    if isinstance(item, ast.stmt):
                        yield from self.of_statement(node, field, position, item)
                    elif isinstance(item, ast.expr):
                        yield from self.of_expression(node, field, position, item)
                    elif isinstance(item, ast.AST) and not (isinstance(item, ast.keyword) and item.arg == "strict"):
                        yield from self.of_children(item)

    def of_expression(self, owner: ast.AST, field: str, position: int | None, node: ast.expr) -> Iterator[Mutant]:
        if isinstance(node, ast.JoinedStr):
            return
        if isinstance(node, ast.Compare):
            for place, sign in enumerate(node.ops):
                yield self._mutant(node, "ops", place, sign, COMPARISONS[type(sign)](), around=node)
        elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC and not _joins_words(node):
            yield self._mutant(node, "op", None, node.op, ARITHMETIC[type(node.op)](), around=node)
        elif isinstance(node, ast.BoolOp):
            yield self._mutant(
                node, "op", None, node.op, ast.Or() if isinstance(node.op, ast.And) else ast.And(), around=node
            )
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
            yield self._mutant(owner, field, position, node, node.operand)
        elif isinstance(node, ast.Constant):
            for new in _constants(node):
                yield self._mutant(owner, field, position, node, new, around=owner)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SWAPPED:
            new = ast.copy_location(ast.Name(_SWAPPED[node.func.id], ast.Load()), node.func)
            yield self._mutant(node, "func", None, node.func, new, around=node)
        if _is_condition(owner, field) and isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
            yield self._mutant(owner, field, position, node, ast.copy_location(ast.UnaryOp(ast.Not(), node), node))
        yield from self.of_children(node)

    def _mutant(
        self,
        owner: ast.AST,
        field: str,
        position: int | None,
        old: ast.AST,
        new: ast.AST,
        lines: tuple[int, int | None] | None = None,
        is_default: bool = False,
        around: ast.AST | None = None,
    ) -> Mutant:
        statement = self.statement
        if lines is None:
            assert statement is not None
            near = around if isinstance(around, ast.expr) else statement
            last = statement.lineno if hasattr(statement, "body") else statement.end_lineno
            end = near.end_lineno if isinstance(near, ast.expr) else 0
            lines = min(statement.lineno, near.lineno), max(last or 0, end or 0)
        change = f"{_shown(old)} -> {_shown(new)}"
        if around is not None and not isinstance(old, ast.stmt):
            change += f" in {_shown(around)}"
        place = lines[0], lines[1] or lines[0], self.lines
        return Mutant(self.file, self.function, change, *place, self.tree, owner, field, position, new, is_default)


_SWAPPED = {"min": "max", "max": "min", "any": "all", "all": "any"}
_SIGNS = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in",
    ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not", ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
    ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**", ast.And: "and", ast.Or: "or",
}  # fmt: skip
LONGEST = 90


def _shown(node: ast.AST) -> str:
    if type(node) in _SIGNS:
        return _SIGNS[type(node)]
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _constants(node: ast.Constant) -> list[ast.Constant]:
    value = node.value
    if isinstance(value, bool):
        return [ast.copy_location(ast.Constant(not value), node)]
    if isinstance(value, int):
        return [ast.copy_location(ast.Constant(value + step), node) for step in (1, -1)]
    if isinstance(value, float):
        return [ast.copy_location(ast.Constant(value + 1.0), node)]
    return []


def _is_words(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _joins_words(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def _is_empty(node: ast.expr | None) -> bool:
    """None and False: to return None instead is the same to a condition."""
    return node is None or (isinstance(node, ast.Constant) and node.value in (None, False))


def _may_be_dropped(node: ast.stmt) -> bool:
    if any(isinstance(part, ast.Name) and part.id == "super" for part in ast.walk(node)):
        return False  # a function without `super` has another shape, and takes no new code in its place
    if isinstance(node, ast.Assign):
        return all(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets)
    return isinstance(node, ACTS)


def _is_condition(owner: ast.AST, field: str) -> bool:
    return (field == "test" and isinstance(owner, ast.If | ast.While | ast.IfExp)) or (
        field == "ifs" and isinstance(owner, ast.comprehension)
    )
