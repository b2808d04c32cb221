"""Looking for secrets in a tree, a whole git history, archives and streams, by itself.

Sources give content, an engine gives hits, `lookalike` throws out what only looks like a secret,
and `search` puts the rest into rows that hold places and words. No value leaves this package.
"""
