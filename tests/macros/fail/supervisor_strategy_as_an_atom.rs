//! Elixir's atom for a word.

#[kerosene::supervisor(strategy = :one_for_all)]
mod shop {
    #[child]
    async fn ticker() {}
}

fn main() {}
