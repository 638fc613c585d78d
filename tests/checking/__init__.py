"""Frozen answers and sentences that the check of an answer is measured on."""
