# points: 0
print("\ud800")


def double(value):
    print("\udfff")
    raise type("\ud800Error", (ValueError,), {})("half of a character: \ud83d")
