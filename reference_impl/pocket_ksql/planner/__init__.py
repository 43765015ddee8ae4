"""From syntax tree to plan: names resolved, everything checked that ksqlDB checks before a query runs.

``resolve``   names to columns, stars to lists, aliases to columns
``plan``      the steps of a query, as values
``builder``   a resolved query to steps
``sources``   CREATE STREAM and CREATE TABLE: schemas, WITH properties
"""
