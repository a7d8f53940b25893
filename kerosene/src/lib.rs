//! Erlang's processes for Rust.
