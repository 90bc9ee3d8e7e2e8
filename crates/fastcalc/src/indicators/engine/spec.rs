//! Specs: `rsi(14),macd(12,26,9),sma(20,real=high),ema(20,seed=first)`.

use super::{Definition, Input, Param, ParamKind, Params, Source};
use crate::KernelError;
use crate::indicators::catalogue;

/// One indicator of a spec.
#[derive(Clone)]
pub struct Item {
    /// What it is.
    pub definition: &'static Definition,
    /// With which parameters.
    pub params: Params,
    /// Of which columns.
    pub sources: Vec<Source>,
    /// As it was written, in lower case and without blanks.
    pub text: String,
}

impl Item {
    /// Rows before its first output.
    pub fn lookback(&self) -> usize {
        (self.definition.lookback)(&self.params)
    }

    /// Headings of its outputs: `rsi(14)`, `macd(12,26,9).signal`.
    pub fn headings(&self) -> impl Iterator<Item = String> + '_ {
        let outputs = self.definition.outputs;
        outputs.iter().map(move |output| {
            if outputs.len() == 1 {
                self.text.clone()
            } else {
                format!("{}.{output}", self.text)
            }
        })
    }
}

/// Reads a list of indicators. Parameters go by place or by name; those left out have defaults.
///
/// # Errors
/// Unknown or doubled names, parameters out of bounds, unbalanced brackets.
pub fn parse_spec(spec: &str) -> Result<Vec<Item>, KernelError> {
    let text: String = spec.split_whitespace().collect::<String>().to_lowercase();
    let mut items: Vec<Item> = Vec::new();
    for part in split(&text)? {
        let item = parse_item(part)?;
        if items.iter().any(|other| other.text == item.text) {
            return Err(KernelError::new(
                "spec",
                format!("{part} twice"),
                "without repetition",
            ));
        }
        items.push(item);
    }
    Ok(items)
}

/// Parts between the commas that are in no brackets.
fn split(text: &str) -> Result<Vec<&str>, KernelError> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_i32, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        if !(0..=1).contains(&depth) {
            break;
        }
    }
    parts.push(&text[start..]);
    if depth != 0 || parts.iter().any(|part| part.is_empty()) {
        let allowed = "a list of indicators like rsi(14),macd(12,26,9)";
        return Err(KernelError::new("spec", format!("'{text}'"), allowed));
    }
    Ok(parts)
}

fn parse_item(text: &str) -> Result<Item, KernelError> {
    let (name, arguments) = match text.split_once('(') {
        None => (text, ""),
        Some((name, rest)) => match rest.strip_suffix(')') {
            Some(arguments) => (name, arguments),
            None => {
                return Err(KernelError::new(
                    "spec",
                    format!("'{text}'"),
                    "written name(parameters)",
                ));
            }
        },
    };
    let definition = catalogue::find(name).ok_or_else(|| {
        KernelError::new(
            "spec",
            format!("'{name}'"),
            "a known indicator: `indicators list` shows them",
        )
    })?;
    let mut values: Vec<Option<f64>> = vec![None; definition.params.len()];
    let mut sources = default_sources(definition);
    let mut place = 0;
    for argument in arguments
        .split(',')
        .filter(|a| !a.is_empty() || arguments.contains(','))
    {
        let (at, value) = match argument.split_once('=') {
            Some((key @ ("real" | "real0" | "real1"), source)) => {
                choose(definition, &mut sources, key, source)?;
                continue;
            }
            Some((key, value)) => (position(definition, key)?, value),
            None => (place, argument),
        };
        place = at + 1;
        let Some(param) = definition.params.get(at) else {
            let count = definition.params.len();
            return Err(KernelError::new(
                name,
                text,
                format!("given at most {count} parameters"),
            ));
        };
        if values[at].is_some() {
            return Err(KernelError::new(
                format!("{name}.{}", param.name),
                "given twice",
                "given once",
            ));
        }
        values[at] = Some(check(name, param, value)?);
    }
    let filled = values
        .iter()
        .zip(definition.params)
        .map(|(v, p)| v.unwrap_or(p.default));
    let params = Params::checked(filled.collect());
    if let Some((param, allowed)) = (definition.constraint)(&params) {
        return Err(KernelError::new(format!("{name}.{param}"), text, allowed));
    }
    Ok(Item {
        definition,
        params,
        sources,
        text: text.to_owned(),
    })
}

fn default_sources(definition: &Definition) -> Vec<Source> {
    let source = |input: &Input| match input {
        Input::Of(source) => *source,
        Input::Real => Source::Close,
        Input::Real1 => Source::Volume,
    };
    definition.inputs.iter().map(source).collect()
}

fn choose(
    definition: &Definition,
    sources: &mut [Source],
    key: &str,
    source: &str,
) -> Result<(), KernelError> {
    let field = || format!("{}.{key}", definition.name);
    let wanted = if key == "real1" {
        Input::Real1
    } else {
        Input::Real
    };
    let Some(at) = definition.inputs.iter().position(|input| *input == wanted) else {
        return Err(KernelError::new(
            field(),
            source,
            "left out: this indicator reads fixed columns",
        ));
    };
    sources[at] = Source::named(source).ok_or_else(|| {
        KernelError::new(
            field(),
            source,
            "open, high, low, close, volume, real0 or real1",
        )
    })?;
    Ok(())
}

fn position(definition: &Definition, key: &str) -> Result<usize, KernelError> {
    let at = definition
        .params
        .iter()
        .position(|p| p.name.eq_ignore_ascii_case(key));
    at.ok_or_else(|| {
        let names: Vec<&str> = definition.params.iter().map(|p| p.name).collect();
        let allowed = format!("one of its parameters: {}", names.join(", "));
        KernelError::new(definition.name, key, allowed)
    })
}

fn check(name: &str, param: &Param, text: &str) -> Result<f64, KernelError> {
    let number = text.parse::<f64>().ok().filter(|v| v.is_finite());
    let (value, allowed) = match param.kind {
        ParamKind::Whole { least, most } => {
            let fits = |v: &f64| v.fract() == 0.0 && (least as f64..=most as f64).contains(v);
            (
                number.filter(fits),
                format!("an integer from {least} to {most}"),
            )
        }
        ParamKind::Real { least, most } => {
            let fits = |v: &f64| (least..=most).contains(v);
            (
                number.filter(fits),
                format!("a number from {least} to {most}"),
            )
        }
        ParamKind::Choice(of) => {
            let named = of.iter().position(|way| *way == text).map(|at| at as f64);
            let placed = number.filter(|v| v.fract() == 0.0 && (0.0..of.len() as f64).contains(v));
            (named.or(placed), format!("one of {}", of.join(", ")))
        }
    };
    value.ok_or_else(|| KernelError::new(format!("{name}.{}", param.name), text, allowed))
}
