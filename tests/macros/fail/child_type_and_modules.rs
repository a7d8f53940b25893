//! Erlang's keys of a child spec.

#[kerosene::supervisor]
mod shop {
    #[child(type = worker, modules = dynamic, start = ticker)]
    async fn ticker() {}
}

fn main() {}
