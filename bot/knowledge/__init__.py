"""Knowledge bases: their format, how they are read, and the rules a good one keeps."""
