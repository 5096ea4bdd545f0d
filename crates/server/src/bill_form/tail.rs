//! What stands below the table: how the sum to pay came about, grounds of recalculations, notes.

use super::sheet::{Align, Pen, Sheet, usize_to_f32};
use super::{Form, MARGIN, WIDTH, words};
use domain::Kopecks;

const LEADING: f32 = 12.0;
const SUMS: f32 = 240.0;
const GAP: f32 = 24.0;

/// What this section needs at most; the table gets the rest.
pub fn height(form: &Form<'_>) -> f32 {
    let grounds = form.bill.recalculations.len() + usize::from(!form.bill.recalculations.is_empty());
    let note = form.bill.note.chars().count().div_ceil(110);
    LEADING * usize_to_f32(sums(form).len().max(grounds) + note + 3)
}

/// Draws it from `top` down.
pub fn draw(sheet: &mut Sheet<'_, '_>, form: &Form<'_>, top: f32) {
    let room = WIDTH - 2.0 * MARGIN;
    let mut y = top + 8.0;
    let rows = sums(form);
    let last = rows.len().saturating_sub(1);
    for (at, (caption, sum)) in rows.iter().enumerate() {
        let row = y + LEADING * usize_to_f32(at);
        let pen = if at == last { Pen::bold(9.5) } else { Pen::text(8.5) };
        sheet.line_of((MARGIN, row), SUMS - 90.0, caption, pen, Align::Left);
        sheet.line_of((MARGIN + SUMS - 90.0, row), 90.0, &words::money(*sum), pen, Align::Right);
    }
    let x = MARGIN + SUMS + GAP;
    let mut beside = y;
    if !form.bill.recalculations.is_empty() {
        sheet.line_of((x, beside), room - SUMS - GAP, "Сведения о перерасчётах", Pen::bold(8.5), Align::Left);
        beside += LEADING;
        for ground in &form.bill.recalculations {
            let text = format!("{}: {}, {}\u{a0}₽", ground.service, ground.ground, words::money(ground.sum));
            sheet.line_of((x, beside), room - SUMS - GAP, &text, Pen::text(8.0), Align::Left);
            beside += LEADING;
        }
    }
    y = beside.max(y + LEADING * usize_to_f32(rows.len())) + 2.0;
    if !form.bill.note.is_empty() {
        sheet.paragraph((MARGIN, y), room, &form.bill.note, Pen::caption(8.0), LEADING);
    }
}

fn sums(form: &Form<'_>) -> Vec<(String, Kopecks)> {
    let bill = form.bill;
    let mut rows = Vec::new();
    match bill.opening {
        Some(opening) if opening < Kopecks(0) => rows.push(("Аванс на начало месяца".to_owned(), -opening)),
        Some(opening) => rows.push(("Задолженность на начало месяца".to_owned(), opening)),
        None => {}
    }
    if let Some(paid) = bill.paid {
        let until = bill.paid_on.map(|day| format!(", последний платёж {}", words::day(day))).unwrap_or_default();
        rows.push((format!("Оплачено{until}"), paid));
    }
    if let Some(accrued) = bill.accrued {
        rows.push((format!("Начислено за {}", words::month(bill.period)), accrued));
    }
    if let Some(penalty) = bill.penalty {
        rows.push(("Пени".to_owned(), penalty));
    }
    let caption = if bill.to_pay < Kopecks(0) { "Переплата" } else { "Итого к оплате" };
    rows.push((caption.to_owned(), Kopecks(bill.to_pay.0.saturating_abs())));
    rows
}
