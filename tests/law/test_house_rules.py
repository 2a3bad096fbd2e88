"""Laws of the house that import-linter cannot see, read from the source itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.law import source

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
STORY_SCREEN = 75
WORDS_THAT_MEAN_NOTHING = {"utils", "util", "helpers", "common", "manager", "managers", "services"}
CLOCK_CALLS = {
    "datetime.now",
    "datetime.utcnow",
    "timezone.now",
    "clock.now",
    "time.time",
    "date.today",
}
MAY_READ_THE_CLOCK = ("ground", *source.DOORS)
WRITES = {
    "create",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "update",
    "delete",
    "bulk_update",
}
WRITES_MANY = {"insert_all", "save_all"}  # of ground/rows.py: the model comes first


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(source.tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_the_story_fits_on_one_screen() -> None:
    assert len((source.PACKAGE / "story.py").read_text().splitlines()) <= STORY_SCREEN


def test_modules_and_functions_stay_small() -> None:
    long = [
        source.place(path)
        for path in source.modules()
        if len(path.read_text().splitlines()) > LONGEST_MODULE
    ]
    long += [
        f"{source.place(path, function)} {function.name}"
        for path in source.modules()
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    ]
    assert not long


def test_no_module_is_named_by_nothing() -> None:
    names = [
        source.place(path)
        for path in source.modules()
        if WORDS_THAT_MEAN_NOTHING & {path.stem, path.parent.name}
    ]
    assert not names


def test_nobody_reads_the_clock_but_doors_jobs_and_ground() -> None:
    readers = [
        f"{source.place(path, node)} {ast.unparse(node)}"
        for path in source.modules()
        if source.room_of(path) not in MAY_READ_THE_CLOCK and path.name != "jobs.py"
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CLOCK_CALLS
    ]
    assert not readers


def test_public_functions_say_what_they_intend() -> None:
    silent = [
        f"{source.place(path, node)} {node.name}"
        for path in source.modules()
        if path.name != "apps.py"
        for node in source.tree(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent


def test_every_module_says_why_it_exists() -> None:
    assert not [
        source.place(path)
        for path in source.modules()
        if path.name not in ("__init__.py", "apps.py") and not ast.get_docstring(source.tree(path))
    ]


def test_imports_stand_at_the_top() -> None:
    hidden = [
        source.place(path, node)
        for path in source.modules()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not hidden


def test_a_rooms_tables_are_written_only_by_that_room() -> None:
    trespasses = [
        f"{source.place(path, call)} {ast.unparse(call.func)}"
        for path in source.modules()
        for call, owner in _writes_to_models(path)
        if owner != source.room_of(path)
    ]
    assert not trespasses


def test_many_rows_are_written_by_the_name_of_their_model() -> None:
    """Or the law above would not see them: `insert_all(Step, ...)`, not `insert_all(kind, ...)`."""
    unnamed = [
        f"{source.place(path, call)} {ast.unparse(call.func)}"
        for path in source.modules()
        for call in ast.walk(source.tree(path))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).rpartition(".")[2] in WRITES_MANY
        and _model_written(call) not in _models_imported(path)
    ]
    assert not unnamed


def _writes_to_models(path: Path) -> Iterator[tuple[ast.Call, str]]:
    owners = _models_imported(path)
    for node in ast.walk(source.tree(path)):
        if isinstance(node, ast.Call):
            model = _model_written(node)
            if model in owners:
                yield node, owners[model]


def _models_imported(path: Path) -> dict[str, str]:
    """The room of each model that a module imports, by the name it has there."""
    return {
        alias.asname or alias.name: node.module.split(".")[1]
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.ImportFrom)
        and node.module
        and node.module.startswith("makegood.")
        and node.module.endswith(".models")
        for alias in node.names
    }


def _model_written(call: ast.Call) -> str:
    verb = ast.unparse(call.func)
    model, dot, rest = verb.partition(".objects")
    if dot and rest and verb.rpartition(".")[2] in WRITES:
        return model
    if verb.rpartition(".")[2] in WRITES_MANY and call.args:
        return ast.unparse(call.args[0])
    return ""
