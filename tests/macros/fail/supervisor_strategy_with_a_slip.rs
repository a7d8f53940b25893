//! A slip in the name of a strategy.

#[kerosene::supervisor(strategy = one_for_al)]
mod shop {
    #[child]
    async fn ticker() {}
}

fn main() {}
