"""How readable the code is, in figures: `python bench/bench_readability.py [FOLDER …]`.

Each folder is a checkout of the project, so two states can be compared in one run. Nothing of the
project is imported.
"""

import ast
import sys
from collections import Counter
from pathlib import Path

OURS = ("articles", "references", "physiohub")
#: Rooms whose public functions carry types.
TYPED = (
    "articles/revisions",
    "articles/page",
    "articles/preflight",
    "articles/review",
    "articles/publishing",
    "articles/evidence",
    "references",
)


def modules(root, folders):
    """{path: its source} of the Python in `folders`, but for migrations."""
    return {
        path.relative_to(root).as_posix(): path.read_text()
        for folder in folders
        for path in sorted((root / folder).rglob("*.py"))
        if "migrations" not in path.parts
    }


def functions(source):
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]


def public_functions(node):
    """Functions at the head of a module, and methods of its public classes."""
    for child in node.body:
        if isinstance(child, ast.ClassDef) and not child.name.startswith("_"):
            yield from public_functions(child)
        elif isinstance(child, ast.FunctionDef) and not child.name.startswith("_"):
            yield child


def statements(source):
    """How many do something: no imports, no docstrings, no fields that only have a type."""
    return sum(
        isinstance(node, ast.stmt)
        and not isinstance(node, ast.Import | ast.ImportFrom)
        and not (isinstance(node, ast.AnnAssign) and node.value is None)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in ast.walk(ast.parse(source))
    )


def is_annotated(function):
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    takes = [one for one in arguments if one.arg not in ("self", "cls")]
    return function.returns is not None and all(one.annotation for one in takes)


def length(function):
    return function.end_lineno - function.lineno + 1


def shared_names(sources):
    """Public functions and classes at the head of more than one module of articles/."""
    names = Counter(
        node.name
        for path, source in sources.items()
        if path.startswith("articles/") and "/commands/" not in path
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    )
    return sorted(name for name, times in names.items() if times > 1)


def lines_over(root, folder, pattern, most):
    paths = [path for path in (root / folder).rglob(pattern) if path.is_file()]
    lines = [line for path in paths for line in path.read_text().splitlines()]
    return sum(len(line) > most for line in lines), max(map(len, lines))


def figures(root):
    """[(what, figure)] of the checkout in `root`."""
    app, tests = modules(root, OURS), modules(root, ["tests"])
    everything = {**app, **tests, **modules(root, ["bench", "docs"])}
    found = [function for source in app.values() for function in functions(source)]
    typed = [
        function
        for path, source in app.items()
        if path.startswith(TYPED) and "/admin/" not in path and "/management/" not in path
        for function in public_functions(ast.parse(source))
    ]
    page = sorted(
        length(function)
        for path, source in app.items()
        if path.startswith(("articles/page/", "articles/public/"))
        for function in functions(source)
    )
    skips = sum(source.count("# fmt: skip") for source in everything.values())
    # A line without a blank cannot be broken: most of these are patterns.
    yield (
        "lines of Python over 100",
        sum(
            len(line) > 100 and " " in line.strip()
            for source in everything.values()
            for line in source.splitlines()
        ),
    )
    yield "template lines over 120 (longest)", lines_over(root, "templates", "*", 120)
    yield "script lines over 120 (longest)", lines_over(root, "physiohub/assets", "*.js", 120)
    yield "fmt: skip", skips
    yield "functions over 60 lines", sum(length(function) > 60 for function in found)
    yield "90 of 100 functions of page and views have at most", page[int(len(page) * 0.9)]
    yield "public names two modules of articles share", len(shared_names(app))
    yield (
        "public functions with types, in percent",
        (round(100 * sum(map(is_annotated, typed)) / len(typed))),
    )
    yield (
        "statements of tests for 100 of the app",
        (round(100 * sum(map(statements, tests.values())) / sum(map(statements, app.values())))),
    )


if __name__ == "__main__":
    roots = [Path(folder) for folder in sys.argv[1:] or ["."]]
    for row in zip(*map(figures, roots), strict=True):
        print(f"{row[0][0]:52}", *(f"{figure!s:>14}" for _what, figure in row))
