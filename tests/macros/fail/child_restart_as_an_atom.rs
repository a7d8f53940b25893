//! Elixir's atom.

#[kerosene::supervisor]
mod shop {
    #[child(restart = :permanent)]
    async fn ticker() {}
}

fn main() {}
