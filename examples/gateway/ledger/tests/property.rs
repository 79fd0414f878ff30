//! Random commands to two processes on one machine, with checkpoints, restarts and power cuts between, against the reference.

use proptest::prelude::*;
use wait_or_die::testing;

use super::inode::Leaves;
use super::model::Model;
use super::reference::{Reference, event, orders, requests, settled};
use crate::ledger::Settings;
use crate::ledger::entry::{Event, Kind, Outcome};
use crate::ledger::store::Store;

#[derive(Debug, Clone)]
enum Command {
    /// A batch to one of the processes: orders and what is to be done to them.
    Commit(usize, Vec<(u8, Kind)>),
    Checkpoint(usize),
    Restart(usize),
    PowerCut(u64),
}

fn kind() -> impl Strategy<Value = Kind> {
    let outcome = prop_oneof![
        Just(Outcome::Done),
        Just(Outcome::Rejected),
        Just(Outcome::Unknown)
    ];
    prop_oneof![
        4 => (0..2_u8).prop_map(|payload| Kind::Registered { payload: Box::new([payload]) }),
        4 => Just(Kind::Sent),
        1 => Just(Kind::Released),
        3 => (outcome, "[a-z]{0,5}").prop_map(|(outcome, answer)| settled(outcome, &answer)),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let batch = prop::collection::vec((0..5_u8, kind()), 1..4);
    prop_oneof![
        12 => (0..2_usize, batch).prop_map(|(process, batch)| Command::Commit(process, batch)),
        1 => (0..2_usize).prop_map(Command::Checkpoint),
        1 => (0..2_usize).prop_map(Command::Restart),
        1 => any::<u64>().prop_map(Command::PowerCut),
    ]
}

struct Machine {
    model: Model,
    processes: [Store<Model>; 2],
}

impl Machine {
    fn start(model: Model) -> Self {
        let processes = [(), ()].map(|()| open(&model));
        Self { model, processes }
    }
}

fn open(model: &Model) -> Store<Model> {
    Store::open(model.process(), Settings::default()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn two_processes_do_what_one_plain_map_does(commands in prop::collection::vec(command(), 1..60)) {
        let _scope = testing::scope(7);
        let mut machine = Machine::start(Model::new());
        let mut reference = Reference::default();
        for (at, command) in commands.into_iter().enumerate() {
            match command {
                Command::Commit(process, batch) => {
                    let batch = batch.into_iter();
                    let batch = batch.map(|(id, kind)| event(&format!("o-{id}"), at as u64, kind));
                    let batch: Vec<Event> = batch.collect();
                    let store = &mut machine.processes[process];
                    let answers = store.commit(&requests(&batch)).unwrap();
                    for (event, answer) in batch.iter().zip(answers) {
                        prop_assert_eq!(answer.ok(), reference.apply(event));
                    }
                    prop_assert_eq!(orders(store), reference.clone());
                }
                Command::Checkpoint(process) => machine.processes[process].checkpoint().unwrap(),
                Command::Restart(process) => {
                    machine.processes[process] = open(&machine.model);
                    prop_assert_eq!(orders(&machine.processes[process]), reference.clone());
                }
                Command::PowerCut(seed) => {
                    machine = Machine::start(machine.model.after_crash(Leaves::Parts(seed)));
                    prop_assert_eq!(orders(&machine.processes[0]), reference.clone());
                }
            }
        }
        let last = open(&machine.model);
        prop_assert_eq!(orders(&last), reference);
    }
}
