//! How news are written into a record: CBOR maps with a name for each field.
//!
//! The names are the format. Each type of the model says its own once, in one of the tables below; a field
//! that is added to the model does not compile before it is added there. A later version may add fields and
//! tags, and must not give an old name another meaning.

mod alarms;
mod basics;
mod events;
mod health;
mod keys;
mod news;
mod points;
mod tables;

pub(super) use news::{Line, line, records};

use ciborium::Value;

/// What may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ink {
    /// Whether keys of items are written in full, and not only their masks.
    pub(super) keys: bool,
}

/// Something that a record can hold.
pub(super) trait Recorded: Sized {
    fn write(&self, ink: Ink) -> Value;

    /// Reads it; `None` for what no version of this program wrote, or only a later one.
    fn read(value: Value) -> Option<Self>;

    /// What stands for a field that is not there, since an earlier version did not write it.
    fn absent() -> Option<Self> {
        None
    }
}

/// A map that is being read.
pub(super) struct Fields(Vec<(Value, Value)>);

impl Fields {
    pub(super) fn of(value: Value) -> Option<Self> {
        value.into_map().ok().map(Self)
    }

    /// The field called `name`, which is read once.
    pub(super) fn take<T: Recorded>(&mut self, name: &str) -> Option<T> {
        let place = self.0.iter().position(|(key, _)| key.as_text() == Some(name));
        match place {
            Some(place) => T::read(self.0.swap_remove(place).1),
            None => T::absent(),
        }
    }
}

/// A map of named fields; what is absent is left out.
pub(super) fn map<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let present = fields.into_iter().filter(|(_, value)| !value.is_null());
    Value::Map(present.map(|(name, value)| (Value::from(name), value)).collect())
}

/// Structs: a map with the name of each field.
macro_rules! recorded {
    ($($type:ty { $($field:ident),+ $(,)? })+) => { $(
        impl Recorded for $type {
            fn write(&self, ink: Ink) -> Value {
                let Self { $($field),+ } = self;
                map([$((stringify!($field), $field.write(ink))),+])
            }

            fn read(value: Value) -> Option<Self> {
                let mut fields = Fields::of(value)?;
                Some(Self { $($field: fields.take(stringify!($field))?),+ })
            }
        }
    )+ };
}

/// Enums without data: their name.
macro_rules! named {
    ($($type:ty { $($variant:ident = $name:literal),+ $(,)? })+) => { $(
        impl Recorded for $type {
            fn write(&self, _: Ink) -> Value {
                Value::from(match self { $(Self::$variant => $name),+ })
            }

            fn read(value: Value) -> Option<Self> {
                match value.as_text()? { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    )+ };
}

/// Enums with data: a map with the tag `is` and the fields of the variant.
macro_rules! tagged {
    ($($type:ty { $($name:literal = $variant:ident
        $(($($item:ident),+))? $({ $($field:ident),+ })?),+ $(,)? })+) => { $(
        impl Recorded for $type {
            fn write(&self, ink: Ink) -> Value {
                match self { $(
                    Self::$variant $(($($item),+))? $({ $($field),+ })? => map([
                        ("is", Value::from($name)),
                        $($((stringify!($item), $item.write(ink)),)+)?
                        $($((stringify!($field), $field.write(ink)),)+)?
                    ]),
                )+ }
            }

            fn read(value: Value) -> Option<Self> {
                let mut fields = Fields::of(value)?;
                let tag: String = fields.take("is")?;
                Some(match tag.as_str() {
                    $($name => Self::$variant
                        $(($(fields.take(stringify!($item))?),+))?
                        $({ $($field: fields.take(stringify!($field))?),+ })?,)+
                    _ => return None,
                })
            }
        }
    )+ };
}

pub(super) use {named, recorded, tagged};
