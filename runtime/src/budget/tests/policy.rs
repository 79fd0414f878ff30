use core::time::Duration;

use crate::budget::{Budget, BudgetError, BudgetPolicy, Budgets};
use crate::clock;

/// Checked while this compiles.
const _: () = assert!(BudgetPolicy::DEFAULT.check().is_ok());

#[test]
fn the_defaults_are_those_of_the_table() {
    let policy = BudgetPolicy::default();
    assert_eq!(policy.ratio().to_bits(), 0.2_f64.to_bits());
    assert_eq!(policy.reserve_per_second(), 3);
    assert_eq!(policy.memory(), Duration::from_secs(10));
    assert_eq!(policy.reserve(), 30);
    assert_eq!(policy, BudgetPolicy::new());
    assert_eq!(Budget::default().policy(), policy);
}

#[test]
fn numbers_out_of_range_are_refused() {
    let new = BudgetPolicy::new;
    let of = |ratio| new().with_ratio(ratio).check();
    for ratio in [0.0, 0.2, 1_000.0] {
        assert_eq!(of(ratio), Ok(()));
    }
    for ratio in [-0.1, 1_000.1, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(of(ratio), Err(BudgetError::RatioOutOfRange), "{ratio}");
    }
    let of = |nanos| new().with_memory(Duration::from_nanos(nanos)).check();
    for nanos in [1_000_000_000, 3_600_000_000_000] {
        assert_eq!(of(nanos), Ok(()));
    }
    for nanos in [0, 999_999_999, 3_600_000_000_001] {
        assert_eq!(of(nanos), Err(BudgetError::MemoryOutOfRange), "{nanos}");
    }
    let refused = Budget::new(new().with_memory(Duration::ZERO));
    assert_eq!(refused.unwrap_err(), BudgetError::MemoryOutOfRange);
}

#[test]
fn the_reserve_is_that_of_the_whole_memory() {
    let of = |per_second, millis| {
        BudgetPolicy::new()
            .with_reserve_per_second(per_second)
            .with_memory(Duration::from_millis(millis))
            .reserve()
    };
    assert_eq!(of(10, 10_000), 100);
    assert_eq!(of(1, 1_500), 1);
    assert_eq!(of(3, 2_500), 7);
    assert_eq!(of(0, 10_000), 0);
    assert_eq!(of(u32::MAX, 3_600_000), 3_600 * u64::from(u32::MAX));
}

#[test]
fn messages_name_the_setting_and_what_to_write() {
    for (error, name) in [
        (BudgetError::RatioOutOfRange, "`ratio`"),
        (BudgetError::MemoryOutOfRange, "`memory`"),
    ] {
        let text = error.to_string();
        assert_eq!(text, error.message());
        assert!(text.starts_with(name) && text.contains("; write ") && !text.ends_with('.'));
    }
}

#[test]
fn budgets_of_one_name_are_one_and_the_first_settings_stay() {
    let budgets = Budgets::new();
    let first = BudgetPolicy::new().with_reserve_per_second(1);
    let refused = first.with_ratio(-1.0);
    assert!(budgets.get("a".into(), refused).is_err());
    let one = budgets.get("a".into(), first).unwrap();
    let same = budgets.get("a".into(), refused).unwrap();
    let other = budgets.get("b".into(), BudgetPolicy::DEFAULT).unwrap();
    let now = clock::now();
    assert!(one.try_withdraw(now));
    assert_eq!(same.policy(), first);
    assert_eq!(same.snapshot(now).balance, 9);
    assert_eq!(other.snapshot(now).balance, 30);
    let listed = budgets.list(now);
    let names: Vec<_> = listed
        .iter()
        .map(|(name, seen)| (&**name, seen.balance))
        .collect();
    assert_eq!(names, [("a", 9), ("b", 30)]);
}

#[test]
fn the_programs_budgets_are_found_by_name() {
    let name = "budget::tests::policy::the_programs_budgets_are_found_by_name";
    let now = clock::now();
    let budget = Budget::named(name, BudgetPolicy::DEFAULT).unwrap();
    budget.deposit();
    let listed = Budget::all(now);
    let (_, seen) = listed.iter().find(|(listed, _)| listed == name).unwrap();
    assert_eq!(seen.calls, 1);
}

#[cfg(feature = "serde")]
mod serial {
    use core::time::Duration;

    use serde_json::{from_str, json, to_value};

    use crate::budget::{Budget, BudgetPolicy};
    use crate::clock;

    #[test]
    fn nothing_written_is_the_default() {
        assert_eq!(
            from_str::<BudgetPolicy>("{}").unwrap(),
            BudgetPolicy::DEFAULT
        );
    }

    #[test]
    fn policies_are_read_and_written_under_the_names_of_their_settings() {
        let policy = BudgetPolicy::new()
            .with_ratio(0.5)
            .with_reserve_per_second(4)
            .with_memory(Duration::from_secs(90));
        let text = r#"{"ratio": 0.5, "reserve_per_second": 4, "memory": "1m30s"}"#;
        assert_eq!(from_str::<BudgetPolicy>(text).unwrap(), policy);
        let expected = json!({"ratio": 0.5, "reserve_per_second": 4, "memory": "1m30s"});
        assert_eq!(to_value(policy).unwrap(), expected);
    }

    #[test]
    fn unknown_names_and_broken_rules_are_refused() {
        let refusal = |text| from_str::<BudgetPolicy>(text).unwrap_err().to_string();
        assert!(refusal(r#"{"percent": 20}"#).contains("unknown field `percent`"));
        assert!(refusal(r#"{"memory": 0.5}"#).contains("`memory` must be from one second"));
        assert!(refusal(r#"{"reserve_per_second": -1}"#).contains("invalid value"));
    }

    #[test]
    fn snapshots_are_written_flat() {
        let now = clock::now();
        let budget = Budget::new_at(BudgetPolicy::DEFAULT, now).unwrap();
        for _ in 0..10 {
            budget.deposit();
        }
        let _asleep = budget.withdraw(now);
        let expected = json!({
            "balance": 31, "calls_left": 1, "reserve_left": 30, "sleeping": 1,
            "calls": 10, "withdrawn": 1, "returned": 0, "refused": 0
        });
        assert_eq!(to_value(budget.snapshot(now)).unwrap(), expected);
    }
}
