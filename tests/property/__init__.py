"""Many hands on one sheet: the real write path over HTTP, in any order that a seed can think of.

``world.World`` plays one interleaving, ``audit.audit`` says what went wrong in it. A failing one
prints its seed and all that happened; ``python -m tests.property SEED`` plays it again, and
``python -m tests.property --runs 10000`` is the long run.
"""
