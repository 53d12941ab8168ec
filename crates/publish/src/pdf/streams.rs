//! Where a stream of the file ends must be plain to every reader. The data of one in 256 ends
//! with a carriage return by chance; the line feed after it then looks like the second half of
//! one line break, and a strict checker counts one byte too few. There a line break of two bytes
//! is written.

/// As the typesetter writes it, and as the library does that joins files.
const ENDS: [&[u8]; 2] = [b"\r\nendstream\nendobj", b"\r\nendstream \nendobj"];

/// Bytes of an entry of the table of objects.
const ENTRY: usize = 20;

/// The file with every end of a stream plain. A file with another table of objects than these
/// two write is left as it is.
pub fn with_plain_ends(file: Vec<u8>) -> Vec<u8> {
    rewritten(&file).unwrap_or(file)
}

/// The table of objects: where it stands, where its entries begin, where each object does.
struct Objects {
    table: usize,
    entries: usize,
    offsets: Vec<usize>,
}

fn rewritten(file: &[u8]) -> Option<Vec<u8>> {
    let objects = objects(file)?;
    let breaks = unclear(file, &objects);
    let moved = |offset: usize| offset + breaks.iter().filter(|at| **at < offset).count();
    let mut out = Vec::with_capacity(file.len() + breaks.len());
    let mut done = 0;
    for at in &breaks {
        out.extend_from_slice(file.get(done..*at)?);
        out.push(b'\r');
        done = *at;
    }
    out.extend_from_slice(file.get(done..objects.entries)?);
    for (i, offset) in objects.offsets.iter().enumerate() {
        let entry = file.get(objects.entries + i * ENTRY..)?.get(10..ENTRY)?;
        let offset = if entry.contains(&b'n') { moved(*offset) } else { *offset };
        out.extend_from_slice(format!("{offset:010}").as_bytes());
        out.extend_from_slice(entry);
    }
    let trailer = file.get(objects.entries + objects.offsets.len() * ENTRY..)?;
    let (trailer, _) = split_last(trailer, b"startxref\n")?;
    out.extend_from_slice(trailer);
    out.extend_from_slice(format!("startxref\n{}\n%%EOF", moved(objects.table)).as_bytes());
    Some(out)
}

fn objects(file: &[u8]) -> Option<Objects> {
    let (_, end) = split_last(file, b"startxref\n")?;
    let table = number(end.split(|b| *b == b'\n').next()?)?;
    let head = file.get(table..)?.strip_prefix(b"xref\n0 ")?;
    let length = head.iter().position(|b| *b == b'\n')?;
    let count = number(head.get(..length)?)?;
    let entries = table + b"xref\n0 ".len() + length + 1;
    let entry = |i: usize| number(file.get(entries + i * ENTRY..)?.get(..10)?);
    // No file has more entries than bytes, whatever it says.
    let offsets = (0..count.min(file.len())).map(entry).collect::<Option<Vec<_>>>()?;
    Some(Objects { table, entries, offsets })
}

/// The places of the line feeds that need a carriage return before them, in order.
fn unclear(file: &[u8], objects: &Objects) -> Vec<usize> {
    let mut ends = objects.offsets.clone();
    ends.push(objects.table);
    ends.sort_unstable();
    let ends = ends.into_iter().filter_map(|end| {
        let before = file.get(..end)?;
        let kept = before.len() - before.iter().rev().take_while(|b| **b == b'\n').count();
        let before = before.get(..kept)?;
        ENDS.into_iter().find(|end| before.ends_with(end)).map(|end| kept - end.len() + 1)
    });
    let mut ends: Vec<usize> = ends.collect();
    ends.dedup();
    ends
}

fn split_last<'a>(bytes: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = bytes.windows(mark.len()).rposition(|window| window == mark)?;
    Some((bytes.get(..at)?, bytes.get(at + mark.len()..)?))
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of two streams, as the typesetter writes it.
    fn file(first: &str, second: &str, end: &str) -> String {
        let mut file = "%PDF-1.7\n\n".to_owned();
        let mut entries = String::new();
        for data in [first, second] {
            entries += &format!("{:010} 00000 n\r\n", file.len());
            file += &format!("1 0 obj\n<</Length {}>>\nstream\n{data}{end}endstream\nendobj\n\n", data.len());
        }
        let table = file.len();
        file + &format!(
            "xref\n0 3\n0000000000 65535 f\r\n{entries}trailer\n<</Size 3>>\nstartxref\n{table}\n%%EOF"
        )
    }

    fn rewritten(file: &str) -> String {
        String::from_utf8(with_plain_ends(file.to_owned().into_bytes())).unwrap()
    }

    #[test]
    fn data_that_ends_with_a_carriage_return_is_followed_by_a_break_of_two_bytes() {
        let plain = file("abc", "de", "\n");
        assert_eq!(rewritten(&plain), plain);
        let unclear = rewritten(&file("abc\r", "de", "\n"));
        let (_, rest) = unclear.split_once("abc\r\r\nendstream").unwrap();
        assert!(rest.contains("de\nendstream"));
        assert_eq!(rewritten(&file("a\r", "b\r", "\n")), file("a\r", "b\r", "\r\n"));
    }

    #[test]
    fn what_is_no_such_file_is_left_alone() {
        for other in ["", "%PDF", "startxref\n", "startxref\n99999\n%%EOF", "xref\n0 99\nstartxref\n0\n%%EOF"]
        {
            assert_eq!(rewritten(other), other);
        }
    }
}
