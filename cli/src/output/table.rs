//! Tables without borders, as kubectl prints them.

use super::clean;

/// Spaces between two columns.
const GAP: usize = 3;

/// A table.
#[derive(Debug)]
pub(crate) struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(head: &[&'static str]) -> Self {
        Self { head: head.to_vec(), rows: Vec::new() }
    }

    /// Adds a row; an empty cell is printed as kubectl does.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cell = |text: String| if text.is_empty() { "<none>".to_owned() } else { clean(&text).replace('\n', " ") };
        self.rows.push(cells.into_iter().map(cell).collect());
    }

    /// The table's lines. `paint` sees the name of the column and the padded cell.
    pub(crate) fn lines(&self, with_head: bool, paint: impl Fn(&str, &str) -> String) -> Vec<String> {
        let head: Vec<String> = self.head.iter().map(|name| (*name).to_owned()).collect();
        let shown: Vec<&Vec<String>> = std::iter::once(&head).filter(|_| with_head).chain(&self.rows).collect();
        let width =
            |column: usize| shown.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
        let widths: Vec<usize> = (0..self.head.len()).map(|column| width(column).unwrap_or(0)).collect();
        let line = |(n, row): (usize, &&Vec<String>)| {
            let last = row.len().saturating_sub(1);
            let cells = row.iter().enumerate().map(|(column, cell)| {
                let room = if column == last { 0 } else { widths[column] };
                let padded = format!("{cell:room$}");
                let painted = if with_head && n == 0 { padded } else { paint(self.head[column], &padded) };
                if column == last { painted } else { painted + &" ".repeat(GAP) }
            });
            cells.collect::<String>()
        };
        shown.iter().enumerate().map(line).collect()
    }

    /// The whole table, without colours.
    pub(crate) fn text(&self, with_head: bool) -> String {
        self.lines(with_head, |_, cell| cell.to_owned()).into_iter().map(|line| line + "\n").collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_is_in_them() {
        let mut table = Table::new(&["NAME", "N", "WHY"]);
        table.row(["a".into(), "100".into(), "x\ny".into()]);
        table.row(["größe".into(), String::new(), "\u{1b}[0m".into()]);
        assert_eq!(table.text(true), "NAME    N        WHY\na       100      x y\ngröße   <none>   \u{fffd}[0m\n");
        assert_eq!(table.text(false).lines().count(), 2);
    }

    #[test]
    fn paint_does_not_change_the_width() {
        let mut table = Table::new(&["PHASE", "AGE"]);
        table.row(["Complete".into(), "1s".into()]);
        let lines = table.lines(true, |name, cell| if name == "PHASE" { format!("<{cell}>") } else { cell.into() });
        assert_eq!(lines, ["PHASE      AGE", "<Complete>   1s"]);
    }
}
