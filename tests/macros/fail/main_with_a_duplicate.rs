#[kerosene::main(name = "a", name = "b")]
async fn main() {}
