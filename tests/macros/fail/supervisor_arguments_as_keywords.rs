//! Elixir's keyword list.

#[kerosene::supervisor(strategy: :one_for_one, max_children)]
mod shop {
    #[child]
    async fn ticker() {}
}

fn main() {}
