"""Pure rules, standard library only.

The whole package also travels to guest interpreters (Python 3.10 and later) inside the worker's zip under another
top name, so modules here import one another relatively and nothing else of the program.
"""
