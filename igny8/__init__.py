"""From a keyword export to a published, interlinked, optimised web site."""

__version__ = "0.1.0"
