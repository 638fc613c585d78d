"""A server of tools in HealthEx's shape, made of the protocol's own server and its sign-in."""
