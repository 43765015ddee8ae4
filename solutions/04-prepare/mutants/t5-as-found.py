# mistake: as found
# points: 0 of 4
# message: Validation and test are different rows
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def scaled_parts(payments, columns):
    scaled = StandardScaler().fit_transform(payments[columns])
    train, test = train_test_split(scaled, test_size=0.3, random_state=42)
    return train, test, test
