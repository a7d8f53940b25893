//! Elixir's names.

#[kerosene::supervisor(max_restarts = 3, max_seconds = 5)]
mod shop {
    #[child]
    async fn ticker() {}
}

fn main() {}
