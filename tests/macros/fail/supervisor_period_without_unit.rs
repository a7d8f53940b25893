//! Erlang's seconds.

#[kerosene::supervisor(intensity = 3, period = 5)]
mod shop {
    #[child]
    async fn ticker() {}
}

fn main() {}
