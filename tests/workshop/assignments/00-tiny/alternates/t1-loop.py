# way: a loop
def total(amounts):
    result = 0.0
    for amount in amounts:
        result += amount
    return result
