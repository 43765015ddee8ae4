# mistake: needs a first amount
# points: 1 of 2
# message: Nothing adds up to 0
def total(amounts):
    first, *others = amounts
    return first + sum(others)
