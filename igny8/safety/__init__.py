"""One door per risk: HTML, paths, YAML, CSV, images, secrets. Foreign data enters through these."""
