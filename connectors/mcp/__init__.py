"""Sources that speak the Model Context Protocol: a sign-in, a list of tools, and what their answers hold.

Only `wire` and `session` load the protocol's library, and they are loaded when something is asked.
"""
