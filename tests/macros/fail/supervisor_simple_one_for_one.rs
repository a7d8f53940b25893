//! Erlang's strategy of dynamic children.

#[kerosene::supervisor(strategy = simple_one_for_one)]
mod shop {
    #[child]
    async fn ticker() {}
}

fn main() {}
