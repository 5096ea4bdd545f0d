//! The real program's commands beside `serve`: what they print, and the exit code that scripts go by.

mod common;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use zhkh_server::registry::encoding::to_cp1251;

const BILL: &str = "2140183572;;;Смирнова В. П.;г. Новочебоксарск, ул. Винокурова, д. 10, кв. 25;1026;3456,78\r\n";

struct Office(tempfile::TempDir);

impl Office {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("server.toml"), common::SETTINGS).expect("written");
        std::fs::write(folder.path().join("consent.txt"), "Даю согласие.").expect("written");
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(arguments, "")
    }

    fn run_with(&self, arguments: &[&str], typed: &str) -> Output {
        let mut program = Command::new(env!("CARGO_BIN_EXE_zhkh-server"))
            .args(["--config", "server.toml"])
            .args(arguments)
            .current_dir(self.path())
            .env_remove("ZHKH_DATA")
            .env_remove("ZHKH_DATABASE__URL")
            .env_remove("ZHKH_LISTEN")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        // A command that reads nothing may have ended already.
        let _ = program.stdin.take().expect("piped").write_all(typed.as_bytes());
        program.wait_with_output().expect("ended")
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn an_import_succeeds_once_and_leaves_its_protocol() {
    let office = Office::new();
    std::fs::write(office.path().join("bill.txt"), to_cp1251(BILL)).expect("written");
    let import = ["import", "p1", "bill.txt", "--today", "2026-11-10", "--protocol", "protocol.txt"];
    let first = office.run(&import);
    assert!(first.status.success(), "{}", said(&first));
    let protocol = std::fs::read_to_string(office.path().join("protocol.txt")).expect("the protocol");
    assert!(protocol.contains("Загружено полностью") && said(&first).contains(&protocol), "{protocol}");
    let second = office.run(&import);
    assert!(!second.status.success() && said(&second).contains("уже загружен"), "{}", said(&second));
}

#[cfg(unix)]
#[test]
fn the_data_folder_is_closed_to_others_by_whichever_command_comes_first_and_an_open_one_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    for first in [["import", "p1", "bill.txt", "--today", "2026-11-10"].as_slice(), &["staff", "list"]] {
        let office = Office::new();
        std::fs::write(office.path().join("bill.txt"), to_cp1251(BILL)).expect("written");
        assert!(office.run(first).status.success());
        let data = office.path().join("data");
        assert_eq!(std::fs::metadata(&data).expect("a folder").permissions().mode() & 0o777, 0o700, "{first:?}");
        assert!(!said(&office.run(&["doctor"])).contains("chmod"));
        std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).expect("opened");
        let words = said(&office.run(&["doctor"]));
        assert!(words.lines().any(|line| line.starts_with("посмотрите") && line.contains("chmod 700")), "{words}");
    }
}

#[test]
fn a_file_that_changes_nothing_fails_and_says_what_to_do() {
    let office = Office::new();
    std::fs::write(office.path().join("bill.txt"), to_cp1251(&BILL.replace("3456,78", "много"))).expect("written");
    let stopped = office.run(&["import", "p1", "bill.txt", "--today", "2026-11-10"]);
    assert!(!stopped.status.success(), "{}", said(&stopped));
    let words = said(&stopped);
    assert!(words.contains("строка 1, Сумма") && words.contains("--accept-partial"), "{words}");
    let missing = office.run(&["import", "p1", "no-such-file.txt"]);
    assert!(!missing.status.success() && said(&missing).contains("не читается"), "{}", said(&missing));
    let nothing = office.run(&["export", "r1", "--period", "2026-11", "--out", "out.txt"]);
    assert!(!nothing.status.success() && said(&nothing).contains("Ничего не выгружено"), "{}", said(&nothing));
    let month = office.run(&["export", "r1", "--period", "ноябрь", "--out", "out.txt"]);
    assert!(!month.status.success() && said(&month).contains("ГГГГ-ММ"), "{}", said(&month));
}

