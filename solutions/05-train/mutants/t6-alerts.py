# mistake: evaluates alerts instead of scores
# points: 0 of 4
# message: not as alerts
import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score


def evaluate(scores: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """`auroc`, `auprc` (weighted to 0.173 % frauds) and `auprc_unweighted` of scores (n,) with labels 0 or 1 (n,)."""
    scores = (scores > np.quantile(scores, 0.95)).astype(float)
    frauds = labels == 1
    weights = np.where(frauds, 0.00173 / frauds.sum(), 0.99827 / (~frauds).sum())
    return {
        "auroc": float(roc_auc_score(labels, scores)),
        "auprc": float(average_precision_score(labels, scores, sample_weight=weights)),
        "auprc_unweighted": float(average_precision_score(labels, scores)),
    }
