# way: frauds weighted against normal payments of weight 1
import numpy as np
from sklearn import metrics


def evaluate(scores, labels):
    normal, frauds = np.bincount(labels)
    weights = np.ones(len(labels))
    weights[labels == 1] = 0.00173 / 0.99827 * normal / frauds
    return {
        "auprc_unweighted": metrics.average_precision_score(labels, scores),
        "auprc": metrics.average_precision_score(labels, scores, sample_weight=weights),
        "auroc": metrics.roc_auc_score(labels, scores),
    }
