"""Grading: a folder of strangers' notebooks in, nbgrader's gradebook, tables and feedback pages out.

Three parties grade a submission. The *checker* runs the check cells of the trusted source. The *learner's process*
sits in a sandbox, runs the learner's cells and answers the checker's questions with plain data. A *batch* starts
both, side by side for several submissions, and writes down what came.

``batch``     the whole run, and going on after a crash
``intake``    who handed in what: folders, zips, names of Canvas and Moodle
``repair``    a damaged notebook, put in order by its source
``engines``   what grades: ``zygote`` or ``containers``
``zygote``    has a process (``forking``) import everything and fork a ``group`` for each submission
``group``     the checker; ``session`` and ``process`` are its side of the learner's process, ``learner`` the other
``broker``    a Kafka of the submission's own
``nursery``   starts sandboxed processes; ``sandbox``, ``cgroups``, ``linux`` are what they are made of
``containers``  the same in Docker, where namespaces cannot be made; ``contained`` runs inside
``wire``      plain data over a ``channel``
``versus``    the same submissions by nbgrader's own grader and by this one: time, memory
``likeness``  whose answers are alike
``results``   what came of it; ``gradebook``, ``tables``, ``pages`` write it for nbgrader, programs, people
"""
