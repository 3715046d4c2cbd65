//! Descriptions as text: one line for each field, nested data indented.

use core::fmt;

use super::{Description, FieldDescription, MacDescription, Part};

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "length prefix: {:04X} = {} bytes", self.length, self.length)?;
        let tpdu = &self.tpdu;
        let (id, to, from) = (&tpdu.id, &tpdu.destination, &tpdu.source);
        writeln!(f, "TPDU: {} = id {id}, to {to}, from {from}", tpdu.digits)?;
        writeln!(f, "header: {}", self.header.digits)?;
        write_parts(f, &self.header.parts, 1)?;
        writeln!(f, "MTI: {} = {}", self.mti, self.mti_name.unwrap_or("not known"))?;
        let numbers: Vec<String> =
            self.fields.iter().map(|field| field.number.to_string()).collect();
        writeln!(f, "bitmap: {} = {}", self.bitmap, numbers.join(" "))?;
        for field in &self.fields {
            write_field(f, field)?;
        }
        match &self.mac {
            Some(mac) => write!(f, "{mac}"),
            None => f.write_str("MAC: none"),
        }
    }
}

impl fmt::Display for MacDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MAC: received {}", self.received)?;
        let Some(computed) = &self.computed else { return f.write_str(", not checked") };
        let verdict = if self.verified == Some(true) { "verifies" } else { "does NOT verify" };
        write!(f, ", computed {computed} ({}): {verdict}", self.algorithm.unwrap_or_default())
    }
}

fn write_field(f: &mut fmt::Formatter<'_>, field: &FieldDescription) -> fmt::Result {
    write!(f, "F{:03} {}: {}", field.number, field.name, field.value)?;
    if let Some(meaning) = &field.meaning {
        write!(f, " = {meaning}")?;
    }
    writeln!(f, "  [{}]", field.raw)?;
    write_parts(f, &field.parts, 1)?;
    match &field.problem {
        Some(problem) => writeln!(f, "  problem: {problem}"),
        None => Ok(()),
    }
}

fn write_parts(f: &mut fmt::Formatter<'_>, parts: &[Part], depth: usize) -> fmt::Result {
    for part in parts {
        write!(f, "{:indent$}{} {}", "", part.tag, part.name, indent = 2 * depth)?;
        if !part.value.is_empty() {
            write!(f, ": {}", part.value)?;
        }
        match &part.meaning {
            Some(meaning) => writeln!(f, " = {meaning}")?,
            None => writeln!(f)?,
        }
        write_parts(f, &part.parts, depth + 1)?;
    }
    Ok(())
}
