//! The macros of Kerosene.
#![forbid(unsafe_code)]
