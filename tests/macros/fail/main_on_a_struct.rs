#[kerosene::main]
struct Main;

fn main() {}
