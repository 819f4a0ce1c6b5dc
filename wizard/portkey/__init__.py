"""The gateway's side: its hosts, its headers, what it answers and what that means."""
