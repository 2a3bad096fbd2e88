"""Changes one value, line or row of a policy document and leaves every other letter as it is. Pure.

A place is named by its path, as differences name it: `steps.contact.by`, `tables.remedies.0.offer`.
What is written anew is read again afterwards: either exactly this one thing has changed, or the
text is left alone and the change refused.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from makegood.ground.refusals import Refused
from makegood.recover.policy.document import PolicyError, compose

Value = str | Sequence[str]
"""Words, or a short list of them that stands on one line."""

INDENT: Final = 2
T = TypeVar("T")


class CannotEdit(Refused):
    """This text is written in a way that only its writer should change."""

    def __init__(self) -> None:
        super().__init__(
            "This place is written in an unusual way. Change it in the text itself.",
            code="edit_the_text",
            status=422,
        )


@dataclass(frozen=True)
class _Found:
    """A node, and the key that names it if its parent is a table."""

    node: Node
    key: Node | None = None


def written(text: str) -> Any:
    """What the document says: names with values, lists and words; every value as it is written."""
    return _plain(_root(text))


def value_at(text: str, path: str) -> Any:
    """What stands at `path`; None if nothing does."""
    found = _find(_root(text), _parts(path))
    return _plain(found.node) if found else None


def set_value(text: str, path: str, value: Value) -> str:
    """Writes `value` at `path`, where something stands or where something new may stand."""
    parts = _parts(path)
    root = _root(text)
    found = _find(root, parts)
    after = (
        _replaced(text, root, parts, found, value) if found else _added(text, root, parts, value)
    )
    return _checked(text, after, lambda data: _put(data, parts, _as_data(value)))


def remove(text: str, path: str) -> str:
    """Takes the value or row at `path` away, with its name; nothing there: nothing happens."""
    parts = _parts(path)
    root = _root(text)
    holder = _find(root, parts[:-1])
    if holder is None or _find(root, parts) is None:
        return text
    after = _without(text, holder.node, parts[-1])
    return _checked(text, after, lambda data: _drop(data, parts))


def add_row(text: str, path: str, row: Mapping[str, Value]) -> str:
    """Adds a row at the end of the list at `path`, in the manner of the rows that are there."""
    parts = _parts(path)
    found = _find(_root(text), parts)
    if found and isinstance(found.node, SequenceNode) and found.node.value:
        after = _row_added(text, found.node, row)
    else:
        after = _first_row(text, parts, found, row)
    data_row = {name: _as_data(value) for name, value in row.items()}
    return _checked(text, after, lambda data: _append(data, parts, data_row))


def move_row(text: str, path: str, to: int) -> str:
    """Puts the row at `path` in place `to` of its list, with what is written about it."""
    parts = _parts(path)
    holder = _find(_root(text), parts[:-1])
    at = int(parts[-1]) if parts[-1].isdigit() else -1
    rows = holder.node.value if holder and isinstance(holder.node, SequenceNode) else []
    if holder is None or not (0 <= at < len(rows) and 0 <= to < len(rows)):
        raise CannotEdit
    if _in_brackets(holder.node):
        cuts = [(row.start_mark.index, _end(text, row)) for row in rows]
    else:
        begins = [_line_begin(text, _dash(text, row)) for row in rows]
        cuts = list(zip(begins, [*begins[1:], _line_end(text, _end(text, rows[-1]))], strict=True))
    pieces = _moved([text[begin:end] for begin, end in cuts], at, to)
    after = text
    for (begin, end), piece in reversed(list(zip(cuts, pieces, strict=True))):
        after = after[:begin] + piece + after[end:]
    return _checked(text, after, lambda data: _shift(data, parts[:-1], at, to))


def _root(text: str) -> Node:
    try:
        node = compose(text)
    except (PolicyError, YAMLError, ValueError) as error:
        raise CannotEdit from error
    if not isinstance(node, MappingNode) or node.flow_style:
        raise CannotEdit
    return node


def _parts(path: str) -> list[str]:
    parts = path.split(".")
    if not all(parts):
        raise CannotEdit
    return parts


def _find(node: Node, parts: Sequence[str]) -> _Found | None:
    found: _Found | None = _Found(node)
    for part in parts:
        found = _inner(found.node, part) if found else None
    return found


def _inner(node: Node, part: str) -> _Found | None:
    if isinstance(node, MappingNode):
        pairs = (_Found(value, key) for key, value in node.value if key.value == part)
        return next(pairs, None)
    if isinstance(node, SequenceNode) and part.isdigit() and int(part) < len(node.value):
        return _Found(node.value[int(part)])
    return None


def _plain(node: Node) -> Any:
    if isinstance(node, MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_plain(value) for value in node.value]
    return " ".join(str(node.value).split())


def _replaced(text: str, root: Node, parts: list[str], found: _Found, value: Value) -> str:
    node = found.node
    begin, end = node.start_mark.index, _end(text, node)
    if isinstance(node, ScalarNode) and begin < end and isinstance(value, str):
        flow = _within_flow(root, parts)
        return text[:begin] + _scalar(value, flow=flow) + text[end:]
    if found.key is None:
        raise CannotEdit
    colon = text.index(":", _end(text, found.key))
    flow = _within_flow(root, parts)
    return f"{text[: colon + 1]} {_one_line(value, flow=flow)}{text[max(end, colon + 1) :]}"


def _added(text: str, root: Node, parts: list[str], value: Value) -> str:
    depth = next(n for n in range(len(parts) - 1, -1, -1) if _find(root, parts[:n]))
    holder, missing = _find(root, parts[:depth]), parts[depth:]
    if holder is None or not isinstance(holder.node, MappingNode):
        raise CannotEdit
    if any(name.isdigit() for name in missing):
        raise CannotEdit
    node = holder.node
    if node.flow_style:
        inner = _one_line(value, flow=True)
        for name in reversed(missing[1:]):
            inner = f"{{{name}: {inner}}}"
        comma = ", " if node.value else ""
        end = node.end_mark.index - 1
        return f"{text[:end].rstrip()}{comma}{missing[0]}: {inner}{text[end:]}"
    column = node.value[0][0].start_mark.column
    lines = [f"{' ' * (column + INDENT * n)}{name}:" for n, name in enumerate(missing)]
    lines[-1] += f" {_one_line(value, flow=False)}"
    return _insert_lines(text, _end(text, node), lines)


def _without(text: str, holder: Node, name: str) -> str:
    if isinstance(holder, SequenceNode):
        places = [(value.start_mark.index, _end(text, value)) for value in holder.value]
        at = int(name)
    else:
        places = [
            (key.start_mark.index, max(_end(text, key) + 1, _end(text, value)))
            for key, value in holder.value
        ]
        at = next(n for n, (key, _) in enumerate(holder.value) if key.value == name)
    if _in_brackets(holder):
        begin = places[at - 1][1] if at else places[at][0]
        end = places[at][1] if at or len(places) == 1 else places[1][0]
        return text[:begin] + text[end:]
    if len(places) == 1 and isinstance(holder, SequenceNode):
        margin = " " * (holder.start_mark.column + INDENT)
        begin = _line_begin(text, holder.start_mark.index)
        return f"{text[:begin]}{margin}[]{text[places[0][1] :]}"
    if len(places) == 1:
        return f"{text[: places[0][0]]}{{}}{text[places[0][1] :]}"
    if isinstance(holder, MappingNode) and at == 0 and not _alone(text, places[0][0]):
        return text[: places[0][0]] + text[places[1][0] :]
    first = _dash(text, holder.value[at]) if isinstance(holder, SequenceNode) else places[at][0]
    return text[: _line_begin(text, first)] + text[_line_end(text, places[at][1]) :]


def _row_added(text: str, rows: SequenceNode, row: Mapping[str, Value]) -> str:
    last = rows.value[-1]
    if rows.flow_style:
        end = _end(text, last)
        return f"{text[:end]}, {_flow_row(row)}{text[end:]}"
    column = rows.start_mark.column
    lines = _row_lines(row, column, flow=_in_brackets(last))
    return _insert_lines(text, _end(text, last), lines)


def _first_row(text: str, parts: list[str], found: _Found | None, row: Mapping[str, Value]) -> str:
    if found is None:
        text = set_value(text, ".".join(parts), "[]")
        found = _find(_root(text), parts)
    if found is None or found.key is None or _plain(found.node) not in ([], "", "[]"):
        raise CannotEdit
    key = found.key
    if _within_flow(_root(text), parts):
        begin, end = found.node.start_mark.index, _end(text, found.node)
        return f"{text[:begin]}[{_flow_row(row)}]{text[end:]}"
    colon = text.index(":", _end(text, key))
    lines = _row_lines(row, key.start_mark.column + INDENT, flow=False)
    end = max(colon + 1, _end(text, found.node))
    return _insert_lines(text[: colon + 1] + text[end:], colon + 1, lines)


def _row_lines(row: Mapping[str, Value], column: int, *, flow: bool) -> list[str]:
    margin = " " * column
    if flow:
        return [f"{margin}- {_flow_row(row)}"]
    said = [f"{name}: {_one_line(value, flow=False)}" for name, value in row.items()]
    return [f"{margin}- {said[0]}", *(f"{margin}{' ' * INDENT}{line}" for line in said[1:])]


def _flow_row(row: Mapping[str, Value]) -> str:
    said = (f"{name}: {_one_line(value, flow=True)}" for name, value in row.items())
    return "{" + ", ".join(said) + "}"


def _one_line(value: Value, *, flow: bool) -> str:
    if isinstance(value, str):
        return "[]" if value == "[]" else _scalar(value, flow=flow)
    return "[" + ", ".join(_scalar(one, flow=True) for one in value) + "]"


def _scalar(value: str, *, flow: bool) -> str:
    """`value` as it stands in the document: bare where it can be, else in quotes."""
    value = " ".join(value.split())
    bare = f"{{x: {value}}}" if flow else f"x: {value}"
    for said, tried in ((value, bare), (_quoted(value), f"x: {_quoted(value)}")):
        try:
            node = YAML(typ="safe", pure=True).compose(tried + "\n")
        except (YAMLError, ValueError):
            continue
        if value and isinstance(node, MappingNode) and _plain(node) == {"x": value}:
            return said
    return '""' if not value else _quoted(value)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _end(text: str, node: Node) -> int:
    """Where the last letter of `node` ends; comments below it are not part of it."""
    if isinstance(node, ScalarNode):
        begin, end = int(node.start_mark.index), int(node.end_mark.index)
        return begin + len(text[begin:end].rstrip())
    if _in_brackets(node) or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    if isinstance(last, tuple):
        key, value = last
        return max(_end(text, key) + 1, _end(text, value))
    return _end(text, last)


def _within_flow(root: Node, parts: Sequence[str]) -> bool:
    """Whether the place lies within brackets of one line."""
    holders = (_find(root, parts[:n]) for n in range(len(parts)))
    return any(holder is not None and _in_brackets(holder.node) for holder in holders)


def _in_brackets(node: Node) -> bool:
    return isinstance(node, CollectionNode) and bool(node.flow_style)


def _dash(text: str, item: Node) -> int:
    return text.rindex("-", 0, int(item.start_mark.index))


def _alone(text: str, place: int) -> bool:
    return not text[_line_begin(text, place) : place].strip()


def _line_begin(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end + 1


def _insert_lines(text: str, after: int, lines: Sequence[str]) -> str:
    """Below the line of the place `after`."""
    end = _line_end(text, after)
    newline = "" if text[:end].endswith("\n") else "\n"
    return f"{text[:end]}{newline}{''.join(f'{line}{chr(10)}' for line in lines)}{text[end:]}"


def _moved(pieces: list[T], at: int, to: int) -> list[T]:
    rest = [*pieces[:at], *pieces[at + 1 :]]
    return [*rest[:to], pieces[at], *rest[to:]]


def _checked(before: str, after: str, change: Callable[[Any], None]) -> str:
    expected = written(before)
    change(expected)
    if written(after) != expected:
        raise CannotEdit
    return after


def _as_data(value: Value) -> Any:
    if isinstance(value, str):
        return [] if value == "[]" else " ".join(value.split())
    return [" ".join(one.split()) for one in value]


def _holder(data: Any, parts: Sequence[str]) -> Any:
    for part in parts:
        data = data[int(part)] if isinstance(data, list) else data.setdefault(part, {})
    return data


def _put(data: Any, parts: Sequence[str], value: Any) -> None:
    holder = _holder(data, parts[:-1])
    if isinstance(holder, list):
        holder[int(parts[-1])] = value
    else:
        holder[parts[-1]] = value


def _drop(data: Any, parts: Sequence[str]) -> None:
    holder = _holder(data, parts[:-1])
    del holder[int(parts[-1]) if isinstance(holder, list) else parts[-1]]


def _append(data: Any, parts: Sequence[str], row: dict[str, Any]) -> None:
    holder = _holder(data, parts[:-1])
    holder[parts[-1]] = [*(holder.get(parts[-1]) or []), row]


def _shift(data: Any, parts: Sequence[str], at: int, to: int) -> None:
    holder = _holder(data, parts[:-1])
    holder[parts[-1]] = _moved(holder[parts[-1]], at, to)
