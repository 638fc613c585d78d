"""Chartside: ask your own medical records, and see every byte before it leaves."""
