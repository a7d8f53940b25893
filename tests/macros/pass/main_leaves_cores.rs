//! Cores that are left to others.
#![deny(warnings)]

#[kerosene::main(spare_cores = 1000)]
async fn main() {
    assert!(kerosene::process_count() > 0);
}
