"""Inference of a plan from an existing calendar."""
