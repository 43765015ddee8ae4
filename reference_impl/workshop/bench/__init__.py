"""Measurements, as ratios of ours to a named peer from one run: machines differ and are noisy, ratios less so.

``ingestion``  against Kafka's ProducerPerformance     ``scoring``  against ``model.predict`` per message
``pipeline``   payments a second from end to end, and latency at a thousand a second
``suite``      all of them
"""
