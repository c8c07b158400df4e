"""Where built sites and content items can go. Knows no domain."""
