//! Little-endian fields of a snapshot: a writer, and a reader that never trusts a length.

use super::error::DeciderError;

/// Appends fields.
#[derive(Default)]
pub(crate) struct Writer {
    pub bytes: Vec<u8>,
}

impl Writer {
    pub fn u16(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub fn u64(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub fn f64s(&mut self, values: &[f64]) {
        for value in values {
            self.bytes.extend_from_slice(&value.to_le_bytes());
        }
    }

    pub fn text(&mut self, value: &str) {
        self.u16(value.len() as u16);
        self.bytes.extend_from_slice(value.as_bytes());
    }
}

/// Takes fields off the front.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { bytes, at: 0 }
    }

    pub fn take(&mut self, length: usize, what: &str) -> Result<&'a [u8], DeciderError> {
        let end = self
            .at
            .checked_add(length)
            .filter(|end| *end <= self.bytes.len());
        let Some(end) = end else {
            return Err(DeciderError::damaged(format!(
                "cut short in {what} at byte {}",
                self.at
            )));
        };
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N], DeciderError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N, what)?);
        Ok(array)
    }

    pub fn u16(&mut self, what: &str) -> Result<u16, DeciderError> {
        Ok(u16::from_le_bytes(self.array(what)?))
    }

    pub fn u32(&mut self, what: &str) -> Result<u32, DeciderError> {
        Ok(u32::from_le_bytes(self.array(what)?))
    }

    pub fn u64(&mut self, what: &str) -> Result<u64, DeciderError> {
        Ok(u64::from_le_bytes(self.array(what)?))
    }

    /// A finite number.
    pub fn f64(&mut self, what: &str) -> Result<f64, DeciderError> {
        let at = self.at;
        let value = f64::from_le_bytes(self.array(what)?);
        if value.is_finite() {
            return Ok(value);
        }
        Err(DeciderError::damaged(format!(
            "{what} at byte {at} is {value}"
        )))
    }

    /// Finite numbers.
    pub fn f64s<const N: usize>(&mut self, what: &str) -> Result<[f64; N], DeciderError> {
        let mut values = [0.0; N];
        for value in &mut values {
            *value = self.f64(what)?;
        }
        Ok(values)
    }

    /// Finite numbers that are not negative: counts, masses, weights.
    pub fn counts<const N: usize>(&mut self, what: &str) -> Result<[f64; N], DeciderError> {
        let at = self.at;
        let values = self.f64s(what)?;
        if values.iter().any(|value| *value < 0.0) {
            return Err(DeciderError::damaged(format!(
                "{what} at byte {at} is negative"
            )));
        }
        Ok(values)
    }

    pub fn text(&mut self, what: &str) -> Result<&'a str, DeciderError> {
        let length = usize::from(self.u16(what)?);
        let at = self.at;
        core::str::from_utf8(self.take(length, what)?)
            .map_err(|error| DeciderError::damaged(format!("{what} at byte {at}: {error}")))
    }

    pub fn end(&self) -> Result<(), DeciderError> {
        let rest = self.bytes.len() - self.at;
        if rest == 0 {
            Ok(())
        } else {
            Err(DeciderError::damaged(format!("{rest} bytes too many")))
        }
    }
}
