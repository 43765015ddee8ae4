"""Assignments: read from their source, and released as exercises.

``source``   an assignment's source as a model: tasks, cells, points, needs, hints
``release``  the notebook for learners, made by nbgrader's own preprocessors
"""
