"""Site builder: blueprints, pages, block schemas and site files; makes the snapshot of a build."""
