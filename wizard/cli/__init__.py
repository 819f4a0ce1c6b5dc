"""The command line: parse, wire, exit. The only place that ends the process."""