#[test]
fn a_file_of_a_gigabyte_is_refused_in_every_format_before_it_takes_room_in_memory() {
    let office = Office::new();
    for (format, name) in [
        ("p1", "a.txt"),
        ("p2", "b.txt"),
        ("p4", "c.dbf"),
        ("r1", "d.txt"),
        ("r3", "e.xlsx"),
        ("bills", "f.jsonl"),
        ("bills", "g.csv"),
        ("bills", "h.xlsx"),
    ] {
        let file = std::fs::File::create(office.path().join(name)).expect("made");
        // Not a byte of it lies on the disk.
        file.set_len(1 << 30).expect("stretched");
        let told = office.run(&["import", format, name, "--today", "2026-11-10"]);
        assert!(!told.status.success(), "{format}: {}", said(&told));
        assert!(said(&told).contains("файл больше 768 МБ"), "{format} {name}: {}", said(&told));
        assert!(said(&told).contains("Ничего не изменено"), "{format}: {}", said(&told));
    }
}

#[test]
fn the_demo_town_is_generated_imported_and_its_sign_ins_are_told() {
    let office = Office::new();
    let made = office.run(&["demo", "generate", "--out", "town", "--accounts", "12", "--seed", "5"]);
    assert!(made.status.success(), "{}", said(&made));
    let files: Vec<String> = String::from_utf8_lossy(&made.stdout).lines().map(str::to_owned).collect();
    for (format, file) in ["p1", "p4", "r3", "r1"].into_iter().zip(&files) {
        let import = office.run(&["import", format, file, "--today", "2026-11-10"]);
        assert!(import.status.success(), "{}", said(&import));
    }
    let told = office.run(&["demo", "sign-ins"]);
    assert!(said(&told).contains("2140183572") && said(&told).contains("3456,78"), "{}", said(&told));
}

/// A telephone robot that answers every request with its balance.
fn robot() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut connection in listener.incoming().flatten() {
            let answer = r#"{"balance":"12.34"}"#;
            let mut request = [0; 4096];
            let _ = connection.read(&mut request);
            let length = answer.len();
            let _ = write!(
                connection,
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{answer}"
            );
        }
    });
    format!("http://{address}")
}

fn with_robot(office: &Office, base_url: &str) {
    let settings = office.path().join("server.toml");
    let calls =
        format!("[calls]\nbase_url = \"{base_url}\"\nlogin = \"ks\"\npassword = \"secret\"\ntimeout_ms = 3000\n");
    std::fs::write(settings, format!("{}\n{calls}", common::SETTINGS)).expect("written");
}

#[test]
fn the_doctor_finds_a_good_server_good() {
    let office = Office::new();
    with_robot(&office, &robot());
    let fresh = office.run(&["doctor"]);
    assert!(fresh.status.success() && said(&fresh).contains("появится при первом запуске"), "{}", said(&fresh));
    // Any command that opens the database makes it.
    assert!(office.run(&["staff", "list"]).status.success());
    let good = office.run(&["doctor"]);
    let words = said(&good);
    assert!(good.status.success(), "{words}");
    for what in ["Настройки читаются", "База цела", "Часы:", "на счёте: 12.34"] {
        let line = words.lines().find(|line| line.contains(what));
        assert!(line.is_some_and(|line| line.starts_with("хорошо")), "{what}: {words}");
    }
    assert!(!words.contains("исправьте"), "{words}");
}

