"""KSQL in one Python process: streams, tables and queries on Kafka, with the answers and the words of ksqlDB.

Where to read, from text to running query::

    language    text to syntax tree and back
    planner     a query's tree to steps
    codegen     steps to one generated Python function a query
    columnar    whole batches at once, for wide stateless queries
    operators   state: windows, aggregates, joins
    functions   the built-in functions, one file a family
    formats     bytes to values and back, one file a format
    engine      statements in, effects and compiled queries out; with ``definitions``, ``execution``, ``inserts``,
                which act on the ``world``: the ``metastore``, functions, topics, schemas, a clock
    testing     test files in ksqlDB's own format, run through the engine alone

Everything so far runs without Kafka: records in, records out. These join it to the world::

    kafka       what all that touches Kafka has in common
    registry    a Schema Registry, own or remote
    runner      consumers, producers, state and the command topic around the engine
    server      ksqlDB's REST API
    cli         the command ``pocket-ksql``
"""

from pocket_ksql.functions.user import udf

__all__ = ["udf"]
