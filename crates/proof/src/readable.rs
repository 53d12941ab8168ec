//! What a stored event says, without knowing the event: its CBOR as JSON. Maps, lists, texts and numbers
//! are what they are; bytes become lower-case hexadecimal.

use minicbor::{Decoder, data::Type, decode::Error};
use serde_json::{Map, Value};

/// No event is nested deeper.
const MAX_DEPTH: u32 = 16;

/// The body of an event as JSON; never panics, whatever the bytes.
pub fn readable(body: &[u8]) -> Result<Value, String> {
    let mut input = Decoder::new(body);
    let value = value(&mut input, MAX_DEPTH).map_err(|error| error.to_string())?;
    if input.position() == body.len() { Ok(value) } else { Err("there are bytes after the end".to_owned()) }
}

fn value(input: &mut Decoder<'_>, depth: u32) -> Result<Value, Error> {
    let depth = depth.checked_sub(1).ok_or_else(|| Error::message("it is nested too deeply"))?;
    Ok(match input.datatype()? {
        Type::Null => {
            input.null()?;
            Value::Null
        }
        Type::Bool => input.bool()?.into(),
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => input.u64()?.into(),
        Type::I8 | Type::I16 | Type::I32 | Type::I64 => input.i64()?.into(),
        Type::String => input.str()?.into(),
        Type::Bytes => input.bytes()?.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into(),
        Type::Array => {
            let length = definite(input.array()?)?;
            (0..length).map(|_| value(input, depth)).collect::<Result<Vec<_>, _>>()?.into()
        }
        Type::Map => {
            let length = definite(input.map()?)?;
            let field = |_| Ok((input.str()?.to_owned(), value(input, depth)?));
            (0..length).map(field).collect::<Result<Map<_, _>, Error>>()?.into()
        }
        other => return Err(Error::message(format!("it has a {other}"))),
    })
}

fn definite(length: Option<u64>) -> Result<u64, Error> {
    length.ok_or_else(|| Error::message("it has a list without a length"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use minicbor::Encoder;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn an_event_is_read_without_knowing_it() {
        let mut out = Encoder::new(Vec::new());
        out.map(3).unwrap().str("round").unwrap().u32(2).unwrap().str("heads").unwrap();
        out.array(2).unwrap().bytes(&[1, 0xff]).unwrap().i8(-3).unwrap();
        out.str("reason").unwrap().str("klar æ").unwrap();
        let body = out.into_writer();
        let expected = json!({ "round": 2, "heads": ["01ff", -3], "reason": "klar æ" });
        assert_eq!(readable(&body), Ok(expected));
        assert!(readable(&[&body[..], &[0]].concat()).is_err());
        assert!(readable(&[0x81; 100_000]).is_err(), "a list in a list in a list");
        assert!(readable(&[0x9b, 255, 255, 255, 255, 255, 255, 255, 255]).is_err(), "a list of 2^64");
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
            let _read = readable(&bytes);
        }
    }
}
