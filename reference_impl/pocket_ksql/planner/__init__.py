"""From syntax tree to plan: names resolved, everything checked that ksqlDB checks before a query runs.

``resolve``   names to columns, stars to lists, aliases to columns
``plan``      the steps of a query, as values
``builder``   a resolved query to steps, clause by clause: ``joins``, ``filtering``, ``selection``, ``rekeying``,
              ``aggregation``, ``projection``
``draft``     what these hand round: a query on its way to a plan
``inserting`` ``copartitioning`` ``upgrades`` ``pull`` ``scalable``  rules for what a query is used for
``sources``   CREATE STREAM and CREATE TABLE to a source: ``with_clause`` its properties, ``source_schema`` its columns
"""
