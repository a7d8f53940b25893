//! A slip, an argument of a child, a foreign name.

#[kerosene::supervisor(strateg = one_for_all, restart = transient, colour = "red")]
mod shop {
    #[child]
    async fn ticker() {}
}

fn main() {}
