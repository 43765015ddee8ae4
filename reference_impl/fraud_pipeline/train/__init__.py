"""Train: an ensemble of denoising autoencoders whose code and residuals are scored by their density.

``detector``     scoring in NumPy: what training exports, and all that the scorer needs
``bundle``       the detector and the facts of its training on disk
``autoencoder``  the Keras models, with checkpoints, early stopping and TensorBoard logs
``fit``          the whole training: autoencoders, densities, threshold
``baselines``    what the detector has to beat, among them the autoencoder of the demo of 2019
``settings``     what can be chosen
``evaluation``   AUROC and AUPRC weighted to a realistic share of frauds; curves for the report

``detector`` and ``bundle`` import neither TensorFlow nor scikit-learn, so that a scorer starts at once.
"""

from fraud_pipeline.train.settings import FitSettings, TrainSettings

__all__ = ["FitSettings", "TrainSettings"]
