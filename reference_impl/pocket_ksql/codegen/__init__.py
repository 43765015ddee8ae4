"""From a plan to Python source, compiled once per query.

``query``         a plan to a running task; ``wiring``, ``streams`` and ``tables`` are its parts
``expressions``   SQL expressions to Python expressions: literals, columns, access
``operators`` ``conditions`` ``constructors`` ``calls``  the other kinds of expressions
``code``          what an expression becomes: text and type
``coercion``      the type that goes with all expressions of a list
``arithmetic``    what Python's operators do differently from SQL's
``casts``         CAST and implicit conversions
``membership``    IN
"""
