//! Values in calls and after schemes, in escaped tags, in lines of settings, and those that stand apart from their names.

use super::{hidden, kept};

#[test]
fn calls_that_hand_over_a_secret() {
    hidden(&[
        r#"client.setPassword("‹hunter2x›");"#,
        r#"builder.withToken("‹abc123def›")"#,
        r#".password("‹hunter2x›")"#,
        r#".apiKey("‹abc123def›")"#,
        r#"conn.set_password("‹hunter2x›")"#,
    ]);
    kept(&[
        r#"getPassword("profile-2")"#,
        r#"client.getSecret("prod-db-2")"#,
        r#"token("abc123def")"#,
        r#"form.password("Your password")"#,
        r#".token("session")"#,
        ".password()",
        "client.setPassword(password)",
    ]);
}

#[test]
fn tags_that_are_escaped() {
    hidden(&[
        "&lt;password&gt;‹hunter2x›&lt;/password&gt;",
        r"\u003cpassword\u003e‹hunter2x›\u003c/password\u003e",
    ]);
    kept(&["password&gt;12", r"password\u003e12"]);
}

#[test]
fn lines_of_settings() {
    hidden(&[
        "requirepass ‹hunter2x›",
        "port 6379\nrequirepass ‹hunter2x›\nappendonly yes",
        "db.password ‹hunter2x›",
        "machine a\n  login anna\n  password ‹hunter2x›",
        "machine a\nlogin anna\npassword ‹hunter›\n",
    ]);
    kept(&[
        "PASS login2test",
        "totp window=1",
        "password reset2026",
        "db.password required",
        "see db.password hunter2x",
        "db.password hunter2x is old",
    ]);
}

#[test]
fn sentences_of_other_verbs_and_languages() {
    hidden(&[
        "das Passwort ist ‹hunter2x›",
        "Kennwort lautet ‹hunter2x›",
        "le mot de passe est ‹hunter2x›",
        "la contraseña es ‹hunter2x›",
        "Property 'app.password' resolved to '‹hunter›'",
        "password set to ‹hunter2x›",
        "password was ‹hunter2x›",
    ]);
    kept(&[
        "das Passwort ist falsch",
        "le mot de passe est incorrect",
        "password set to expire soon",
        "token changed to valid",
    ]);
}

#[test]
fn values_with_a_name_of_their_own() {
    hidden(&[
        r#"{"ParameterKey":"DBPassword","ParameterValue":"‹hunter›"}"#,
        r#"{"k":"password","v":"‹hunter›"}"#,
        r#"{"name":"DB_PASSWORD","slotSetting":false,"value":"‹hunter›"}"#,
        r#"{"key":"api_key","type":"text","value":"‹hunter›"}"#,
        "{name: DB_PASSWORD, value: ‹hunter›}",
        "level=info name=password value=‹hunter› done",
    ]);
    kept(&[
        r#"{"name":"password","required":true,"id":"value"}"#,
        r#"{"name":"password","type":"string"},{"name":"x","value":"a"}"#,
        "password, value: abc",
        r#"{"name":"password","v":""}"#,
    ]);
}

#[test]
fn what_languages_print() {
    hidden(&[
        "{badmatch,{error,[{user,\"app\"},{password,\"‹hunter2x›\"}]}}",
        "#{password => <<\"‹hunter2x›\">>}",
        "[\"password\":protected]=>\n  string(8) \"‹hunter2x›\"",
        "[\"password\":\"App\\User\":private]=>\n  string(8) \"‹hunter2x›\"",
        "[password:protected] => ‹hunter2x›",
        "[password:App\\User:private] => ‹hunter2x›",
        "CREATE LOGIN a WITH PASSWORD = N'‹hunter2x›'",
        "%7B%22token%22%3A%20%22‹hunter2x›%22%7D",
    ]);
    kept(&[
        "{password,\"email\"}",
        "[token:protected]",
        "(password,\"Hunter2x\")",
    ]);
}

#[test]
fn users_and_passwords_handed_over_together() {
    hidden(&[
        r#"requests.get(url, auth=("anna", "‹hunter›"))"#,
        "auth=HTTPBasicAuth('anna', '‹hunter›')",
        r#"new NetworkCredential("anna", "‹hunter›")"#,
    ]);
    kept(&[r#"auth=("anna", name)"#, r#"auth=("anna")"#, "auth=(a, b)"]);
}

#[test]
fn schemes_that_are_not_known() {
    hidden(&[
        "Authorization: GNAP ‹abc123def›",
        "Authorization: My-Auth ‹abc123def›\r\nHost: a",
        "Authorization: Hawk ‹id=\"a1\", mac=\"bc+/=\"›",
        "Authorization: MAC ‹id=\"a1\", nonce=\"b\", mac=\"cd=\"›",
        "exp 12/28 cvc ‹123›",
    ]);
    kept(&[
        "cookies=3 size=1.2KB",
        "Authorization: GNAP [REDACTED]",
        "cvc 12 of 30",
    ]);
}

#[test]
fn users_who_are_called_like_secrets() {
    hidden(&[
        "https://x-access-token:‹abc123def›@github.com/o/r.git",
        "https://token:‹hunter›@example.com/a b",
        "//password: ‹hunter2x›",
    ]);
    kept(&["https://x-access-token:[REDACTED]@github.com/o/r.git"]);
}

#[test]
fn pairs_with_blanks_and_values_of_ldif() {
    hidden(&[
        "define( 'AUTH_KEY', '‹put-Your!unique1phrase›' );",
        "userPassword:: ‹e1NTSEF9MTIzNDU2Nzg5MA==›",
        "basicAuth=‹anna:hunter›",
    ]);
    kept(&[
        "token::refresh",
        "password::check(user)",
        "sh: TOKEN: unbound variable",
        "basicAuth=true",
        "basic_auth: enabled",
    ]);
}

#[test]
fn lists_of_go() {
    super::shown_as(&[(
        r#"http.Header{"X-Api-Key":[]string{"abc123def"}, "Accept":[]string{"*/*"}}"#,
        r#"http.Header{"X-Api-Key":"[REDACTED]", "Accept":[]string{"*/*"}}"#,
    )]);
}

#[test]
fn figures_of_models_and_names_of_resources() {
    kept(&[
        r#"{"token":" the","logprob":-0.0123}"#,
        r#"{"token":" the", "logprob":-0.0123}"#,
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf",
        r#"{"errors":{"password":["is too short (minimum is 8 characters)"]}}"#,
        r#"{"password":["must be longer","is required here"]}"#,
        "secrets: inherit",
        "password: ~",
        "api_key: YOUR_API_KEY",
        "password: !vault |",
        "password = var.db_password",
        "password: process.env.DB_PASSWORD,",
        "self.password = password",
        "this.token = token;",
        "--- PASS: TestLogin (0.00s)",
        "PASS: test_login_2",
        "/a?v&key=size",
        "token=$(cat token)",
        "authorization.split(' ')[1]",
    ]);
    hidden(&[
        r#"{"token":"‹the›","likelihood":-0.0123}"#,
        "urn:12345678901:secret:‹abc›",
        "api_key: ‹YOURS123›",
        "password: ‹!vault1›",
        "password = ‹blue.giraffe›",
        "self.password = ‹swordfish›",
        "PASS: ‹hunter2›",
        "/a?key=‹abc1›",
    ]);
}
