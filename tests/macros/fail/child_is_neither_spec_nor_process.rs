//! A plain function.

#[kerosene::supervisor]
mod shop {
    #[child]
    fn ticker() {}
}

fn main() {}
