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
