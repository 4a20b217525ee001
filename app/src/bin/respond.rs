//! The citizen's program.

#![deny(unsafe_code)]

fn main() {
    bedring_app::respond::run();
}
