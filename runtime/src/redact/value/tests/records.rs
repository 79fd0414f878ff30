//! Secrets in what programs print.

use super::hidden;

#[test]
fn log_lines() {
    hidden(&[
        r#"time="2026-01-02T03:04:05Z" level=error msg="login failed" user=anna password=‹hunter2x› attempt=3"#,
        r#"level=info msg="connecting" dsn="postgres://anna:‹s3cr3tPw›@db:5432/app?sslmode=disable""#,
        r#"level=warn msg="bad token" token="‹abc def ghi 123›" caller=main.go:33"#,
        "level=debug api_key=‹9f8e7d6c5b4a› region=eu",
        r#"{"level":"info","password":"‹p@ss w0rd, yes›","user":"anna"}"#,
        r#"{"level":"info","req":{"headers":{"authorization":"Bearer ‹abc123tokenvalue›"}}}"#,
        r#"{"msg":"request failed: https://api.example.com/v1/items?api_key=‹4f5g6h7j8k›&limit=5"}"#,
        r#"{"msg":"{\"password\":\"‹qwertz12›\"}"}"#,
        r#"{"error":"config: {\"db\":{\"password\":\"‹qwertz12›\",\"user\":\"x\"}}"}"#,
        r#"{"client_secret":null,"clientSecret":"‹zzz999yyy›"}"#,
        r#"{"aws_secret_access_key":"‹wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY›"}"#,
        r#"{"refresh_token" : "‹1//0gabcdefghij›" , "scope":"a b"}"#,
        r#"{"card":{"number":"‹4111111111111111›","cvv":"‹123›"}}"#,
        r#"{"name":"DB_PASSWORD","value":"‹hunter2x›"}"#,
        r#"{"key":"api_key","value":"‹hunter2xyz9›"}"#,
        r#"{"Name": "X-Api-Key", "Value": "‹k1k2k3k4k5›"}"#,
    ]);
}

#[test]
fn debug_texts_of_programs() {
    hidden(&[
        r#"Config { host: "db", password: "‹hunter2x›", port: 5432 }"#,
        r#"Config { host: "db", password: Some("‹hunter2x›"), port: 5432 }"#,
        r#"Config { token: Token("‹abc123def›"), retries: 3 }"#,
        r#"Config { secret: Secret(Some("‹abc123def›")) }"#,
        "Config {\n    host: \"db\",\n    password: \"‹hunter2x›\",\n    port: 5432,\n}",
        "Config {\n    password: Some(\n        \"‹hunter2x›\",\n    ),\n    port: 5432,\n}",
        "Credentials {\n    api_key: ApiKey(\n        \"‹hunter2x›\",\n    ),\n}",
        r#"Request { headers: {"authorization": "Bearer ‹abc123tokenvalue›", "accept": "*/*"} }"#,
        r#"[("authorization", "Bearer ‹abc123tokenvalue›"), ("x-api-key", "‹k1k2k3k4k5›")]"#,
        r#"{"x-api-key": "‹k1k2k3k4k5›", "accept": "*/*"}"#,
        r#"ApiError { url: "https://x.example/?token=‹abc123def›", status: 500 }"#,
        r#"Err(Error("connect to mysql://root:‹toor1234›@localhost/db failed"))"#,
        r#"Credentials { username: "anna", password: b"‹hunter2x›" }"#,
        r#"Settings { smtp_password: String("‹hunter2x›") }"#,
        "{'user': 'anna', 'password': '‹hunter2x›'}",
        r#"{'user': 'anna', 'password': "‹it's me 12›"}"#,
        "{'Authorization': 'Bearer ‹abc123tokenvalue›', 'Accept': '*/*'}",
        "User(name='anna', password='‹hunter2x›', active=True)",
        "Settings(api_key=SecretStr('**********'), db_password='‹hunter2x›')",
        "  File \"app.py\", line 12, in <module>\n    login(user=\"anna\", password=\"‹hunter2x›\")",
        "requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://api.example.com/v1?apikey=‹abcdef123456›",
        "KeyError: 'x'\nlocals: {'token': '‹abc123def›', 'n': 3}",
        r#"psycopg2.OperationalError: connection to "host=db user=anna password=‹hunter2x› dbname=x" failed"#,
        "sqlalchemy.exc.OperationalError: (mysql://root:‹toor1234›@db/x)",
        "os.environ['DB_PASSWORD'] = '‹hunter2x›'",
        "DATABASES = {'default': {'PASSWORD': '‹hunter2x›', 'HOST': 'db'}}",
        "User[password=‹x12345›, name=anna]",
        "User{name='anna', password='‹x12345›'}",
        "User(username=anna, password=‹x12345›, roles=[ADMIN])",
        "LoginRequest [user=anna, password=‹x12345›]",
        "{password=‹x12345›, user=anna}",
        "DataSourceProperties{url=jdbc:postgresql://db/x, username=anna, password=‹x12345›}",
    ]);
}
