//! `zhkh-sandbox --listen 127.0.0.1:18081`: the outer world of the demo and of the tests.

use clap::Parser;

#[derive(Debug, Parser)]
#[command(name = "zhkh-sandbox", about = "Звонковый робот и другие внешние сервисы для показа и проверки")]
struct Options {
    /// Где слушать; порт 0 значит любой свободный.
    #[arg(long, env = "ZHKH_SANDBOX_LISTEN", default_value = "127.0.0.1:18081")]
    listen: String,
    /// Где слушать почту (SMTP); порт 0 значит любой свободный.
    #[arg(long, env = "ZHKH_SANDBOX_SMTP", default_value = "127.0.0.1:0")]
    smtp: String,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let options = Options::parse();
    let running = zhkh_sandbox::start_with_mail(&options.listen, &options.smtp).await?;
    println!("{}", serde_json::json!({"listening": running.addr.to_string(), "smtp": running.smtp.to_string()}));
    tokio::select! {
        ended = running.wait() => ended?,
        pressed = tokio::signal::ctrl_c() => pressed?,
    }
    Ok(())
}
