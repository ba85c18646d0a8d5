"""A trained LightGBM model as an ONNX file: small, and run without LightGBM."""

from __future__ import annotations

from typing import Any

import lightgbm as lgb
import numpy as np
import onnx
from onnx import TensorProto, helper


def forest_bytes(booster: lgb.Booster) -> bytes:
    """The booster as an ONNX model that gives each row's log odds: one, or one a class."""
    classes = booster.num_model_per_iteration()
    nodes = _Nodes(classes)
    dump = booster.dump_model()
    for tree, info in enumerate(dump["tree_info"]):
        nodes.add_tree(tree, info["tree_structure"])
    width = booster.num_feature()
    node = helper.make_node(
        "TreeEnsembleRegressor",
        ["features"],
        ["log_odds"],
        domain="ai.onnx.ml",
        n_targets=classes,
        aggregate_function="SUM",
        **nodes.attributes(),
    )
    graph = helper.make_graph(
        [node],
        "forest",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, width])],
        [helper.make_tensor_value_info("log_odds", TensorProto.FLOAT, [None, classes])],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)], ir_version=8
    )
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


class _Nodes:
    """ONNX's parallel lists of tree nodes."""

    def __init__(self, classes: int) -> None:
        self.classes = classes
        self.tree: list[int] = []
        self.id: list[int] = []
        self.feature: list[int] = []
        self.value: list[float] = []
        self.mode: list[str] = []
        self.yes: list[int] = []
        self.no: list[int] = []
        self.leaves: list[tuple[int, int, float]] = []

    def add_tree(self, tree: int, root: dict[str, Any]) -> None:
        """Append one tree's nodes, children after their parent."""
        pending = [(root, -1, False)]
        count = 0
        start = len(self.id)
        while pending:
            node, parent, is_yes = pending.pop()
            here = count
            count += 1
            self.tree.append(tree)
            self.id.append(here)
            split = "split_feature" in node
            self.feature.append(node["split_feature"] if split else 0)
            self.value.append(_at_most(node["threshold"]) if split else 0.0)
            self.mode.append("BRANCH_LEQ" if split else "LEAF")
            self.yes.append(0)
            self.no.append(0)
            if parent >= 0:
                (self.yes if is_yes else self.no)[start + parent] = here
            if split:
                pending += [(node["right_child"], here, False), (node["left_child"], here, True)]
            else:
                self.leaves.append((tree, here, float(node["leaf_value"])))

    def attributes(self) -> dict[str, Any]:
        """The node attributes of ONNX's TreeEnsembleRegressor."""
        return {
            "nodes_treeids": self.tree,
            "nodes_nodeids": self.id,
            "nodes_featureids": self.feature,
            "nodes_values": self.value,
            "nodes_modes": self.mode,
            "nodes_truenodeids": self.yes,
            "nodes_falsenodeids": self.no,
            "target_treeids": [leaf[0] for leaf in self.leaves],
            "target_nodeids": [leaf[1] for leaf in self.leaves],
            "target_ids": [leaf[0] % self.classes for leaf in self.leaves],
            "target_weights": [leaf[2] for leaf in self.leaves],
        }


def _at_most(threshold: float) -> float:
    """The largest float32 that is not above the threshold: rounding up would send equal values the other way."""
    single = np.float32(threshold)
    return float(np.nextafter(single, np.float32(-np.inf)) if float(single) > threshold else single)
