"""What OpenClaw says to its user when something on the route is wrong, and the findings behind the words."""
