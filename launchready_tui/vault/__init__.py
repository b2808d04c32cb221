"""Where secrets rest: keyring, sealed file or memory, and what checks borrow from there."""
