//! The program behind `/staff/`: starts the staff screens.

#![forbid(unsafe_code)]

fn main() {
    bedring_app::staff::start();
}
