# way: works them out
def predictions():
    a_end = 4 + 3 + 1
    b_end = 5 * (2 + 1) + 10 + 1
    result = {"a_end": a_end, "b_end": b_end, "a_lag": a_end - 4, "b_lag": b_end - 6}
    return result | {"a_to_read": 3, "b_to_read": 3 * 2}
