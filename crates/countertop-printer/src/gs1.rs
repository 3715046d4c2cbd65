//! Application identifiers of GS1, written in parentheses: `(01)04012345678901(10)AB`.

/// Returns each identifier with its data.
///
/// # Errors
///
/// When the content is not made of them, said in words.
pub(crate) fn elements(content: &str) -> Result<Vec<(&str, &str)>, String> {
    let rest = content.strip_prefix('(').ok_or("application identifiers stand in parentheses")?;
    let element = |element| {
        str::split_once(element, ')').ok_or_else(|| "a parenthesis is not closed".to_owned())
    };
    rest.split('(').map(element).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_identifiers_with_data() {
        let elements_of = |content| elements(content).map(|all| all.len());
        assert_eq!(elements("(01)123(10)AB"), Ok(vec![("01", "123"), ("10", "AB")]));
        assert!(elements_of("01123").unwrap_err().contains("parentheses"));
        assert!(elements_of("(01123").unwrap_err().contains("not closed"));
    }
}
