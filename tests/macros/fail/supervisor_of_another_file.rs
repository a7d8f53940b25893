//! A module whose items the macro cannot see: the compiler says so in its own way, too.

#[kerosene::supervisor]
mod shop;

fn main() {}
