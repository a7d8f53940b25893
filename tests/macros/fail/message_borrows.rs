use kerosene::prelude::*;

struct Ping<'a>(&'a str);

async fn wait<'a>(names: &'a [String]) -> &'a str {
    receive! { Ping::<'a>(name) if names.is_empty() => name }
}

#[kerosene::main]
async fn main() {
    println!("{}", wait(&[]).await);
}
