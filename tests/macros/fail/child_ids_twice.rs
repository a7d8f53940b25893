//! Two children with one id.

#[kerosene::supervisor]
mod shop {
    #[child]
    async fn ticker() {}

    #[child(id = "ticker")]
    async fn clock() {}
}

fn main() {}
