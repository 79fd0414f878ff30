//! Programs made to be copied; each stands in a folder of its own.
