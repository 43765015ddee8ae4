"""The kit: the ``workshop`` command, the local stack, and the demonstration run.

``cli``     the command line: one module a group of commands
``stack``   the local streaming platform: jars, processes, health
``demo``    all stages in one run
``bench``   measurements, as ratios
"""
