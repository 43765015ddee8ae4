"""From a plan to Python source, compiled once per query.

``expressions``  SQL expressions to Python expressions
``arithmetic``   what Python's operators do differently from SQL's
``casts``        CAST and implicit conversions
``query``        a plan to a running task
"""
