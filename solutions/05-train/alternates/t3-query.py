# way: fit_transform on the training rows, frauds taken out by query
from sklearn.preprocessing import StandardScaler

from fraud_pipeline.prepare import FEATURES


def standardised(train, validation, test):
    scaler = StandardScaler()
    columns = list(FEATURES)
    fitted = scaler.fit_transform(train.query("CLASS != 1")[columns].values)
    later = scaler.transform(validation.query("CLASS != 1")[columns].values)
    return {"test": scaler.transform(test[columns].values), "train": fitted, "validation": later}
