"""Shipped test kit for igny8 and its plugins: loopback servers, fakes. Nothing goes online."""
