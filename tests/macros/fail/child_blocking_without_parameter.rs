//! A blocking child that nobody can stop.

#[kerosene::supervisor]
mod shop {
    #[child(blocking)]
    fn sampler() {}
}

fn main() {}
