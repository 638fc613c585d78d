"""Which provider is where: User-access Brands, vendors' endpoint lists, and a list that the patient adds.

Everything here is public. What the patient looks for is read, compared, and written nowhere.
"""
