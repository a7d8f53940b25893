//! A path for a word.

#[kerosene::supervisor(strategy = Strategy::OneForAll)]
mod shop {
    #[child]
    async fn ticker() {}
}

fn main() {}
