//! The chat example, tested from outside: the built program runs as a child process, and scripted
//! clients talk to it over TCP.

mod crashes;
#[path = "../common/example.rs"]
mod example;
mod program;
mod server;
mod talk;
