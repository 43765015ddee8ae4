"""Batches by columns: a second way to run a stateless query, for wide DELIMITED payments and the like.

Where a query passes many DOUBLE columns on, nearly all of its time goes into their texts, one by one. Here a batch
of records is split once, a run of DOUBLE columns becomes one NumPy matrix and stays one until it is written, and only
the other columns go through generated code row by row. The results are those of that code alone (``codegen``), byte
for byte: a batch with anything out of the ordinary is halved until what is left takes that way.

``choice``   which queries it takes, ``limits`` from which sizes on
``vectors``  expressions on whole DOUBLE columns
``reading``  DELIMITED values of a batch to columns
``writing``  runs of DOUBLE columns, and what stands between them, to values of records
``rows``     what remains to be done row by row, as generated code
``calls``    functions of the user's that take whole batches, in a query of any format
``batch``    all of it, made from a query's plan
``task``     the task of a query that goes either way
"""
