"""The small detector: the distance from a plane, and a threshold by the share of alerts."""

from __future__ import annotations

import numpy as np
from sklearn.decomposition import PCA

from fraud_pipeline.deploy import PcaDetector


def test_a_score_is_the_squared_distance_from_the_plane() -> None:
    first_axis = np.array([[1.0, 0.0, 0.0]])
    detector = PcaDetector(("A", "B", "C"), np.array([1.0, 0.0, 0.0]), np.array([2.0, 1.0, 0.5]), first_axis, 9.0)
    assert detector.score(np.array([[7.0, 0.0, 0.0], [1.0, 3.0, 2.0]])).tolist() == [0.0, 25.0]


def test_it_fits_what_scikit_learn_fits() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(500, 5)) @ rng.normal(size=(5, 5))
    standard = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    pca = PCA(2).fit(standard)
    distances = np.square(standard - pca.inverse_transform(pca.transform(standard))).sum(axis=1)
    detector = PcaDetector.fit(list("ABCDE"), rows, kept=2, alert_share=0.02)
    np.testing.assert_allclose(detector.score(rows), distances, rtol=1e-9)
    assert (detector.score(rows) > detector.threshold).mean() == 0.02
