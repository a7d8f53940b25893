//! A supervisor that never stops by itself.

#[kerosene::supervisor]
mod shop {
    #[child(significant, restart = transient)]
    async fn ticker() {}
}

fn main() {}
