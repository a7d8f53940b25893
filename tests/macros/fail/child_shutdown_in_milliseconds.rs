//! Erlang's milliseconds.

#[kerosene::supervisor]
mod shop {
    #[child(shutdown = 5000)]
    async fn ticker() {}
}

fn main() {}
