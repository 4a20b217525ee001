#!/usr/bin/env bash
# Brings the tools that the build and the tests need, and nothing that is there already.
#
#   through rustup    the pinned compiler with its wasm target and its standard library's source
#   through cargo     trunk, wasm-bindgen-cli                    -> target/tools
#   through npm       wasm-opt, sass, the design system, Playwright -> e2e/node_modules
#   through apt-get   chromium, postgresql, python3 with time zones and two calendar libraries, openssl, a C compiler
#
# `install.sh engines` brings what only the journey in several browsers needs, half a gigabyte on the disk:
#
#   through apt-get   firefox-esr; two kinds of WebKit with their WebDriver, and a screen that nobody sees
#   through npm       old builds of Chromium                          -> e2e/engines/node_modules, unpacked into target/engines
#
# Where it may not install, it stops with the command to type.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

TRUNK_VERSION=0.21.14
tools="$PWD/target/tools"
export PATH="$tools/bin:$PWD/e2e/node_modules/.bin:$HOME/.cargo/bin:$PATH"

say() { printf 'tools: %s\n' "$*"; }
stop() {
    printf 'tools: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '    %s\n' "$line" >&2; done
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# --- Debian packages --------------------------------------------------------------------------

# The server's binaries are not on PATH in Debian, so look where the package puts them.
have_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || have initdb; }
have_zones() { python3 -c 'import zoneinfo; zoneinfo.ZoneInfo("Europe/Copenhagen")' 2>/dev/null; }
# Debian's own python3, which its packages are for: another one on PATH knows none of them.
have_calendars() { /usr/bin/python3 -c 'import icalendar, vobject' 2>/dev/null; }
have_chromium() { [ -x "${BEDRING_CHROMIUM:-/usr/bin/chromium}" ]; }

missing_packages() {
    have cc || packages+=(build-essential)
    have_chromium || packages+=(chromium fonts-liberation)
    have_postgres || packages+=(postgresql)
    have_zones || packages+=(python3 tzdata)
    have_calendars || packages+=(python3 python3-icalendar python3-vobject)
    have openssl || packages+=(openssl)
}

# WebKitGTK's own small browser comes with its library; WPE's is called cog.
missing_browser_packages() {
    have_chromium || packages+=(chromium fonts-liberation)
    [ -x "${BEDRING_FIREFOX:-/usr/bin/firefox-esr}" ] || packages+=(firefox-esr)
    have WebKitWebDriver || packages+=(webkit2gtk-driver)
    have WPEWebDriver && have cog || packages+=(wpewebkit-driver cog)
    have Xvfb || packages+=(xvfb)
}

need_apt() {
    local packages=()
    "$1"
    [ ${#packages[@]} -eq 0 ] && return 0

    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if have sudo && sudo -n true 2>/dev/null; then
            as_root=(sudo -n)
        else
            stop "these Debian packages are missing, and only root may install them. Type:" \
                "sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages[*]}"
        fi
    fi
    have apt-get || stop "this machine has no apt-get. Install by hand: ${packages[*]}"
    say "installing ${packages[*]}"
    "${as_root[@]}" apt-get update -q
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "${packages[@]}"
}

# --- Rust ---------------------------------------------------------------------------------------

# The wasm target, and the standard library's source that the apps are built with (decision 0014). rustup may be told not to bring by
# itself what rust-toolchain.toml names, so both are asked for by name.
need_rust() {
    have cargo || stop "Rust is missing. Install rustup from https://rustup.rs, then run make tools again."
    local sysroot channel
    channel="$(sed -n 's/^channel *= *"\(.*\)"/\1/p' rust-toolchain.toml)"
    sysroot="$(rustc --print sysroot 2>/dev/null || true)"
    [ -d "$sysroot/lib/rustlib/wasm32-unknown-unknown" ] && [ -f "$sysroot/lib/rustlib/src/rust/library/Cargo.lock" ] \
        && have cargo-clippy && have cargo-fmt && return 0
    have rustup || stop "of Rust $channel the wasm target, rust-src, clippy or rustfmt is missing, and there is no rustup here. Install them."
    say "installing Rust $channel with the wasm target and the source of its standard library"
    rustup toolchain install "$channel" --profile minimal \
        --component clippy --component rustfmt --component rust-src --target wasm32-unknown-unknown --no-self-update \
        || stop "rustup could not bring it. Where there is a network, type:" \
            "rustup toolchain install $channel --profile minimal -c clippy -c rustfmt -c rust-src -t wasm32-unknown-unknown"
}

# $1 program, $2 crate, $3 version, then flags for cargo install
need_cargo_tool() {
    local program="$1" crate="$2" version="$3"
    shift 3
    if have "$program" && "$program" --version 2>/dev/null | grep -qE "(^| )${version//./\\.}( |$)"; then
        return 0
    fi
    say "building $crate $version (some minutes, once)"
    # A target folder that is thrown away: these share nothing with our own build.
    cargo install "$crate" --version "$version" --root "$tools" --force "$@"
}

# The crate and the command-line tool must be the same version to the last digit.
wasm_bindgen_version() {
    [ -f Cargo.lock ] || stop "Cargo.lock is missing; it says which wasm-bindgen is needed. Type:" "cargo generate-lockfile"
    awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock
}

# --- Node ---------------------------------------------------------------------------------------

# $1 folder of a package.json, then flags for npm
need_node_modules() {
    local folder="$1"
    shift
    have node && have npm || stop "Node (20 or newer) with npm is missing. Type:" "sudo apt-get install -y nodejs npm"
    local major
    major="$(node -p 'process.versions.node.split(".")[0]')"
    [ "$major" -ge 20 ] || stop "Node $major is too old; 20 or newer is needed."
    # npm writes this file last, so it is there and newest only after a complete install.
    [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] && return 0
    say "installing Node packages in $folder"
    (cd "$folder" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-fund --no-audit --loglevel=error "$@")
    touch "$folder/node_modules/.package-lock.json"
}

if [ "${1:-}" = engines ]; then
    need_apt missing_browser_packages
    need_node_modules e2e
    # No scripts: all that is needed of these packages lies inside them.
    need_node_modules e2e/engines --ignore-scripts
    node e2e/engines/builds.mjs
    say "all there for the journey in several browsers"
    exit 0
fi

need_apt missing_packages
need_rust
need_node_modules e2e
need_cargo_tool trunk trunk "$TRUNK_VERSION" --locked
# Not --locked: the tool's own lock file names a package that the registry no longer offers.
bindgen="$(wasm_bindgen_version)"
[ -n "$bindgen" ] || stop "Cargo.lock names no wasm-bindgen."
need_cargo_tool wasm-bindgen wasm-bindgen-cli "$bindgen"
have wasm-bindgen-test-runner || stop "wasm-bindgen-test-runner is missing beside wasm-bindgen. Type:" \
    "cargo install wasm-bindgen-cli --version $bindgen --root target/tools --force"
say "all there: trunk $TRUNK_VERSION, wasm-bindgen $bindgen, $(wasm-opt --version 2>/dev/null || echo 'no wasm-opt')"
