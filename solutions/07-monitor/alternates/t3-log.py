# way: writes the logs down
def predictions():
    logs = {"a": ("rrrrrrrm", 4), "b": ("rrm" * 5 + "x" * 10 + "m", 6)}
    result = {}
    for name, (log, committed) in logs.items():
        result[f"{name}_end"] = len(log)
        result[f"{name}_lag"] = len(log[committed:])
        result[f"{name}_to_read"] = log[committed:].count("r")
    return result
