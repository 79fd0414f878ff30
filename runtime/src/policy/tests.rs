use core::time::Duration;

use super::*;

#[cfg(feature = "serde")]
mod serial;

/// Every preset is checked while this compiles.
const _: () = {
    let presets = [
        RetryPolicy::DEFAULT,
        RetryPolicy::PROTOCOL,
        RetryPolicy::GATEWAY,
        RetryPolicy::ORDER,
        RetryPolicy::DATABASE,
        RetryPolicy::NETWORK,
    ];
    let mut at = 0;
    while at < presets.len() {
        assert!(presets[at].check().is_ok());
        at += 1;
    }
};

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

#[test]
fn presets_are_those_of_the_table() {
    let table = [
        (RetryPolicy::DEFAULT, 300_000, 50, 1_000, 60_000),
        (RetryPolicy::PROTOCOL, 300_000, 50, 1_000, 60_000),
        (RetryPolicy::GATEWAY, 30_000, 10, 500, 5_000),
        (RetryPolicy::ORDER, 30_000, 5, 1_000, 10_000),
        (RetryPolicy::DATABASE, 30_000, 3, 100, 5_000),
        (RetryPolicy::NETWORK, 60_000, 5, 1_000, 30_000),
    ];
    for (policy, timeout, max_retries, initial_wait, max_wait) in table {
        assert_eq!(policy.timeout(), Duration::from_millis(timeout));
        assert_eq!(policy.max_retries(), max_retries);
        assert_eq!(policy.initial_wait(), Duration::from_millis(initial_wait));
        assert_eq!(policy.max_wait(), Duration::from_millis(max_wait));
        assert_eq!(policy.attempt_timeout(), None);
        assert_eq!(policy.strategy(), Strategy::Exponential);
        assert_eq!(policy.multiplier().to_bits(), 2.0_f64.to_bits());
        assert_eq!(policy.jitter(), Jitter::Full);
    }
    assert_eq!(RetryPolicy::new(), RetryPolicy::DEFAULT);
    assert_eq!(RetryPolicy::default(), RetryPolicy::DEFAULT);
}

#[test]
fn each_setter_sets_its_own_setting_and_nothing_else() {
    let base = RetryPolicy::new;
    let backoff = Backoff::new;
    let with = |backoff: Backoff| RetryPolicy { backoff, ..base() };
    assert_eq!(
        base().with_timeout(secs(7)),
        RetryPolicy {
            timeout: secs(7),
            ..base()
        }
    );
    assert_eq!(
        base().with_attempt_timeout(secs(7)),
        RetryPolicy {
            attempt_timeout: Some(secs(7)),
            ..base()
        }
    );
    assert_eq!(
        base()
            .with_attempt_timeout(secs(7))
            .without_attempt_timeout(),
        base()
    );
    assert_eq!(
        base().with_max_retries(7),
        RetryPolicy {
            max_retries: 7,
            ..base()
        }
    );
    assert_eq!(
        base().with_initial_wait(secs(7)),
        with(backoff().with_initial_wait(secs(7)))
    );
    assert_eq!(
        base().with_max_wait(secs(7)),
        with(backoff().with_max_wait(secs(7)))
    );
    assert_eq!(
        base().with_strategy(Strategy::Linear),
        with(backoff().with_strategy(Strategy::Linear))
    );
    assert_eq!(
        base().with_multiplier(7.0),
        with(backoff().with_multiplier(7.0))
    );
    assert_eq!(
        base().with_jitter(Jitter::Equal),
        with(backoff().with_jitter(Jitter::Equal))
    );
}

#[test]
fn every_rule_is_told_by_its_own_variant() {
    let base = RetryPolicy::new;
    let nano = Duration::from_nanos(1);
    let single = base().with_timeout(nano).with_max_retries(0);
    assert_eq!(
        single.check(),
        Ok(()),
        "no retry, so no first wait to fit in"
    );
    let table = [
        (
            base().with_timeout(secs(0)),
            PolicyError::TimeoutNotPositive,
        ),
        (
            base().with_attempt_timeout(secs(0)),
            PolicyError::AttemptTimeoutNotPositive,
        ),
        (
            base().with_attempt_timeout(secs(300) + nano),
            PolicyError::AttemptTimeoutAboveTimeout,
        ),
        (
            base().with_timeout(Duration::from_nanos(999_999_999)),
            PolicyError::InitialWaitAboveTimeout,
        ),
        (
            base().with_max_wait(Duration::from_nanos(999_999_999)),
            PolicyError::MaxWaitBelowInitialWait,
        ),
        (
            base().with_multiplier(f64::NAN),
            PolicyError::MultiplierNotFinite,
        ),
        (
            base().with_multiplier(f64::INFINITY),
            PolicyError::MultiplierNotFinite,
        ),
        (
            base().with_multiplier(f64::NEG_INFINITY),
            PolicyError::MultiplierNotFinite,
        ),
        (
            base().with_multiplier(1.0 - f64::EPSILON),
            PolicyError::MultiplierBelowOne,
        ),
    ];
    for (policy, error) in table {
        assert_eq!(policy.check(), Err(error), "{policy:?}");
    }
}

#[test]
fn the_edges_of_every_rule_are_allowed() {
    let base = RetryPolicy::new;
    let nano = Duration::from_nanos(1);
    let allowed = [
        base().with_initial_wait(nano).with_timeout(nano),
        base().with_attempt_timeout(nano),
        base().with_attempt_timeout(secs(300)),
        base().with_timeout(secs(1)),
        base().with_max_wait(secs(1)),
        base().with_initial_wait(secs(0)).with_max_wait(secs(0)),
        base().with_multiplier(1.0),
        base().with_max_retries(0),
        base().with_max_retries(u32::MAX),
        base()
            .with_timeout(Duration::MAX)
            .with_max_wait(Duration::MAX),
    ];
    for policy in allowed {
        assert_eq!(policy.check(), Ok(()), "{policy:?}");
    }
}

#[test]
fn messages_name_the_option_and_say_what_to_write() {
    for (error, option) in [
        (PolicyError::TimeoutNotPositive, "`timeout`"),
        (PolicyError::AttemptTimeoutNotPositive, "`attempt_timeout`"),
        (PolicyError::AttemptTimeoutAboveTimeout, "`attempt_timeout`"),
        (PolicyError::InitialWaitAboveTimeout, "`initial_wait`"),
        (PolicyError::MaxWaitBelowInitialWait, "`max_wait`"),
        (PolicyError::MultiplierNotFinite, "`multiplier`"),
        (PolicyError::MultiplierBelowOne, "`multiplier`"),
    ] {
        let message = error.message();
        assert!(message.starts_with(option), "{message}");
        assert!(message.contains("; write "), "{message}");
        assert!(!message.ends_with('.'), "{message}");
        assert_eq!(error.to_string(), message);
    }
}
