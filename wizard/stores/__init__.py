"""Where a Portkey key can be kept for OpenClaw: each store's way in and out, and every copy that lies about."""
