//! What the kernel says of a process.

use client::Failure;
use std::fs::read_to_string;

/// The kernel counts CPU time in ticks of 10 ms on every common machine.
const TICK_MS: u64 = 10;

/// CPU time of all threads so far, user and system, in milliseconds.
pub fn cpu_ms(process: u32) -> Result<u64, Failure> {
    let stat = read_to_string(format!("/proc/{process}/stat"))?;
    // The name in parentheses may hold spaces; fields are counted after it.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
    Ok(ticks.sum::<Result<u64, _>>()? * TICK_MS)
}

/// Memory in use, in KiB.
pub fn memory_kib(process: u32) -> Result<u64, Failure> {
    let status = read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// The most memory that the process had in use so far, in KiB.
pub fn peak_kib(process: u32) -> Option<u64> {
    let status = read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// Cores and kernel, for the head of the report.
pub fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?");
    format!("{cores} cores, Linux {}, load average {load} at the start", kernel.trim())
}
