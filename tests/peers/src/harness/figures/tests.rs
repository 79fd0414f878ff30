use super::*;

fn record(scenario: &'static str, stage: &str, disturbed: usize) -> Record {
    Record {
        scenario,
        title: "",
        unit: Unit::Rate,
        stage: stage.to_owned(),
        name: String::new(),
        role: Role::Ours,
        samples: vec![1.0; 5],
        disturbed,
    }
}

#[test]
fn disturbed_samples_are_told_by_scenario_and_stage() {
    let records = [
        record("S4", "1 thread", 0),
        record("S5", "2 threads", 0),
        record("S5", "2 workers", 3),
        record("S5", "2 threads", 1),
        record("S5", "2 workers", 1),
    ];
    let told = [
        "1 of 10 samples of S5, 2 threads were disturbed",
        "4 of 10 samples of S5, 2 workers were disturbed",
    ];
    assert_eq!(disturbances(&records), told);
}

#[test]
fn a_quantile_lies_between_two_values_in_proportion() {
    // In halves, so that whole numbers are compared.
    let of =
        |list: &[f64]| [0.25, 0.5, 0.75].map(|share| whole(2.0 * quantile(list.to_vec(), share)));
    assert_eq!(of(&[3.0, 1.0]), [3, 4, 5]);
    assert_eq!(of(&[9.0, 1.0, 4.0]), [5, 8, 13]);
    assert_eq!(of(&[7.0]), [14; 3]);
    assert!(quantile(Vec::new(), 0.5).is_nan());
}
