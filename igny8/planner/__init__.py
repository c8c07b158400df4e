"""Keywords, clusters and ideas: what a site should write about. Writing it is the writer's."""
