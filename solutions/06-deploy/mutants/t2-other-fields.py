# mistake: rejects a payment for a null in a field that nobody asked for
# points: 2.29 of 3
# message: What is in other fields does not matter
import json, math
import numpy as np
def decode(values, columns):
    kept, rows, rej = [], [], {}
    for i, v in enumerate(values):
        try:
            d = json.loads(v); assert isinstance(d, dict)
        except Exception:
            rej[i] = "no JSON object"; continue
        b = next((c for c in columns if type(d.get(c)) not in (int, float) or not math.isfinite(d[c])), None) or next((k for k, x in d.items() if x is None), None)
        if b: rej[i] = f"{b} is bad"
        else: kept.append(i); rows.append([d[c] for c in columns])
    return {"kept": kept, "features": np.array(rows, float).reshape(len(rows), len(columns)), "rejected": rej}
