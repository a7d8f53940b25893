//! Erlang's infinity.

#[kerosene::supervisor(intensity = infinity)]
mod shop {
    #[child]
    async fn ticker() {}
}

fn main() {}
