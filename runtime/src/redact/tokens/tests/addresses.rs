//! Web addresses that hold a secret in their path.

use super::hidden;

#[test]
fn the_secret_part_of_a_path_is_hidden() {
    for (text, expected) in [
        (
            "POST https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX failed",
            "POST https://hooks.slack.com/services/# failed",
        ),
        (
            "https://hooks.slack.com/workflows/T0/A0/12345678901234567/abcdefabcdef",
            "https://hooks.slack.com/workflows/#",
        ),
        (
            "https://discord.com/api/webhooks/123456789012345678/AbCd-EfGh_0123456789AbCdEfGh?wait=1",
            "https://discord.com/api/webhooks/123456789012345678/#?wait=1",
        ),
        (
            "https://contoso.webhook.office.com/webhookb2/7d444840-9dc0@5ffdce74/IncomingWebhook/0123/4567, retry",
            "https://contoso.webhook.office.com/webhookb2/#, retry",
        ),
        (
            "https://api.telegram.org/bot123456789:AbCdEfGhIjKlMnOpQrStUvWxYz/sendMessage",
            "https://api.telegram.org/bot#/sendMessage",
        ),
        (
            "https://api.telegram.org/file/bot123456789:AbCdEfGhIjKlMnOpQrStUvWxYz/a.jpg",
            "https://api.telegram.org/file/bot#/a.jpg",
        ),
        (
            "https://hooks.zapier.com/hooks/catch/1234567/abcdef1/",
            "https://hooks.zapier.com/hooks/catch/#",
        ),
        (
            "https://maker.ifttt.com/trigger/door/with/key/dXyZ0123456789abcdef",
            "https://maker.ifttt.com/trigger/door/with/key/#",
        ),
        (
            "https://open.feishu.cn/open-apis/bot/v2/hook/7d444840-9dc0-11d1-b245-5ffdce74fad2",
            "https://open.feishu.cn/open-apis/bot/v2/hook/#",
        ),
        (
            "https://hook.eu1.make.com/abcdefghijklmnop0123456789",
            "https://hook.eu1.make.com/#",
        ),
        (
            "https://chat.example.org/hooks/xen8a9s7dbfjtnk7yw4gc7zpqh",
            "https://chat.example.org/hooks/#",
        ),
        (
            "https://events.pagerduty.com/integration/0123456789abcdef0123456789abcdef/enqueue",
            "https://events.pagerduty.com/integration/#/enqueue",
        ),
        (
            "https://mainnet.infura.io/v3/0123456789abcdef0123456789abcdef",
            "https://mainnet.infura.io/v3/#",
        ),
    ] {
        assert_eq!(hidden(text), expected);
    }
}

#[test]
fn slashes_may_be_escaped() {
    assert_eq!(
        hidden(
            r#"{"url":"https:\/\/hooks.slack.com\/services\/T0AAAAAAA\/B0AAAAAAA\/0123456789abcdef"}"#
        ),
        r#"{"url":"https:\/\/hooks.slack.com\/services\/#"}"#,
    );
    assert_eq!(
        hidden(
            "to=https%3A%2F%2Fhooks.slack.com%2Fservices%2FT0AAAAAAA%2FB0AAAAAAA%2F0123456789abcdef&x=1"
        ),
        "to=https%3A%2F%2Fhooks.slack.com%2Fservices%2F#&x=1",
    );
}

#[test]
fn an_address_without_a_secret_stays() {
    for text in [
        "https://hooks.slack.com/services/",
        "https://discord.com/api/webhooks/123456789012345678",
        "https://api.telegram.org/bots",
        "https://example.org/hooks/pre-commit",
        "https://example.org/react/hooks/useEffect",
        "https://outlook.office.com/mail/inbox",
    ] {
        assert_eq!(hidden(text), text);
    }
}
