//! The attribute twice.

#[kerosene::supervisor]
mod shop {
    #[child]
    #[child]
    async fn ticker() {}
}

fn main() {}
