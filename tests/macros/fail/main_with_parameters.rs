//! Nobody passes arguments to the first process.

#[kerosene::main]
async fn main(arguments: Vec<String>) {
    println!("{}", arguments.len());
}
