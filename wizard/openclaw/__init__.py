"""OpenClaw's side: where its config is, what it reads from the environment, what its config means."""
