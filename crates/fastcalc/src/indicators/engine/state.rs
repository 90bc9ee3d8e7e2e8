//! State as a flat run of numbers: what snapshots store and what a restart puts back.

/// Something whose changing part can be written as numbers and read back.
///
/// Lengths are fixed by the parameters, so only contents are written.
pub trait State {
    /// Appends the state.
    fn save(&self, words: &mut Vec<f64>);
    /// Takes the state from where `save` put it.
    fn load(&mut self, words: &mut Words<'_>);
}

/// Numbers being read.
pub struct Words<'a> {
    rest: &'a [f64],
    /// Whether more was asked for than there was.
    pub short: bool,
}

impl<'a> Words<'a> {
    /// From the first number on.
    pub fn new(words: &'a [f64]) -> Self {
        Words {
            rest: words,
            short: false,
        }
    }

    /// The next number, 0 past the end.
    pub fn take(&mut self) -> f64 {
        if let Some((&first, rest)) = self.rest.split_first() {
            self.rest = rest;
            first
        } else {
            self.short = true;
            0.0
        }
    }

    /// Whether exactly everything was read.
    pub fn finished(&self) -> bool {
        self.rest.is_empty() && !self.short
    }
}

impl State for f64 {
    fn save(&self, words: &mut Vec<f64>) {
        words.push(*self);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        *self = words.take();
    }
}

/// Counters are exact up to 2^53.
impl State for usize {
    fn save(&self, words: &mut Vec<f64>) {
        words.push(*self as f64);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        *self = words.take() as usize;
    }
}

impl State for bool {
    fn save(&self, words: &mut Vec<f64>) {
        words.push(f64::from(u8::from(*self)));
    }
    fn load(&mut self, words: &mut Words<'_>) {
        *self = words.take() != 0.0;
    }
}

impl<T: State + Default> State for Option<T> {
    fn save(&self, words: &mut Vec<f64>) {
        self.is_some().save(words);
        match self {
            Some(value) => value.save(words),
            None => T::default().save(words),
        }
    }
    fn load(&mut self, words: &mut Words<'_>) {
        let some = words.take() != 0.0;
        let mut value = T::default();
        value.load(words);
        *self = some.then_some(value);
    }
}

impl<T: State> State for Vec<T> {
    fn save(&self, words: &mut Vec<f64>) {
        for value in self {
            value.save(words);
        }
    }
    fn load(&mut self, words: &mut Words<'_>) {
        for value in self {
            value.load(words);
        }
    }
}

impl<T: State, const N: usize> State for [T; N] {
    fn save(&self, words: &mut Vec<f64>) {
        for value in self {
            value.save(words);
        }
    }
    fn load(&mut self, words: &mut Words<'_>) {
        for value in self {
            value.load(words);
        }
    }
}

impl<T: State + ?Sized> State for Box<T> {
    fn save(&self, words: &mut Vec<f64>) {
        (**self).save(words);
    }
    fn load(&mut self, words: &mut Words<'_>) {
        (**self).load(words);
    }
}

/// `state!(Rsi: gain, loss)` names the fields of a struct that change while it runs.
macro_rules! state {
    ($name:ident $(<$($generic:ident: $bound:path),+>)?: $($field:ident),*) => {
        impl $(<$($generic: $bound),+>)? $crate::indicators::engine::State for $name $(<$($generic),+>)? {
            fn save(&self, _words: &mut Vec<f64>) {
                $($crate::indicators::engine::State::save(&self.$field, _words);)*
            }
            fn load(&mut self, _words: &mut $crate::indicators::engine::Words<'_>) {
                $($crate::indicators::engine::State::load(&mut self.$field, _words);)*
            }
        }
    };
}
pub(in crate::indicators) use state;
