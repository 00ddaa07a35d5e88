//! Verdicts: why a resource is in trouble.
