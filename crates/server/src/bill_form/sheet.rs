//! A page to draw on: texts in boxes, lines, squares. Lengths are points, from the upper left corner.

use super::fonts::{Fonts, Weight};
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::TextDirection;

/// How a text is written.
#[derive(Debug, Clone, Copy)]
pub struct Pen {
    /// The size in points.
    pub size: f32,
    /// The weight.
    pub weight: Weight,
    /// How dark, 0 is black.
    pub grey: u8,
}

/// Where a text stands in its box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// At its left edge.
    Left,
    /// At its right edge.
    Right,
}

/// A page.
pub struct Sheet<'s, 'p> {
    surface: &'s mut Surface<'p>,
    fonts: &'static Fonts,
}

/// Letters become smaller down to this share of their size before a text is broken or cut.
const NARROWEST: f32 = 0.72;

impl Pen {
    /// Plain text.
    pub const fn text(size: f32) -> Self {
        Self { size, weight: Weight::Regular, grey: 20 }
    }

    /// The same, heavy.
    pub const fn bold(size: f32) -> Self {
        Self { size, weight: Weight::Bold, grey: 0 }
    }

    /// A caption.
    pub const fn caption(size: f32) -> Self {
        Self { size, weight: Weight::Regular, grey: 95 }
    }
}

impl<'s, 'p> Sheet<'s, 'p> {
    /// Takes the surface of a page.
    pub const fn new(surface: &'s mut Surface<'p>, fonts: &'static Fonts) -> Self {
        Self { surface, fonts }
    }

    /// How wide a text is.
    pub fn width(&self, text: &str, pen: Pen) -> f32 {
        self.fonts.of(pen.weight).width(text) * pen.size
    }

    /// Writes one line whose base is at `y` into the box that begins at `x`. What is too wide is written smaller, and cut
    /// only if it is wide beyond that.
    pub fn line_of(&mut self, (x, y): (f32, f32), room: f32, text: &str, pen: Pen, align: Align) {
        let mut pen = pen;
        let wide = self.width(text, pen);
        if wide > room {
            pen.size *= (room / wide).max(NARROWEST);
        }
        let mut text = text.to_owned();
        while self.width(&text, pen) > room && text.chars().count() > 2 {
            text.truncate(text.trim_end_matches('…').char_indices().next_back().map_or(0, |(at, _)| at));
            text.push('…');
        }
        let x = match align {
            Align::Left => x,
            Align::Right => x + room - self.width(&text, pen),
        };
        self.write(x, y, &text, pen);
    }

    /// Writes a text with breaks at spaces; answers where the next line's base would be.
    pub fn paragraph(&mut self, (x, y): (f32, f32), room: f32, text: &str, pen: Pen, leading: f32) -> f32 {
        let mut y = y;
        for line in self.broken(text, room, pen) {
            self.line_of((x, y), room, &line, pen, Align::Left);
            y += leading;
        }
        y
    }

    /// The lines a text has in a box. A no-break space holds its words together.
    pub fn broken(&self, text: &str, room: f32, pen: Pen) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            match lines.last_mut() {
                Some(line) if self.width(&format!("{line} {word}"), pen) <= room => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }

    /// A level line.
    pub fn rule(&mut self, (x, y): (f32, f32), length: f32, thickness: f32, grey: u8) {
        let mut path = PathBuilder::new();
        path.move_to(x, y);
        path.line_to(x + length, y);
        let Some(path) = path.finish() else { return };
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(Stroke { paint: shade(grey), width: thickness, ..Stroke::default() }));
        self.surface.draw_path(&path);
        self.surface.set_stroke(None);
    }

    /// A filled box.
    pub fn filled(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), grey: u8) {
        let Some(rect) = Rect::from_xywh(x, y, width, height) else { return };
        let mut path = PathBuilder::new();
        path.push_rect(rect);
        let Some(path) = path.finish() else { return };
        self.surface.set_fill(Some(Fill { paint: shade(grey), ..Fill::default() }));
        self.surface.draw_path(&path);
    }

    /// A code of `size` squares to a side in a box of `length` points: runs of dark squares by column, row and how many.
    pub fn squares(
        &mut self,
        (x, y): (f32, f32),
        length: f32,
        size: usize,
        runs: impl Iterator<Item = (usize, usize, usize)>,
    ) {
        let step = length / usize_to_f32(size);
        let mut path = PathBuilder::new();
        for (column, row, dark) in runs {
            let at = (x + usize_to_f32(column) * step, y + usize_to_f32(row) * step);
            if let Some(rect) = Rect::from_xywh(at.0, at.1, usize_to_f32(dark) * step, step) {
                path.push_rect(rect);
            }
        }
        let Some(path) = path.finish() else { return };
        self.surface.set_fill(Some(Fill { paint: shade(0), ..Fill::default() }));
        self.surface.draw_path(&path);
    }

    fn write(&mut self, x: f32, y: f32, text: &str, pen: Pen) {
        let font = self.fonts.of(pen.weight).font.clone();
        self.surface.set_fill(Some(Fill { paint: shade(pen.grey), ..Fill::default() }));
        self.surface.draw_text(Point::from_xy(x, y), font, pen.size, text, false, TextDirection::LeftToRight);
    }
}

fn shade(grey: u8) -> krilla::paint::Paint {
    rgb::Color::new(grey, grey, grey).into()
}

/// Numbers of squares and rows are small.
pub fn usize_to_f32(number: usize) -> f32 {
    f32::from(u16::try_from(number).unwrap_or(u16::MAX))
}
