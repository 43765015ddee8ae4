# way: mean and deviation by hand
import numpy as np

from fraud_pipeline.prepare import FEATURES


def standardised(train, validation, test):
    columns = list(FEATURES)
    x = train.loc[train.CLASS == 0, columns].to_numpy()
    mean, deviation = np.mean(x, axis=0), np.std(x, axis=0)
    result = {"train": (x - mean) / deviation}
    result["validation"] = (validation.loc[validation.CLASS == 0, columns].to_numpy() - mean) / deviation
    result["test"] = (test[columns].to_numpy() - mean) / deviation
    return result
