//! What the demonstration has to show.

use super::PASSWORD;

/// The second gateway settles what the first one was killed over, before it listens.
pub(crate) fn the_crash_is_survived(printed: &str) {
    let mut lines = printed.lines();
    for told in [
        "  another gateway, in a process of its own",
        "crash-3: terminal executes and loses its answer",
        "  killed (SIGKILL) with an order under way: its client has no answer",
        "orders.log`: 3 orders",
        "  orders found unsettled: 1 executed, 0 not executed, ",
        "  listening on tcp://127.0.0.1:",
        "  the client sends crash-3 again: filled once, ",
        "  the terminal's own log: 3 executions of 3 orders",
    ] {
        assert!(
            lines.any(|line| line.contains(told)),
            "no `{told}`:\n{printed}"
        );
    }
}

/// Each refusal of the terminal tells its login: in a line of the terminal's own, and in an event of the runtime's.
pub(crate) fn the_password_is_not_shown(printed: &str, stderr: &str) {
    assert!(!printed.contains(PASSWORD) && !stderr.contains(PASSWORD));
    let login = "no connection to mt5://desk7:[REDACTED]@broker.example:443";
    let lines_with = |what: &str| {
        let told = |line: &&str| line.contains(what) && line.ends_with(login);
        printed.lines().filter(told).count()
    };
    // Six refusals, of which three are retried: the others end their call, or open the breaker.
    let told = ["terminal has ", "failed (transient), next in "].map(lines_with);
    assert_eq!(told, [6, 3], "{printed}");
}

/// The changes of the breaker, in order, and calls that it rejected with the time to come again.
pub(crate) fn the_breaker_is_shown(printed: &str) {
    let lines_with = |what: &'static str| {
        printed
            .lines()
            .filter_map(move |line| line.split_once(what))
            .map(|(_, rest)| rest)
    };
    let changes: Vec<_> = lines_with("  breaker terminal: ")
        .filter_map(|change| change.split_once(')'))
        .map(|(change, _)| change)
        .collect();
    let first = "closed -> open (failure_threshold";
    let probing = "open -> half_open (recovery";
    let closing = "half_open -> closed (probes_succeeded";
    let expected = [
        first,
        probing,
        "half_open -> open (probe_failed",
        probing,
        closing,
        // The second part of the outage.
        first,
        probing,
        closing,
    ];
    assert_eq!(changes, expected, "{printed}");
    let rejections = lines_with(": rejected without an attempt, retry_in ");
    assert!(rejections.count() > 0, "{printed}");
    // Who does not know what became of an order asks no sooner than told.
    assert!(
        !printed.contains("terminal.find_order: rejected"),
        "{printed}"
    );
    let summary = printed
        .lines()
        .skip_while(|line| !line.starts_with("breaker "));
    let counted: Vec<_> = summary
        .skip(1)
        .map(str::split_whitespace)
        .next()
        .unwrap()
        .collect();
    assert_eq!(counted, ["terminal", "2", "1", "2"]);
}
