# mistake: takes every column but the label for a feature
# points: 2 of 4
# message: may have other columns beside FEATURES
from sklearn.preprocessing import StandardScaler


def standardised(train, validation, test):
    def features(part):
        return part.drop(columns="CLASS").select_dtypes("number").to_numpy()

    normal = features(train[train["CLASS"] == 0])
    scaler = StandardScaler().fit(normal)
    held = features(validation[validation["CLASS"] == 0])
    return {
        "train": scaler.transform(normal),
        "validation": scaler.transform(held),
        "test": scaler.transform(features(test)),
    }
