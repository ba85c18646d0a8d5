"""Checks that an ONNX file holds one forest and nothing else, before ONNX Runtime runs any of it.

An ONNX file from a stranger can loop without end, claim any amount of memory and name other files as its weights. A
forest cannot: it is one node that holds its trees in lists of numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

NODE: Final = b"TreeEnsembleRegressor"
MAX_BYTES: Final = 64 * 1024 * 1024
"""Bytes of an ONNX file; our forests take half a megabyte."""

# Field numbers of the messages in onnx.proto.
_GRAPH, _FUNCTIONS = 7, 25  # of ModelProto
_NODE, _INITIALIZER, _SPARSE_INITIALIZER = 1, 5, 15  # of GraphProto
_OP_TYPE, _ATTRIBUTE = 4, 5  # of NodeProto
_TENSOR, _SUBGRAPH, _TENSORS, _SUBGRAPHS, _SPARSE, _SPARSES = 5, 6, 10, 11, 22, 23  # of AttributeProto


@lru_cache(maxsize=2)  # models made from corrections hold the same two forests: a third of a second for each model
def what_is_wrong(model: bytes) -> str | None:
    """Why the bytes are not an ONNX file with one forest; None if they are.

    >>> what_is_wrong(b"")
    'it has 0 nodes where a forest has one'
    """
    if len(model) > MAX_BYTES:
        return f"it is larger than {MAX_BYTES:,} bytes"
    try:
        return _fault(model)
    except (IndexError, ValueError):
        return "it is no ONNX file"


def _fault(model: bytes) -> str | None:
    parts = list(_fields(model))
    graph = [field for number, content in parts if number == _GRAPH for field in _fields(content)]
    nodes = [dict(_fields(content)) for number, content in graph if number == _NODE]
    kinds = [node.get(_OP_TYPE) for node in nodes]
    attributes = [field for number, content in graph if number == _NODE for field in _fields(content)]
    held = {number for kind, content in attributes if kind == _ATTRIBUTE for number, _ in _fields(content)}
    if len(nodes) != 1:
        return f"it has {len(nodes)} nodes where a forest has one"
    if kinds != [NODE]:
        return f"its node is {kinds[0]!r}, no {NODE.decode()}"
    if {number for number, _ in graph} & {_INITIALIZER, _SPARSE_INITIALIZER} or _FUNCTIONS in dict(parts):
        return "it holds weights or functions beside the forest"
    if held & {_TENSOR, _SUBGRAPH, _TENSORS, _SUBGRAPHS, _SPARSE, _SPARSES}:
        return "its forest holds tensors or graphs"
    return None


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each field of a message of Protocol Buffers; numbers have no content here.

    Raises IndexError or ValueError where it is damaged.
    """
    at = 0
    while at < len(message):
        tag, at = _number(message, at)
        size, kind = 0, tag & 7
        if kind == 0:
            _, at = _number(message, at)
        elif kind == 2:
            size, at = _number(message, at)
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        else:
            raise ValueError("a field of an unknown type")
        if at + size > len(message):
            raise ValueError("a field that ends after the message")
        yield tag >> 3, message[at : at + size]
        at += size


def _number(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        value |= (message[at] & 127) << shift
        at += 1
        if message[at - 1] < 128:
            return value, at
    raise ValueError("a number that does not end")
