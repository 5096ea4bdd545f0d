//! Section 3 of the form: what every service costs.

use super::sheet::{Align, Pen, Sheet, usize_to_f32};
use super::{MARGIN, WIDTH, words};
use domain::bill::BillLine;
use domain::{Kopecks, LineRate, Volume};
use wire::money::Bill;

/// A row is this high when there is room, and no lower than can be read.
const ROW: f32 = 16.0;
const LEAST_ROW: f32 = 5.5;
const HEADER: f32 = 26.0;

struct Column {
    title: [&'static str; 2],
    width: f32,
    align: Align,
    cell: fn(&BillLine) -> String,
}

const COLUMNS: [Column; 10] = [
    Column { title: ["Вид услуги", ""], width: 126.0, align: Align::Left, cell: |line| line.service.clone() },
    Column { title: ["Ед.", "изм."], width: 32.0, align: Align::Left, cell: |line| line.unit.clone() },
    Column {
        title: ["Объём", ""],
        width: 46.0,
        align: Align::Right,
        cell: |line| line.volume.map(Volume::printed).unwrap_or_default(),
    },
    Column {
        title: ["Способ", "определения"],
        width: 50.0,
        align: Align::Right,
        cell: |line| line.method.map(words::method).unwrap_or_default().to_owned(),
    },
    Column {
        title: ["Тариф,", "₽"],
        width: 48.0,
        align: Align::Right,
        cell: |line| line.rate.map(LineRate::printed).unwrap_or_default(),
    },
    Column {
        title: ["Начислено,", "₽"], width: 50.0, align: Align::Right, cell: |line| words::money(line.accrued)
    },
    Column {
        title: ["Повыш.", "коэф., ₽"],
        width: 40.0,
        align: Align::Right,
        cell: |line| words::money_or_nothing(line.excess),
    },
    Column {
        title: ["Пере-", "расчёты, ₽"],
        width: 46.0,
        align: Align::Right,
        cell: |line| words::money_or_nothing(line.recalculated),
    },
    Column {
        title: ["Льготы,", "₽"],
        width: 40.0,
        align: Align::Right,
        cell: |line| words::money_or_nothing(-line.discount),
    },
    Column { title: ["Итого,", "₽"], width: 49.28, align: Align::Right, cell: |line| words::money(line.total) },
];

/// Draws the table between `top` and `bottom`; answers where it ends. A bill without lines has none.
pub fn draw(sheet: &mut Sheet<'_, '_>, bill: &Bill, top: f32, bottom: f32) -> f32 {
    if bill.lines.is_empty() {
        return top;
    }
    let room = WIDTH - 2.0 * MARGIN;
    let mut y = top - 6.0;
    sheet.filled((MARGIN, y), (room, HEADER), 240);
    for (row, offset) in [(0, 10.5), (1, 20.0)] {
        each(|x, column| {
            sheet.line_of(
                (x + 2.0, y + offset),
                column.width - 4.0,
                column.title[row],
                Pen::caption(7.0),
                column.align,
            );
        });
    }
    y += HEADER;
    // The line with the totals is one more.
    let row = ((bottom - y) / usize_to_f32(bill.lines.len() + 1)).clamp(LEAST_ROW, ROW);
    let size = (row * 0.62).min(8.0);
    for line in &bill.lines {
        each(|x, column| {
            let text = (column.cell)(line);
            sheet.line_of((x + 2.0, y + row * 0.7), column.width - 4.0, &text, Pen::text(size), column.align);
        });
        y += row;
        sheet.rule((MARGIN, y), room, 0.3, 190);
    }
    totals(sheet, bill, y, row, size);
    y + row + 10.0
}

fn totals(sheet: &mut Sheet<'_, '_>, bill: &Bill, y: f32, row: f32, size: f32) {
    let sum = |part: fn(&BillLine) -> Kopecks| bill.lines.iter().map(part).sum::<Kopecks>();
    let mut texts = vec![String::new(); COLUMNS.len()];
    texts[0] = format!("Итого за {}", words::month(bill.period));
    texts[5] = words::money(sum(|line| line.accrued));
    texts[6] = words::money_or_nothing(sum(|line| line.excess));
    texts[7] = words::money_or_nothing(sum(|line| line.recalculated));
    texts[8] = words::money_or_nothing(-sum(|line| line.discount));
    texts[9] = words::money(bill.accrued.unwrap_or_else(|| sum(|line| line.total)));
    let mut texts = texts.into_iter();
    each(|x, column| {
        let text = texts.next().unwrap_or_default();
        sheet.line_of((x + 2.0, y + row * 0.7), column.width - 4.0, &text, Pen::bold(size), column.align);
    });
}

/// The columns with their left edges.
fn each(mut draw: impl FnMut(f32, &Column)) {
    let mut x = MARGIN;
    for column in &COLUMNS {
        draw(x, column);
        x += column.width;
    }
}
