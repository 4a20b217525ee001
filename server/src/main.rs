//! The binary `bedring`.

#![forbid(unsafe_code)]

use std::process::ExitCode;

/// A tenth less work under load than with the system's allocator, for little memory more.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    bedring_server::cli::run()
}
