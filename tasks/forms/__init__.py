"""What pages send, read into values: shape only, the rules are the services'."""
