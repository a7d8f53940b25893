//! Arguments that cannot be read, and one that is somewhere else.

#[kerosene::supervisor(intensity = 5000000000, children = 3)]
mod shop {
    #[child(restart transient)]
    async fn till() {}

    #[child("5s")]
    async fn stock() {}
}

fn main() {}
