//! The kv example, tested from outside: the built program runs as a child process, and clients talk
//! to it over TCP, the `redis` crate among them.

mod clients;
mod commands;
mod crashes;
#[path = "../common/example.rs"]
mod example;
mod malformed;
mod program;
mod publishing;
mod server;
mod tools;
