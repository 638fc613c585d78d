"""How a source stands, in the words of the commands (see `vault.tables.Source.state`)."""

WORKING = "working"
PARTLY = "partly failed"
SIGN_IN = "needs sign-in"
NEVER = "never worked"
UNLINKED = "unlinked"
