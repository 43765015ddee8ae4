"""A Schema Registry that speaks Confluent's REST API and keeps its schemas in Kafka.

========================  =====================================================================
`errors`                  what a client did wrong, with Confluent's error codes
`store`                   subjects, versions and ids: a state built from the events of a log
`compatibility`           may readers of the new schema read what the old one wrote?
`log`                     the compacted topic ``_schemas`` that the events are kept in
`service`                 the operations: register, look up, delete, configure
`routes`                  the operations as HTTP endpoints
`schemas`                 the registry as the engine sees it
`remote`                  any other Confluent-compatible registry by URL, seen so too
========================  =====================================================================
"""
