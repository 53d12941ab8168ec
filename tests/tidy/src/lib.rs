//! Holds the layout: see `tests/`.
