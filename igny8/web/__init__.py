"""Small local servers: the preview. Nothing here is meant for the Internet."""
