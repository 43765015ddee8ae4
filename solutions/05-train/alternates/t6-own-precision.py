# way: average precision step by step
import numpy as np
from sklearn.metrics import auc, roc_curve


def average_precision(scores, labels, weights):
    order = np.argsort(-scores)
    hits = np.cumsum(weights[order] * labels[order])
    recall, precision = hits / hits[-1], hits / np.cumsum(weights[order])
    return float(np.sum(np.diff(recall, prepend=0) * precision))


def evaluate(scores, labels):
    false_alarms, found, _ = roc_curve(labels, scores)
    share = np.where(labels == 1, labels.mean(), 1 - labels.mean())
    life = np.where(labels == 1, 0.00173, 1 - 0.00173)
    return {
        "auroc": float(auc(false_alarms, found)),
        "auprc": average_precision(scores, labels, life / share),
        "auprc_unweighted": average_precision(scores, labels, np.ones(len(labels))),
    }
