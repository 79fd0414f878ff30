//! Secrets in files, queries and pieces of programs.

use super::{hidden, kept};

#[test]
fn connection_strings_and_files() {
    hidden(&[
        "jdbc:sqlserver://db:1433;databaseName=x;user=sa;password=‹Str0ng!Pass›;encrypt=true",
        "jdbc:mysql://db:3306/x?user=root&password=‹toor1234›&useSSL=false",
        "jdbc:oracle:thin:scott/‹tiger123›@db:1521/x",
        "org.postgresql.util.PSQLException: password=‹x12345› rejected",
        "spring.datasource.password=‹x12345›",
        "spring.datasource.password: ‹x12345›",
        "Server=db;Database=x;User Id=sa;Password=‹Str0ng!Pass›;",
        "Server=db;Database=x;Uid=sa;Pwd=‹Str0ng!Pass›",
        "Data Source=db;Initial Catalog=x;User ID=sa;Password='‹Str0ng;Pass›';Encrypt=true",
        "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=‹abc123+/def456==›;EndpointSuffix=core.windows.net",
        "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=‹abc123def456=›",
        "AccountEndpoint=https://x.documents.azure.com:443/;AccountKey=‹abc123def456==›;",
        "password = ‹hunter2x›",
        "password: ‹hunter2x›",
        r#"password: "‹hunter2x›""#,
        "password: '‹hunter2x›'",
        "  password: ‹hunter2x›  # of the database",
        "db.password=‹hunter2x›",
        "DB_PASSWORD=‹hunter2x›",
        r#"DB_PASSWORD="‹hunter2x›""#,
        "DB_PASSWORD='‹hunter 2x›'",
        "export DB_PASSWORD=‹hunter2x›",
        "export AWS_SECRET_ACCESS_KEY=‹wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY›",
        "set DB_PASSWORD=‹hunter2x›",
        r#"$env:DB_PASSWORD = "‹hunter2x›""#,
        "setx API_KEY ‹abc123def456›",
        "ENV API_KEY=‹abc123def456›",
        "ENV API_KEY ‹abc123def456ghi7›",
        "ARG TOKEN=‹abc123def456›",
        "      - DB_PASSWORD=‹hunter2x›",
        "      DB_PASSWORD: ‹hunter2x›",
        "        - name: DB_PASSWORD\n          value: ‹hunter2x›",
        "        - name: DB_PASSWORD\n          value: \"‹hunter2x›\"",
        "apiVersion: v1\nkind: Secret\nstringData:\n  password: ‹hunter2x›",
        "data:\n  db-password: ‹aHVudGVyMng=›",
        "password: |\n  ‹hunter2x›\nuser: anna",
        r#"api_token = "‹abc123def456›""#,
        "[database]\nuser = anna\npassword = ‹hunter2x›\nhost = db",
        "//registry.example.com/:_password=‹aHVudGVyMng=›",
        "machine example.com login anna password ‹hunter2x›",
    ]);
}

#[test]
fn queries_and_programs() {
    hidden(&[
        "ALTER USER anna WITH PASSWORD '‹hunter2x›'",
        "CREATE USER 'anna'@'%' IDENTIFIED BY '‹hunter2x›'",
        "CREATE ROLE anna LOGIN PASSWORD '‹hunter2x›';",
        "SET PASSWORD FOR 'anna'@'%' = PASSWORD('‹hunter2x›')",
        "SELECT * FROM users WHERE password = '‹hunter2x›' AND id = 3",
        "UPDATE users SET password='‹it''s 12›' WHERE id=3",
        r#"mutation { login(user: "anna", password: "‹hunter2x›") { token } }"#,
        r#"{"query":"mutation { login(password: \"‹hunter2x›\") { id } }"}"#,
        r#"{"variables":{"input":{"password":"‹hunter2x›"}}}"#,
        r#"user { name: "anna" password: "‹hunter2x›" }"#,
        "password: \"‹hunter2x›\"\napi_key: \"‹abc123def456›\"",
        "{User:anna Password:‹hunter2x› Token:‹abc123def456›}",
        "&{Host:db Password:‹hunter2x› Port:5432}",
        r#"main.Config{Host:"db", Password:"‹hunter2x›", Port:5432}"#,
        "map[password:‹hunter2x› user:anna]",
        r#"map[string]string{"password":"‹hunter2x›"}"#,
        r#"{:user=>"anna", :password=>"‹hunter2x›"}"#,
        r#"{"password"=>"‹hunter2x›", "user"=>"anna"}"#,
        r#"Parameters: {"user"=>{"email"=>"a@b.c", "password"=>"‹hunter2x›"}}"#,
        r#"#<User id: 1, name: "anna", password: "‹hunter2x›">"#,
        r#"#<Config @host="db", @password="‹hunter2x›", @port=5432>"#,
        r#"{password: "‹hunter2x›", user: "anna"}"#,
        "array(2) {\n  [\"password\"]=>\n  string(8) \"‹hunter2x›\"\n}",
        "Array\n(\n    [user] => anna\n    [password] => ‹hunter2x›\n)",
        "$config['password'] = '‹hunter2x›';",
        "'password' => '‹hunter2x›',",
        "define('DB_PASSWORD', '‹hunter2x›');",
        r#"%{password: "‹hunter2x›", user: "anna"}"#,
        "{ password: '‹hunter2x›', user: 'anna' }",
        "const API_KEY = '‹abc123def456›';",
        r#"let token = "‹abc123def456›";"#,
        r#"var apiKey: String = "‹abc123def456›""#,
        r#"static final String PASSWORD = "‹hunter2x›";"#,
        r#"private const string ApiKey = "‹abc123def456›";"#,
        r#"std::string password = "‹hunter2x›";"#,
        r#"#define PASSWORD "‹hunter2x›""#,
        r#"(setq password "‹hunter2x›")"#,
    ]);
}

#[test]
fn xml_and_forms() {
    hidden(&[
        "<password>‹hunter2x›</password>",
        r#"<add key="ApiKey" value="‹abc123def456›" />"#,
        r#"<property name="password" value="‹hunter2x›"/>"#,
        r#"<property name="connection.password">‹hunter2x›</property>"#,
        r#"<user name="anna" password="‹hunter2x›"/>"#,
        r#"<wsse:Password Type="x#PasswordText">‹hunter2x›</wsse:Password>"#,
        r#"<input type="password" name="password" value="‹hunter2x›">"#,
        r#"<string name="api_key">‹abc123def456›</string>"#,
        r#"<entry key="password">‹hunter2x›</entry>"#,
        "------x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n‹hunter2x›\r\n------x--",
    ]);
}

#[test]
fn brackets_in_a_value_are_no_call() {
    hidden(&[
        "GET /login?user=anna&password=‹Summer(2024)!›&x=1",
        "DB_PASSWORD=‹Summer(2024)!›",
        "DB_PASSWORD=‹Tr0ub.dor(x)9›",
        "password=‹Tr(ub)d0r›",
    ]);
    kept(&[
        "password=getPassword()",
        "password=getPassword()!",
        "password=os.getenv(name)",
        "password=os.getenv(\"X\")",
        "password = read(path).trim()",
        "password=decode(value);",
    ]);
}
