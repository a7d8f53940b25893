//! A word of another system.

#[kerosene::supervisor]
mod shop {
    #[child(restart = always)]
    async fn ticker() {}
}

fn main() {}
