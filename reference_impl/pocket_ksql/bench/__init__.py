"""``pocket-ksql bench``: how fast queries run, beside a loop that anybody would write by hand.

``payments``  the records: card payments of 34 columns, always the same
``cases``     the queries that are measured
``peers``     the same work as loops over ``csv``, ``orjson`` and ``fastavro``, and with pandas
``measure``   records per second in the core alone, and the report
``served``    the same through Kafka, and what a server costs in time and memory
"""
