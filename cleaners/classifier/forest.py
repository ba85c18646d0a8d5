"""Prediction with a gradient-boosted forest kept as an ONNX model."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaners.classifier.onnx_forest import what_is_wrong
from cleaners.errors import ModelError


class Forest:
    """A loaded forest. Immutable; the same rows give the same probabilities in every process.

    model    an ONNX file of one forest
    name     where the model comes from, for the message of a ModelError
    is_ours  the model comes with the package, so it is loaded without the check, which takes a third of a second
    """

    def __init__(self, model: bytes, name: str, is_ours: bool = False) -> None:
        import onnxruntime as ort  # 0.2 s to import: paid by the first page, not by `copydesk --help`

        if not is_ours and (fault := what_is_wrong(model)):
            raise _unreadable(name, fault)
        settings = ort.SessionOptions()
        settings.intra_op_num_threads = 1
        settings.inter_op_num_threads = 1
        settings.log_severity_level = 4  # our own message names the fault, so ONNX Runtime need not log it
        try:
            self._session: Any = ort.InferenceSession(model, settings, providers=["CPUExecutionProvider"])
            self.width = int(self._session.get_inputs()[0].shape[1])
            self._log_odds(np.zeros((1, self.width), np.float32))  # some damage shows only in a prediction
        except Exception as error:  # onnxruntime has no base error of its own
            raise _unreadable(name, " ".join(str(error).split())[:200]) from error

    def predict(self, features: NDArray[np.float32], shift: float = 0.0) -> NDArray[np.float64]:
        """One probability for each row of features (n, width); `shift` is added to the log odds first."""
        if not len(features):
            return np.zeros(0)
        return np.asarray(1 / (1 + np.exp(-(self._log_odds(features)[:, 0] + shift))))

    def predict_classes(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """One probability for each row and class, (n, classes); each row sums to 1."""
        odds = np.exp(self._log_odds(features))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    def _log_odds(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        (out,) = self._session.run(None, {"features": features})
        return np.asarray(out, np.float64)


def _unreadable(name: str, why: str) -> ModelError:
    return ModelError(f"{name}: holds no readable forest ({why}); make one with `copydesk train`")
