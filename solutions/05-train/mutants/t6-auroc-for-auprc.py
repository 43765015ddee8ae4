# mistake: AUROC reported as AUPRC
# points: 1.33 of 4
# message: Is this the AUROC once more
import numpy as np
from sklearn.metrics import roc_auc_score


def evaluate(scores: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """`auroc`, `auprc` (weighted to 0.173 % frauds) and `auprc_unweighted` of scores (n,) with labels 0 or 1 (n,)."""
    frauds = labels == 1
    weights = np.where(frauds, 0.00173 / frauds.sum(), 0.99827 / (~frauds).sum())
    return {
        "auroc": float(roc_auc_score(labels, scores)),
        "auprc": float(roc_auc_score(labels, scores, sample_weight=weights)),
        "auprc_unweighted": float(roc_auc_score(labels, scores)),
    }
