//! A slip.

#[kerosene::supervisor(strategy = one_for_al)]
mod shop {
    #[child]
    async fn ticker() {}
}

fn main() {}
