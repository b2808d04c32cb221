"""Mail authentication by its RFCs: SPF, DKIM, DMARC and what surrounds them.

Knows nothing of sprints, checklists or screens. What is asked of DNS goes through a `Lookup` that
the caller hands in, so the same functions run over a socket, over memory and over a recording.
"""
