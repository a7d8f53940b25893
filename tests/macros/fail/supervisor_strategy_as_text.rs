//! A text for a word.

#[kerosene::supervisor(strategy = "rest_for_one")]
mod shop {
    #[child]
    async fn ticker() {}
}

fn main() {}
