//! What calls cost, also where they fail.

use serde_json::json;
use wait_or_die_example_faults::{Plan, Step};

use crate::error::CallError;
use crate::provider::Provider::{Anthropic, Gemini, OpenAi};
use crate::rig::{INPUT, OUTPUT, Rig, answer};
use crate::usage::{Account, Tokens};

const fn tokens(input: u64, output: u64) -> Tokens {
    Tokens { input, output }
}

/// Of one attempt that gave the answer.
const ANSWERED: Account = Account {
    attempts: 1,
    answered: tokens(INPUT, OUTPUT),
    lost: tokens(0, 0),
    unknown: 0,
    useless: 0,
};

#[tokio::test(start_paused = true)]
async fn each_service_tells_what_an_answer_cost() {
    for provider in [Anthropic, Gemini, OpenAi] {
        let rig = Rig::new(provider, Plan::healthy());
        let (reviewed, account) = rig.ask().await;
        assert!(reviewed.is_ok());
        assert_eq!(account, ANSWERED, "{provider:?}");
        let (reviewed, account, _) = rig.stream().await;
        assert!(reviewed.is_ok());
        assert_eq!(account, ANSWERED, "{provider:?} as a stream");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_lost_may_have_cost_anything() {
    let rig = Rig::new(Anthropic, Plan::of([Step::truncated_json()]));
    let (reviewed, account) = rig.ask().await;
    assert!(matches!(reviewed, Err(CallError::Malformed(_))));
    let expected = Account {
        attempts: 1,
        unknown: 1,
        ..Account::default()
    };
    assert_eq!((account, rig.server.count()), (expected, 1));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_of_no_use_has_its_price() {
    let cut = json!({ "choices": [{ "message": { "content": "Well, " }, "finish_reason": "length" }],
        "usage": { "prompt_tokens": 30, "completion_tokens": 9 } });
    let refused = json!({ "choices": [{ "message": { "content": null }, "finish_reason": "content_filter" }],
        "usage": { "prompt_tokens": 30, "completion_tokens": 0 } });
    for (body, output) in [(cut, 9), (refused, 0)] {
        let rig = Rig::new(OpenAi, Plan::of([answer(200, &body)]));
        let (reviewed, account) = rig.ask().await;
        assert!(matches!(reviewed, Err(CallError::Useless { .. })));
        let expected = Account {
            attempts: 1,
            lost: tokens(30, output),
            ..Account::default()
        };
        assert_eq!((account, rig.server.count()), (expected, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_cut_off_after_its_verdict_is_one() {
    let body = json!({ "choices": [{ "message": { "content": "VERDICT: REJECT\nline" }, "finish_reason": "length" }],
        "usage": { "prompt_tokens": 30, "completion_tokens": 9 } });
    let rig = Rig::new(OpenAi, Plan::of([answer(200, &body)]));
    let (reviewed, account) = rig.ask().await;
    assert!(reviewed.unwrap().is_cut);
    let expected = Account {
        attempts: 1,
        answered: tokens(30, 9),
        ..Account::default()
    };
    assert_eq!(account, expected);
}

#[cfg(feature = "resilience")]
#[tokio::test(start_paused = true)]
async fn retried_attempts_are_in_the_account_and_apart() {
    let empty = json!({ "candidates": [{ "finishReason": "OTHER" }],
        "usageMetadata": { "promptTokenCount": 100, "thoughtsTokenCount": 20 } });
    let plan = Plan::of([
        crate::rig::status(429),
        answer(200, &empty),
        crate::rig::status(500),
        Step::reset().after_work(),
    ]);
    let rig = Rig::new(Gemini, plan);
    let (reviewed, account) = rig.ask().await;
    assert!(reviewed.is_ok());
    let expected = Account {
        attempts: 5,
        answered: tokens(INPUT, OUTPUT),
        lost: tokens(100, 20),
        unknown: 2,
        useless: 1,
    };
    assert_eq!((account, rig.server.count()), (expected, 5));
}

#[cfg(feature = "resilience")]
#[tokio::test(start_paused = true)]
async fn answers_of_no_use_are_asked_anew_twice() {
    let vague = json!({ "content": [{ "type": "text", "text": "Looks good." }], "stop_reason": "end_turn",
        "usage": { "input_tokens": 100, "output_tokens": 3 } });
    for (vague_answers, asked, is_ok) in [(2, 3, true), (3, 3, false), (9, 3, false)] {
        let rig = Rig::new(
            Anthropic,
            Plan::of(answer(200, &vague).times(vague_answers)),
        );
        let (reviewed, account) = rig.ask().await;
        assert_eq!((rig.server.count(), reviewed.is_ok()), (asked, is_ok));
        let lost = if is_ok {
            tokens(200, 6)
        } else {
            tokens(300, 9)
        };
        assert_eq!(account.lost, lost);
    }
}
