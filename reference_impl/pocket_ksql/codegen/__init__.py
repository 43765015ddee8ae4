"""From a plan to Python source, compiled once per query.

``query``         a plan to a running task; ``wiring``, ``streams`` and ``tables`` are its parts
``expressions``   SQL expressions to Python expressions, by a table of what compiles each kind:
                  ``literals``, ``access``, ``operators``, ``conditions``, ``constructors``, ``calls``
``compiler``      what all kinds use: the parts of an expression compiled, NULL handled, types converted
``code``          what an expression becomes: text and type
``coercion``      the type that goes with all expressions of a list
``arithmetic``    what Python's operators do differently from SQL's
``casts``         CAST and implicit conversions
``membership``    IN
"""
