"""The visit sheet: questions for an appointment, what changed, what to bring, made from records by rules."""
