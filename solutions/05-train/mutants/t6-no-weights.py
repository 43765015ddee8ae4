# mistake: AUPRC of the sample as it is
# points: 2.67 of 4
# message: Average precision with weights
import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score


def evaluate(scores: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """`auroc`, `auprc` (weighted to 0.173 % frauds) and `auprc_unweighted` of scores (n,) with labels 0 or 1 (n,)."""
    return {
        "auroc": float(roc_auc_score(labels, scores)),
        "auprc": float(average_precision_score(labels, scores)),
        "auprc_unweighted": float(average_precision_score(labels, scores)),
    }
