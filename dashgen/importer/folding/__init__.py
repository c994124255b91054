"""Equal parts of an imported spec are said once: as defaults, as a loop, or as a component."""
