//! The built binary, driven as a user would.

use std::process::{Command, Output};

use serde_json::Value;

/// Runs `xiangtu`, whatever comes of it; in Chinese, whatever the machine's locale is.
pub fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xiangtu")).args(["--quiet", "--lang", "zh"]).args(args).output().unwrap()
}

/// Runs `xiangtu`, which must succeed with nothing to complain of; gives its standard output.
pub fn xiangtu(args: &[&str]) -> String {
    let out = run(args);
    let complaint = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success() && complaint.is_empty(), "{args:?}: {complaint}");
    String::from_utf8(out.stdout).unwrap()
}

/// As `xiangtu`; gives its standard output as JSON.
pub fn answer(args: &[&str]) -> Value {
    serde_json::from_str(&xiangtu(args)).unwrap()
}
