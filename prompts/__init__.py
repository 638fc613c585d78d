"""The words that models are given: one Markdown file per prompt, and the one way to load them."""
