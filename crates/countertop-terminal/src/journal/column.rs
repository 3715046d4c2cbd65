//! How values stand in columns.

use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::de::value::{Error as TextError, StrDeserializer};

use countertop_acquirer::{BatchNumber, Stan};

use crate::{OperatorNumber, Timestamp};

/// Stores a value by the text that serde gives it: `no-answer`, `CNY`, `00`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<T>(pub(crate) T);

/// Stores a value as JSON.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Json<T>(pub(crate) T);

fn to_sql_error(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(error.into())
}

fn from_sql_error(error: impl std::error::Error + Send + Sync + 'static) -> FromSqlError {
    FromSqlError::Other(Box::new(error))
}

impl<T: Serialize> ToSql for Text<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match serde_json::to_value(&self.0).map_err(to_sql_error)? {
            serde_json::Value::String(text) => Ok(text.into()),
            other => Err(to_sql_error(format!("{other} is no text"))),
        }
    }
}

impl<T: DeserializeOwned> FromSql for Text<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = StrDeserializer::<TextError>::new(value.as_str()?);
        T::deserialize(text).map(Self).map_err(from_sql_error)
    }
}

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(serde_json::to_string(&self.0).map_err(to_sql_error)?.into())
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(from_sql_error)
    }
}

/// Stores one of the six-digit numbers, or an operator's, as an integer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number<T>(pub(crate) T);

macro_rules! number_column {
    ($type:ty, $integer:ty) => {
        impl ToSql for Number<$type> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.0.get().into())
            }
        }

        impl FromSql for Number<$type> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let number = <$integer>::column_result(value)?;
                let wrong = FromSqlError::OutOfRange(i64::from(number));
                <$type>::new(number).map(Self).ok_or(wrong)
            }
        }
    };
}

number_column!(Stan, u32);
number_column!(BatchNumber, u32);
number_column!(OperatorNumber, u8);

/// Reads a moment from its two columns, `NAME_utc` and `NAME_local`.
pub(crate) fn moment(row: &Row<'_>, name: &str) -> rusqlite::Result<Timestamp> {
    let utc_column = format!("{name}_utc");
    let local: String = row.get(format!("{name}_local").as_str())?;
    let read = Timestamp::from_parts(row.get(utc_column.as_str())?, &local);
    read.ok_or(rusqlite::Error::InvalidColumnName(local))
}

#[cfg(test)]
mod tests {
    use countertop_acquirer::ReversalReason;
    use countertop_device::Currency;
    use rusqlite::Connection;

    use super::*;

    fn round<T: ToSql, U: FromSql>(value: T) -> rusqlite::Result<U> {
        let connection = Connection::open_in_memory()?;
        connection.query_row("SELECT ?1", [value], |row| row.get(0))
    }

    #[test]
    fn texts_come_back() {
        let text: String = round(Text(ReversalReason::NoAnswer)).unwrap();
        assert_eq!(text, "no-answer");
        let Text(currency) = round::<_, Text<Currency>>(Text(Currency::EUR)).unwrap();
        assert_eq!(currency, Currency::EUR);
        assert!(round::<_, Text<Currency>>("XXX").is_err());
        assert!(round::<_, String>(Text(7)).is_err());
    }

    #[test]
    fn numbers_out_of_range_are_errors() {
        assert_eq!(round::<_, Number<Stan>>(999_999).unwrap().0.get(), 999_999);
        assert!(round::<_, Number<Stan>>(0).is_err());
        assert!(round::<_, Number<Stan>>(-1).is_err());
        assert!(round::<_, Number<OperatorNumber>>(100).is_err());
    }
}
