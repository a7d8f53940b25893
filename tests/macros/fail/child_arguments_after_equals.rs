//! Arguments without parentheses.

#[kerosene::supervisor]
mod shop {
    #[child = "ticker"]
    async fn ticker() {}
}

fn main() {}
