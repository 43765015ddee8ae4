"""The system that the book explains: card payments in, fraud alerts out.

One module a stage, named as the chapters are; each may import the ones above it:

``transactions``  the schema of a payment, and the sources that payments come from
``ingest``        payments into Kafka, and out of it again
``preprocess``    the KSQL statements (``*.sql``) and the client that sends them
``prepare``       from a topic to pandas, NumPy and ``tf.data``; split and scaling
``train``         autoencoder, baselines, threshold, and the bundle that is deployed
``deploy``        the scorer: a consumer group that turns payments into scores and alerts
``monitor``       lag, latency, drift, metrics and the report

Beside the stages: ``errors``, ``topics`` (every topic's name), ``connection`` (where the servers are), ``kafka`` (the
few things that every Kafka client here does alike), ``snapshot`` (a topic as it is now), ``avro`` (reads records) and
``registry`` (has their schemas).

Servers are reached only through their clients (``confluent_kafka``, ``ksql``), so the same code runs on the
embedded stack, on Docker Compose and on a cluster.
"""
