//! Elixir's atom for a word.

#[kerosene::supervisor]
mod shop {
    #[child(restart = :permanent)]
    async fn ticker() {}
}

fn main() {}
