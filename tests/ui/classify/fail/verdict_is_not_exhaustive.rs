fn retry(verdict: wait_or_die::Verdict) -> bool {
    match verdict {
        wait_or_die::Verdict::Transient | wait_or_die::Verdict::Throttled(_) => true,
        wait_or_die::Verdict::Permanent
        | wait_or_die::Verdict::Fault
        | wait_or_die::Verdict::Ignore => false,
    }
}

fn main() {}
