"""The schemas that were released, each as a step from the one before."""
