//! Whether the mail server would take letters: it is greeted and signed in to, and gets none.

use super::Finding;
use crate::Config;
use crate::config::MailSettings;
use crate::letters::{Mailer, Unreachable};

pub(super) fn mail(config: &Config) -> anyhow::Result<Finding> {
    let Some(settings) = &config.mail else {
        return Ok(Finding::Look(
            "Почта не настроена: письма о заявках не уходят, остальное работает. Нужны письма — добавьте раздел [mail].".into(),
        ));
    };
    let server = format!("{}:{}", settings.host, settings.port);
    let reached = tokio::runtime::Runtime::new()?.block_on(async {
        Mailer::new(settings, &config.utility.name).map_err(|_| Unreachable::Encryption)?.reach().await
    });
    Ok(match reached {
        Ok(()) if settings.user.is_some() => {
            Finding::Good(format!("Почтовый сервер {server} отвечает, логин и пароль подходят."))
        }
        Ok(()) => Finding::Good(format!("Почтовый сервер {server} отвечает.")),
        Err(why) => Finding::Bad(format!("Почтовый сервер {server}: {}", words_for(&why, settings))),
    })
}

fn words_for(why: &Unreachable, settings: &MailSettings) -> String {
    let waiting = "Письма ждут и уйдут, когда это исправлено.";
    let what = match why {
        Unreachable::Down => "соединиться не удалось. Проверьте сеть, host и port в разделе [mail].".to_owned(),
        Unreachable::Silent => format!(
            "он не ответил за {} с. Проверьте host и port в разделе [mail]; так бывает, когда port и security не от одной пары.",
            settings.timeout_s
        ),
        Unreachable::Encryption => "зашифровать соединение не удалось: на этом порту шифруют иначе, или его сертификату здесь не доверяют. Проверьте host, port и security в разделе [mail]: обычно это 465 и \"tls\" или 587 и \"starttls\".".to_owned(),
        Unreachable::NotOffered => "он не предлагает того, что названо в разделе [mail]: шифрования starttls или входа по логину и паролю. Проверьте port и security; если входа там нет, уберите user.".to_owned(),
        Unreachable::Credentials => "логин или пароль не подходят. Проверьте user в разделе [mail] и пароль (ZHKH_MAIL__PASSWORD); почтовым службам часто нужен отдельный пароль приложения.".to_owned(),
        Unreachable::Answers(code) => format!("он отвечает отказом {code}. Подождите и спросите снова; повторится — спросите его хозяина."),
    };
    format!("{what} {waiting}")
}
