"""Assignments: read from their source, released as exercises, run against their checks.

``source``    an assignment as a model: tasks, points, needs, hints
``release``   the notebook for learners, made by nbgrader's own preprocessors
``variants``  the solution, the released notebook, mutants and alternates, and what each must get
``slicing``   what of a notebook a check needs
``running``   cells in forked processes
``progress``  what a learner has reached
``leaks``     answers and hidden tests where they must not be
"""
