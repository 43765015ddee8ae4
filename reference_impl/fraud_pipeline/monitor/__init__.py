"""Monitor: is the detector keeping up, is it quick enough, does it still see what it was trained for?

``lag``           how far a consumer group is behind
``latency``       from sending a payment to its score being readable
``drift``         scores against those of training
``scores``        the scorer's results as columns; dead letters by reason
``report``        one run as an HTML page and as JSON (``charts`` draws, ``run`` is what it takes)

The scorer's own counters for Prometheus are in ``fraud_pipeline.deploy.metrics``.
"""
