"""The kit: the ``workshop`` command, the local stack, the demonstration run, assignments and the book.

``cli``          the command line: one module a group of commands
``stack``        the local streaming platform: jars, processes, health
``demo``         all stages in one run
``bench``        measurements, as ratios
``checks``       what an assignment's check cells call: items that teach, points by weight
``assignments``  from ``solutions/`` to ``exercises/``; an assignment against its right and wrong answers
``grading``      a class's submissions, each in a sandbox, into nbgrader's gradebook
``book``         what the chapters share: their stack, their figures, the check of the built site
"""
