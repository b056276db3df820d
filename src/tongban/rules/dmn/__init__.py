"""DMN models: reading the XML of versions 1.1 to 1.5, compiling, deciding."""
