"""A model file from a stranger is one forest, or is refused before any of it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cleaners.classifier.forest import Forest
from cleaners.classifier.model import read_parts
from cleaners.errors import ModelError
from cleaners.parsing import arrays

onnx = pytest.importorskip("onnx", reason="the onnx package is not installed: pip install 'copydesk[train]'")
TREE: dict[str, Any] = {
    "n_targets": 1, "nodes_treeids": [0, 0, 0], "nodes_nodeids": [0, 1, 2], "nodes_featureids": [0, 0, 0],
    "nodes_modes": ["BRANCH_LEQ", "LEAF", "LEAF"], "nodes_values": [0.0, 0.0, 0.0], "nodes_truenodeids": [1, 0, 0],
    "nodes_falsenodeids": [2, 0, 0], "target_treeids": [0, 0], "target_nodeids": [1, 2], "target_ids": [0, 0],
    "target_weights": [1.0, 2.0],
}  # fmt: skip


def node(kind: str = "TreeEnsembleRegressor", **changes: Any) -> Any:
    domain, attributes = ("ai.onnx.ml", TREE | changes) if kind.startswith("Tree") else ("", changes)
    return onnx.helper.make_node(kind, ["features"], ["log_odds"], domain=domain, **attributes)


def model(*nodes: Any, weights: tuple[Any, ...] = (), width: int | str = 4) -> bytes:
    helper, real = onnx.helper, onnx.TensorProto.FLOAT
    rows = helper.make_tensor_value_info("features", real, [None, width])
    odds = helper.make_tensor_value_info("log_odds", real, [None, 1])
    graph = helper.make_graph(list(nodes), "forest", [rows], [odds], list(weights))
    versions = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    made: bytes = helper.make_model(graph, opset_imports=versions, ir_version=8).SerializeToString()
    return made


def weights_in_a_file() -> Any:
    tensor = onnx.TensorProto(name="w", data_type=onnx.TensorProto.FLOAT, dims=[1])
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../etc/passwd")
    return tensor


def endless_loop() -> Any:
    body = onnx.helper.make_graph([], "again", [], [])
    return onnx.helper.make_node("Loop", ["features"], ["log_odds"], body=body)


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "0 nodes"),
    "noise": (b"\xff" * 1000, "no ONNX file"),
    "cut": (model(node())[:-9], "no ONNX file"),
    "loop": (model(endless_loop()), "its node is b'Loop'"),
    "two nodes": (model(node(), node("Relu")), "2 nodes"),
    "a large constant": (model(node("Constant", value_floats=[0.0])), "its node is b'Constant'"),
    "weights elsewhere": (model(node(), weights=(weights_in_a_file(),)), "weights or functions"),
    "a tensor in the forest": (
        model(node(nodes_values_as_tensor=onnx.helper.make_tensor("t", onnx.TensorProto.FLOAT, [1], [0.0]))),
        "tensors or graphs",
    ),
    "a circle": (model(node(nodes_truenodeids=[0, 0, 0])), ""),
    "a column far away": (model(node(nodes_featureids=[10**9, 0, 0])), ""),
    "a million million targets": (model(node(n_targets=2**40)), ""),
    "no width": (model(node(), width="n"), ""),
}


def test_a_forest_is_read() -> None:
    assert Forest(model(node()), "ours").predict(np.zeros((2, 4), np.float32)) == pytest.approx(
        [0.731, 0.731], abs=1e-3
    )


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_not_a_forest_is_refused_with_one_line(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    content, why = REFUSED[name]
    with pytest.raises(ModelError, match=r"theirs\.npz: holds no readable forest") as raised:
        Forest(content, "theirs.npz")
    assert why in str(raised.value)
    assert "\n" not in str(raised.value)
    assert capfd.readouterr() == ("", ""), "ONNX Runtime says nothing of its own"


@pytest.mark.parametrize("about", ["[]", "{", "[" * 60_000])
def test_a_model_that_does_not_say_what_it_is_for_is_refused(about: str, tmp_path: Path) -> None:
    path = tmp_path / "theirs.npz"
    said = np.frombuffer(about.encode(), np.uint8)
    arrays.save_arrays(path, forest=np.frombuffer(model(node()), np.uint8), words=np.zeros(4, np.float16), about=said)
    with pytest.raises(ModelError, match="not a model file"):
        read_parts(str(path))


def test_arrays_that_unpack_to_more_than_the_limit_are_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.npz"
    arrays.save_arrays(path, zeros=np.zeros(3 << 20, np.uint8))
    assert path.stat().st_size < 1 << 20
    monkeypatch.setattr(arrays, "MAX_BYTES", 1 << 20)
    with pytest.raises(arrays.DamagedError, match="its arrays take more than"):
        arrays.load_arrays(path)
