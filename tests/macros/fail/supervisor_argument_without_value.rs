//! Values that are missing.

#[kerosene::supervisor(strategy =, name, period)]
mod shop {
    #[child]
    async fn ticker() {}
}

fn main() {}
