//! Erlang's callback.

#[kerosene::supervisor]
mod shop {
    pub fn init() {}
}

fn main() {}
