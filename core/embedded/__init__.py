"""The embedded router: a planner without a language model.

A multilingual sentence encoder, a linear head over it that names the capability of each clause, and rules for the
arguments. It understands requests for its tools and nothing else, and says so.
"""