#[test]
fn the_doctor_fails_and_says_what_to_check_when_the_robot_cannot_be_reached() {
    let office = Office::new();
    // Bound and let go: nobody listens there.
    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    with_robot(&office, &format!("http://{nobody}"));
    let ill = office.run(&["doctor"]);
    let words = said(&ill);
    assert_eq!(ill.status.code(), Some(1), "{words}");
    let line = words.lines().find(|line| line.contains("Звонковый робот")).expect("a line about the robot");
    assert!(line.starts_with("исправьте") && line.contains("base_url"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_goes_to_the_mail_server_as_a_letter_would_and_sends_none() {
    let mail = sandbox::start("127.0.0.1:0").await.expect("a mail server");
    let office = Office::new();
    with_robot(&office, &robot());
    let plain = std::fs::read_to_string(office.path().join("server.toml")).expect("settings");
    let with = |port: u16, more: &str| {
        let mail = format!("[mail]\nhost = \"127.0.0.1\"\nport = {port}\nfrom = \"zayavki@ks.example\"\n{more}\n");
        std::fs::write(office.path().join("server.toml"), format!("{plain}\n{mail}")).expect("written");
        let output = office.run(&["doctor"]);
        let line = said(&output).lines().find(|line| line.contains("Почтовый сервер")).map(str::to_owned);
        (output.status.success(), line.unwrap_or_else(|| panic!("{}", said(&output))))
    };
    let (port, signed_in) = (mail.smtp.port(), "security = \"none\"\nuser = \"zayavki\"\npassword = \"very-secret\"");
    let (well, line) = with(port, signed_in);
    assert!(well && line.starts_with("хорошо") && line.contains("логин и пароль подходят"), "{line}");
    mail.postbox.with_knobs(|knobs| knobs.locked = true);
    let (well, line) = with(port, signed_in);
    assert!(!well && line.starts_with("исправьте") && line.contains("пароль не подходят"), "{line}");
    assert!(!line.contains("very-secret"), "{line}");
    assert!(with(port, "security = \"none\"").0, "who wants no sign-in gets none");
    let (_, line) = with(port, "security = \"starttls\"");
    assert!(line.starts_with("исправьте") && line.contains("не предлагает"), "{line}");
    let (_, line) = with(port, "security = \"tls\"");
    assert!(line.starts_with("исправьте") && line.contains("зашифровать"), "{line}");
    mail.postbox.with_knobs(|knobs| knobs.down = true);
    let (_, line) = with(port, "security = \"none\"");
    assert!(line.starts_with("исправьте") && line.contains("421"), "{line}");
    // Bound and let go: nobody listens there.
    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let (_, line) = with(nobody.port(), "security = \"none\"");
    assert!(line.starts_with("исправьте") && line.contains("соединиться"), "{line}");
    assert!(mail.postbox.letters(None).is_empty());
}

#[test]
fn the_doctor_tells_a_file_that_is_no_database() {
    let office = Office::new();
    with_robot(&office, &robot());
    std::fs::create_dir(office.path().join("data")).expect("made");
    std::fs::write(office.path().join("data/zhkh.db"), "a letter, not a database".repeat(500)).expect("written");
    let ill = office.run(&["doctor"]);
    assert_eq!(ill.status.code(), Some(1), "{}", said(&ill));
    assert!(said(&ill).lines().any(|line| line.starts_with("исправьте") && line.contains("zhkh.db")), "{}", said(&ill));
}

#[test]
fn staff_are_added_once_and_listed_without_their_passwords() {
    let office = Office::new();
    let add = ["staff", "add", "petrova", "--name", "Петрова Анна Андреевна", "--role", "cashier"];
    let weak = office.run_with(&add, "1234\n");
    assert!(!weak.status.success() && said(&weak).contains("не меньше 8 символов"), "{}", said(&weak));
    let added = office.run_with(&add, "kassa2026tri\n");
    assert!(added.status.success() && said(&added).contains("Сотрудник добавлен"), "{}", said(&added));
    let again = office.run_with(&add, "kassa2026tri\n");
    assert!(!again.status.success() && said(&again).contains("уже есть"), "{}", said(&again));
    let listed = office.run(&["staff", "list"]);
    assert_eq!(String::from_utf8_lossy(&listed.stdout), "petrova\tcashier\tПетрова Анна Андреевна\n");
    for file in std::fs::read_dir(office.path().join("data")).expect("a folder").flatten() {
        let bytes = std::fs::read(file.path()).expect("read");
        let password = b"kassa2026tri";
        assert!(!bytes.windows(password.len()).any(|part| part == password), "{}", file.path().display());
    }
}

#[test]
fn a_dispatcher_is_added_with_a_made_up_password_gets_another_and_leaves() {
    let office = Office::new();
    let add = ["staff", "add", "ilina", "--name", "Ильина Анна Сергеевна", "--role", "dispatcher", "--role", "support"];
    let unknown = office.run(&[&add[..], &["--generate", "--department", "Кухня"]].concat());
    assert!(!unknown.status.success() && said(&unknown).contains("Аварийная служба"), "{}", said(&unknown));
    let added = office.run(&[&add[..], &["--generate", "--department", "Аварийная служба"]].concat());
    let words = said(&added);
    let password = words.lines().find_map(|line| line.strip_prefix("Пароль: ")).expect("printed once");
    assert!(domain::password::check(password).is_ok(), "{words}");
    assert_eq!(
        String::from_utf8_lossy(&office.run(&["staff", "list"]).stdout),
        "ilina\tdispatcher,support\tИльина Анна Сергеевна\n"
    );
    let changed = office.run_with(&["staff", "password", "ILINA"], "drugoj2026parol\n");
    assert!(changed.status.success() && said(&changed).contains("Пароль сменён"), "{}", said(&changed));
    let gone = office.run(&["staff", "disable", "ilina"]);
    assert!(gone.status.success() && said(&gone).contains("Вход закрыт"), "{}", said(&gone));
    for deed in ["disable", "password"] {
        let again = office.run_with(&["staff", deed, "ilina"], "drugoj2026parol\n");
        assert!(!again.status.success() && said(&again).contains("нет"), "{}", said(&again));
    }
    assert!(!said(&office.run(&["staff", "list"])).contains("ilina"));
}

#[test]
fn the_protocol_is_printed_as_openapi_3_1() {
    let printed = Office::new().run(&["openapi"]);
    assert!(printed.status.success(), "{}", said(&printed));
    let document: serde_json::Value = serde_json::from_slice(&printed.stdout).expect("JSON");
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")), "{}", document["openapi"]);
    assert!(document["paths"]["/v1/operations"]["post"].is_object(), "no path for operations");
}

#[test]
fn the_doctor_looks_into_a_postgresql_and_says_how_to_come_to_one() {
    let office = Office::new();
    with_robot(&office, &robot());
    let postgres = test_postgres::database().expect("a PostgreSQL");
    let with = |url: &str| {
        let settings = std::fs::read_to_string(office.path().join("server.toml")).expect("settings");
        let settings = settings.split("[database]").next().unwrap_or_default().to_owned();
        let settings = format!("{settings}\n[database]\nurl = \"{url}\"\n");
        std::fs::write(office.path().join("server.toml"), settings).expect("written");
        office.run(&["doctor"])
    };
    let good = with(&postgres.url());
    let line = said(&good).lines().find(|line| line.contains("PostgreSQL отвечает")).map(str::to_owned);
    assert!(line.is_some_and(|line| line.starts_with("хорошо")), "{}", said(&good));
    // Bound and let go: nobody listens there.
    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let ill = with(&format!("postgres://zhkh:very-secret@{nobody}/zhkh"));
    let words = said(&ill);
    assert_eq!(ill.status.code(), Some(1), "{words}");
    let line = words.lines().find(|line| line.contains("не открывается")).expect("a line about the database");
    assert!(line.starts_with("исправьте") && line.contains("[database]") && line.contains("createdb"), "{words}");
    assert!(!words.contains("very-secret"), "{words}");
    let clear = with("postgres://zhkh:very-secret@10.0.0.7/zhkh?sslmode=disable");
    assert!(!clear.status.success() && said(&clear).contains("sslmode=disable"), "{}", said(&clear));
    assert!(!said(&clear).contains("very-secret"), "{}", said(&clear));
}
