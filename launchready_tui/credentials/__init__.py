"""Credentials by their shape: what kind a value is, and what can be said of it without a call.

Pure, and no part of a sprint: names, values and environments go in, kinds and codes come out. No
value, and no part of one but its public prefix, leaves this package.
"""
