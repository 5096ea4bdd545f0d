//! Sections 1 and 2 of the form: who pays, who bills, where the money goes, how much, the code.

use super::sheet::{Align, Pen, Sheet};
use super::{Form, MARGIN, WIDTH, words};
use domain::Kopecks;
use domain::qr_code::QrCode;

/// A square of the code is at least this wide, so that a telephone reads it from paper.
const CODE: f32 = 118.0;
const GAP: f32 = 18.0;
const LEADING: f32 = 11.5;

/// Draws the head; answers where the table begins.
pub fn draw(sheet: &mut Sheet<'_, '_>, form: &Form<'_>) -> f32 {
    let room = WIDTH - 2.0 * MARGIN;
    let mut y = MARGIN + 10.0;
    let title = format!("Платёжный документ за {}", words::month(form.bill.period));
    sheet.line_of((MARGIN, y), room - 170.0, &title, Pen::bold(15.0), Align::Left);
    let number = match form.bill.number.as_str() {
        "" => String::new(),
        number => format!("№ {number}"),
    };
    sheet.line_of((MARGIN + room - 165.0, y), 165.0, &number, Pen::caption(8.5), Align::Right);
    y += 13.0;
    sheet.line_of(
        (MARGIN, y),
        room,
        "для внесения платы за содержание жилого помещения и предоставление коммунальных услуг",
        Pen::caption(8.0),
        Align::Left,
    );
    y += 10.0;
    sheet.rule((MARGIN, y), room, 0.8, 60);
    y += 14.0;
    let right = CODE + 2.0 * GAP + 84.0;
    let left = room - right;
    let ends = [payer(sheet, form, y, left - GAP), to_pay(sheet, form, y, MARGIN + left, right)];
    let y = ends.into_iter().fold(y, f32::max) + 4.0;
    sheet.rule((MARGIN, y), room, 0.8, 60);
    y + 14.0
}

fn payer(sheet: &mut Sheet<'_, '_>, form: &Form<'_>, y: f32, room: f32) -> f32 {
    let Form { bill, account, utility, payee, .. } = form;
    let mut y = y;
    let about = |caption: &str, text: String| (caption.to_owned(), text);
    let mut lines = vec![about("Лицевой счёт", account.number.to_string())];
    if let Some(els) = &account.els {
        lines.push(about("ЕЛС", els.to_string()));
    }
    lines.push(about("Плательщик", account.payer.clone()));
    lines.push(about("Адрес", words::whole_numbers(&account.address)));
    if let Some(area) = &bill.area {
        lines.push(about("Общая площадь", format!("{area} м²")));
    }
    if let Some(residents) = bill.residents {
        lines.push(about("Зарегистрировано", format!("{residents} чел.")));
    }
    y = listed(sheet, y, room, &lines) + 5.0;
    let mut lines = vec![about("Исполнитель", utility.name.clone())];
    if let Some(payee) = payee {
        lines.push(about("ИНН", payee.inn().as_str().to_owned()));
    }
    let office = &utility.subscriber_office;
    if !office.address.is_empty() {
        lines.push(about("Адрес", words::whole_numbers(&office.address)));
    }
    lines.push(about("Телефон", format!("{}, {}", office.phone, office.hours)));
    lines.push(about("Аварийная служба", format!("{}, круглосуточно", utility.emergency_phone)));
    listed(sheet, y, room, &lines)
}

fn to_pay(sheet: &mut Sheet<'_, '_>, form: &Form<'_>, y: f32, x: f32, room: f32) -> f32 {
    let owed = form.bill.to_pay > Kopecks(0);
    let caption = if owed { "Итого к оплате" } else { "К оплате" };
    sheet.filled((x, y - 9.0), (room, 46.0), 240);
    sheet.line_of((x + 10.0, y + 5.0), room - 20.0, caption, Pen::caption(8.5), Align::Left);
    let sum = format!("{}\u{a0}₽", words::money(form.bill.to_pay.max(Kopecks(0))));
    sheet.line_of((x + 10.0, y + 27.0), room - 20.0, &sum, Pen::bold(20.0), Align::Left);
    let due = match form.bill.due_on {
        Some(day) if owed => format!("до {}", words::day(day)),
        _ if form.bill.to_pay < Kopecks(0) => format!("переплата {} ₽", words::money(-form.bill.to_pay)),
        _ => String::new(),
    };
    sheet.line_of((x + 10.0, y + 5.0), room - 20.0, &due, Pen::bold(8.5), Align::Right);
    let top = y + 48.0;
    let code = form.code.and_then(|payload| QrCode::draw(payload).ok());
    let mut bottom = top;
    let mut beside = x + 10.0;
    if let Some(code) = code {
        let runs = code.runs().map(|run| (run.x, run.y, run.length));
        sheet.squares((x, top), CODE, code.width(), runs);
        sheet.line_of((x, top + CODE + 9.0), CODE, "Оплата по QR-коду", Pen::caption(7.5), Align::Left);
        bottom = top + CODE + 14.0;
        beside = x + CODE + GAP;
    }
    if let Some(payee) = form.payee {
        let mut lines = vec![
            ("Получатель".to_owned(), payee.name().to_owned()),
            ("Расчётный счёт".to_owned(), payee.account().as_str().to_owned()),
            ("Банк".to_owned(), payee.bank().to_owned()),
            ("БИК".to_owned(), payee.bic().as_str().to_owned()),
        ];
        if let Some(account) = payee.corr_account() {
            lines.push(("Корр. счёт".to_owned(), account.as_str().to_owned()));
        }
        lines.push(("Вид платы".to_owned(), "жилищно-коммунальные услуги".to_owned()));
        bottom = bottom.max(stacked(sheet, top + 6.0, beside, x + room - beside, &lines));
    }
    bottom
}

/// A caption and a text on each line; a long text goes on below itself.
fn listed(sheet: &mut Sheet<'_, '_>, y: f32, room: f32, lines: &[(String, String)]) -> f32 {
    const CAPTIONS: f32 = 88.0;
    let mut y = y;
    for (caption, text) in lines {
        sheet.line_of((MARGIN, y), CAPTIONS - 6.0, caption, Pen::caption(8.0), Align::Left);
        y = sheet.paragraph((MARGIN + CAPTIONS, y), room - CAPTIONS, text, Pen::text(8.5), LEADING);
    }
    y
}

/// A caption above its text, in a narrow column.
fn stacked(sheet: &mut Sheet<'_, '_>, y: f32, x: f32, room: f32, lines: &[(String, String)]) -> f32 {
    let mut y = y;
    for (caption, text) in lines {
        sheet.line_of((x, y), room, caption, Pen::caption(6.5), Align::Left);
        y = sheet.paragraph((x, y + 8.0), room, text, Pen::text(7.5), 8.5) + 3.5;
    }
    y
}
