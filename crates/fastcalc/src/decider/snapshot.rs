//! The state as bytes, and back.
//!
//! Layout, little-endian: magic `CNCLVDEC`, version u16, settings, state, SHA-256 of all before it.
//! Tables made from the statistics are not stored: they are made again, by the same arithmetic.

use core::fmt::Write;

use sha2::{Digest, Sha256};

use super::codec::{Reader, Writer};
use super::config::DeciderConfig;
use super::confusion::{Confusion, Table};
use super::context::{MAX_CONTEXT_LABELS, is_label};
use super::error::DeciderError;
use super::herd::Pair;
use super::memory::Memory;
use super::regression::Regression;
use super::residuals::{PARTS, Residuals};
use super::reward_model::RewardModel;
use super::reward_table::RewardTable;
use super::scale::{RobustScale, WINDOW};
use super::slot::Slot;
use super::state::{MAX_SLOTS, State};
use super::vote::is_slot;

/// Version of the layout and of the arithmetic it belongs to.
pub const SNAPSHOT_VERSION: u16 = 3;

const MAGIC: &[u8; 8] = b"CNCLVDEC";
const DIGEST: usize = 32;

pub(crate) fn write(state: &State) -> Vec<u8> {
    let mut out = Writer::default();
    out.bytes.extend_from_slice(MAGIC);
    out.u16(SNAPSHOT_VERSION);
    write_config(&mut out, &state.config);
    out.u64(state.outcomes);
    out.f64s(&state.mixture.weights);
    out.f64s(state.calibration.counts.as_flattened());
    out.f64s(&state.plurality_classes);
    out.f64s(state.classes.as_flattened());
    for table in [
        &state.rewards.classes,
        &state.rewards.plurality,
        &state.rewards.realised,
    ] {
        out.f64s(table.mass.as_flattened());
        out.f64s(table.total.as_flattened());
    }
    for residuals in [&state.rewards.within, &state.rewards.predictive] {
        out.f64s(residuals.squares.as_flattened());
    }
    let sizes = state.rewards.scale.sizes();
    out.u16(sizes.len() as u16);
    out.f64s(&sizes);
    out.f64s(&[state.guardrail.weight, state.guardrail.evidence]);
    for known in &state.labels.known {
        out.u16(known.len() as u16);
        for label in known {
            out.text(label);
        }
    }
    out.u32(state.slots.len() as u32);
    for slot in &state.slots {
        out.text(&slot.name);
        out.u32(slot.arrival as u32);
        out.u64(slot.outcomes);
        out.u64(slot.hits);
        out.u64(slot.latest);
        out.f64s(&slot.hit_mass);
        out.f64s(&slot.right);
        write_memory(&mut out, &slot.memory);
        out.f64s(slot.realised.counts.as_flattened());
    }
    for pair in &state.pairs.triangle {
        out.f64s(&[pair.common, pair.equal, pair.copying]);
    }
    for regression in &state.regressions {
        write_regression(&mut out, regression);
    }
    let digest = Sha256::digest(&out.bytes);
    out.bytes.extend_from_slice(&digest);
    out.bytes
}

pub(crate) fn read(bytes: &[u8]) -> Result<State, DeciderError> {
    let mut header = Reader::new(bytes);
    if header.take(MAGIC.len(), "magic")? != MAGIC {
        return Err(DeciderError::damaged("not a decider snapshot: wrong magic"));
    }
    let version = header.u16("version")?;
    if version == 0 {
        return Err(DeciderError::damaged("version 0"));
    }
    if version != SNAPSHOT_VERSION {
        // Older arithmetic led to other states: they are made again from the journal.
        return Err(DeciderError::Version {
            found: version,
            supported: SNAPSHOT_VERSION,
        });
    }
    let Some(length) = bytes
        .len()
        .checked_sub(DIGEST)
        .filter(|length| *length > MAGIC.len() + 2)
    else {
        return Err(DeciderError::damaged(format!(
            "cut short: {} bytes",
            bytes.len()
        )));
    };
    let (content, digest) = bytes.split_at(length);
    if Sha256::digest(content).as_slice() != digest {
        return Err(DeciderError::damaged(
            "the checksum does not match: cut short or altered",
        ));
    }
    let mut input = Reader::new(&content[MAGIC.len() + 2..]);
    let state = read_state(&mut input)?;
    input.end()?;
    Ok(state)
}

fn read_state(input: &mut Reader<'_>) -> Result<State, DeciderError> {
    let config = read_config(input)?;
    let mut state = State::new(config);
    state.outcomes = input.u64("outcomes")?;
    for weight in &mut state.mixture.weights {
        [*weight] = input.counts("mixture weight")?;
    }
    let total: f64 = state.mixture.weights.iter().sum();
    if (total - 1.0).abs() > 1e-9 {
        return Err(DeciderError::damaged(format!(
            "mixture weights sum to {total}"
        )));
    }
    state.calibration = read_confusion(input, "calibration")?;
    state.calibration_rows = state.calibration.smoothed(state.config.smoothing());
    state.plurality_classes = input.counts("class frequencies of plurality")?;
    for classes in &mut state.classes {
        *classes = input.counts("class frequencies")?;
    }
    state.rewards = read_rewards(input, &state.config)?;
    state.guardrail.weight = input.f64("weight of the guardrail")?;
    state.guardrail.evidence = input.f64("evidence for the mixture")?;
    if !state.guardrail.is_sound() {
        return Err(DeciderError::damaged(format!(
            "a guardrail weight of {}",
            state.guardrail.weight
        )));
    }
    for known in &mut state.labels.known {
        *known = read_labels(input)?;
    }
    let slots = input.u32("number of slots")? as usize;
    if slots > MAX_SLOTS {
        return Err(DeciderError::damaged(format!(
            "{slots} slots, at most {MAX_SLOTS}"
        )));
    }
    for _ in 0..slots {
        let slot = read_slot(input, &state)?;
        state.slots.push(slot);
    }
    check_arrivals(&state)?;
    read_pairs(input, &mut state)?;
    let (count, signal) = (state.slots.len(), state.signal());
    for regression in &mut state.regressions {
        regression.grow(count, signal);
        read_regression(input, regression)?;
    }
    Ok(state)
}

fn read_rewards(
    input: &mut Reader<'_>,
    config: &DeciderConfig,
) -> Result<RewardModel, DeciderError> {
    let classes = read_sums(input)?;
    let plurality = read_sums(input)?;
    let realised = read_sums(input)?;
    let within = read_squares(input)?;
    let predictive = read_squares(input)?;
    let scale = read_scale(input)?;
    let mut model = RewardModel {
        scale,
        ..RewardModel::new(config)
    };
    let sigma = model.sigma(config);
    model.classes = RewardTable::new(classes.0, classes.1, sigma, config);
    model.plurality = RewardTable::new(plurality.0, plurality.1, sigma, config);
    model.realised = RewardTable::new(realised.0, realised.1, sigma, config);
    model.within = Residuals::new(within, sigma);
    model.predictive = Residuals::new(predictive, sigma);
    Ok(model)
}

fn read_sums(input: &mut Reader<'_>) -> Result<(Table, Table), DeciderError> {
    Ok((
        table(&input.counts("reward mass")?),
        table(&input.f64s("reward totals")?),
    ))
}

fn read_squares(input: &mut Reader<'_>) -> Result<[[f64; 2]; PARTS], DeciderError> {
    let mut squares = [[0.0; 2]; PARTS];
    for square in &mut squares {
        *square = input.counts("squared residuals")?;
    }
    Ok(squares)
}

fn read_scale(input: &mut Reader<'_>) -> Result<RobustScale, DeciderError> {
    let count = usize::from(input.u16("number of reward sizes")?);
    if count > WINDOW {
        return Err(DeciderError::damaged(format!(
            "{count} reward sizes, at most {WINDOW}"
        )));
    }
    let mut sizes = Vec::with_capacity(count);
    for _ in 0..count {
        let size = input.f64("reward size")?;
        if size <= 0.0 {
            return Err(DeciderError::damaged(format!("a reward size of {size}")));
        }
        sizes.push(size);
    }
    Ok(RobustScale::from_sizes(&sizes))
}

fn read_slot(input: &mut Reader<'_>, state: &State) -> Result<Slot, DeciderError> {
    let name = input.text("slot")?;
    if !is_slot(name)
        || state
            .slots
            .last()
            .is_some_and(|before| before.name.as_str() >= name)
    {
        return Err(DeciderError::damaged(format!(
            "slot {name:?} malformed or out of order"
        )));
    }
    let mut slot = Slot::new(name, &state.config);
    slot.arrival = input.u32("arrival of a slot")? as usize;
    slot.outcomes = input.u64("outcomes of a slot")?;
    slot.hits = input.u64("hits of a slot")?;
    slot.latest = input.u64("latest outcome of a slot")?;
    if slot.outcomes == 0
        || slot.hits > slot.outcomes
        || slot.outcomes > slot.latest
        || slot.latest > state.outcomes
    {
        return Err(DeciderError::damaged(format!(
            "counts of slot {name:?} contradict each other"
        )));
    }
    slot.hit_mass = input.counts("hit rate of a slot")?;
    if slot.hit_mass[0] > slot.hit_mass[1] {
        return Err(DeciderError::damaged(format!(
            "slot {name:?} right more often than judged"
        )));
    }
    slot.right = input.counts("accuracy of a slot")?;
    if slot.right[0] > slot.right[1] {
        return Err(DeciderError::damaged(format!(
            "slot {name:?} more accurate than believed"
        )));
    }
    read_memory(input, &mut slot.memory, state)?;
    slot.realised = read_confusion(input, "confusion of a slot")?;
    slot.refresh(&state.config);
    Ok(slot)
}

fn read_labels(input: &mut Reader<'_>) -> Result<Vec<String>, DeciderError> {
    let count = usize::from(input.u16("number of labels")?);
    let mut labels: Vec<String> = Vec::new();
    for _ in 0..count {
        let label = input.text("label")?;
        if labels.len() == MAX_CONTEXT_LABELS
            || !is_label(label)
            || labels.iter().any(|known| known == label)
        {
            return Err(DeciderError::damaged(format!(
                "label {label:?} malformed, repeated or one too many"
            )));
        }
        labels.push(label.to_owned());
    }
    Ok(labels)
}

fn write_memory(out: &mut Writer, memory: &Memory) {
    out.f64s(&memory.weights);
    for confusion in &memory.confusions {
        out.f64s(confusion.counts.as_flattened());
    }
    for hits in &memory.hits {
        out.u16(hits.len() as u16);
        out.f64s(hits.as_flattened());
    }
}

fn read_memory(
    input: &mut Reader<'_>,
    memory: &mut Memory,
    state: &State,
) -> Result<(), DeciderError> {
    let mut total = 0.0;
    for weight in &mut memory.weights {
        [*weight] = input.counts("weight of a memory")?;
        total += *weight;
    }
    if (total - 1.0).abs() > 1e-6 || memory.general() <= 0.0 {
        return Err(DeciderError::damaged(format!(
            "weights of memories sum to {total}"
        )));
    }
    for confusion in &mut memory.confusions {
        *confusion = read_confusion(input, "confusion of a slot")?;
    }
    for (hits, known) in memory.hits.iter_mut().zip(&state.labels.known) {
        let count = usize::from(input.u16("number of circumstances")?);
        if count > known.len() {
            return Err(DeciderError::damaged(format!(
                "hits in {count} circumstances of {}",
                known.len()
            )));
        }
        for _ in 0..count {
            let [right, votes] = input.counts("hits in some circumstances")?;
            if right > votes {
                return Err(DeciderError::damaged(format!(
                    "{right} hits of {votes} votes"
                )));
            }
            hits.push([right, votes]);
        }
    }
    Ok(())
}

/// Arrivals number the slots, each once.
fn check_arrivals(state: &State) -> Result<(), DeciderError> {
    let mut seen = vec![false; state.slots.len()];
    for slot in &state.slots {
        match seen.get_mut(slot.arrival) {
            Some(place) if !*place => *place = true,
            _ => {
                return Err(DeciderError::damaged(format!(
                    "slot {:?} is arrival {} of {}",
                    slot.name,
                    slot.arrival,
                    state.slots.len()
                )));
            }
        }
    }
    Ok(())
}

fn read_pairs(input: &mut Reader<'_>, state: &mut State) -> Result<(), DeciderError> {
    state.pairs.grow(state.slots.len());
    for pair in &mut state.pairs.triangle {
        let [common, equal, copying] = input.counts("agreement of a pair")?;
        if equal > common || copying >= 1.0 {
            return Err(DeciderError::damaged(
                "agreement of a pair contradicts itself",
            ));
        }
        *pair = Pair {
            common,
            equal,
            copying,
        };
    }
    Ok(())
}

/// The lower triangle of each matrix, then moments and weights of each target.
fn write_regression(out: &mut Writer, regression: &Regression) {
    for matrix in [&regression.signed, &regression.idle] {
        for (index, row) in matrix.iter().enumerate() {
            out.f64s(&row[..=index]);
        }
    }
    for target in [
        &regression.difference,
        &regression.common,
        &regression.holding,
    ] {
        out.f64s(&target.moments);
        out.f64s(&target.weights);
    }
    out.f64s(&regression.edge_fit);
}

/// A number that sums of clipped rewards can reach; beyond it predictions would overflow.
fn bounded(input: &mut Reader<'_>, what: &str) -> Result<f64, DeciderError> {
    let value = input.f64(what)?;
    if value.abs() > 1e18 {
        return Err(DeciderError::damaged(format!("{what} of {value}")));
    }
    Ok(value)
}

/// A symmetric matrix has one value in two places.
fn set_both(matrix: &mut [Vec<f64>], i: usize, j: usize, value: f64) {
    matrix[i][j] = value;
    matrix[j][i] = value;
}

fn read_regression(
    input: &mut Reader<'_>,
    regression: &mut Regression,
) -> Result<(), DeciderError> {
    for matrix in [&mut regression.signed, &mut regression.idle] {
        let size = matrix.len();
        for i in 0..size {
            for j in 0..=i {
                let value = bounded(input, "second moment")?;
                set_both(matrix, i, j, value);
            }
            if matrix[i][i] < 0.0 {
                return Err(DeciderError::damaged("a second moment is negative"));
            }
        }
    }
    for target in [
        &mut regression.difference,
        &mut regression.common,
        &mut regression.holding,
    ] {
        for value in target.moments.iter_mut().chain(&mut target.weights) {
            *value = bounded(input, "regression")?;
        }
    }
    for value in &mut regression.edge_fit {
        *value = bounded(input, "fit of the edges")?;
    }
    if regression.edge_fit[1] < 0.0 {
        return Err(DeciderError::damaged("the square of the edges is negative"));
    }
    Ok(())
}

fn read_confusion(input: &mut Reader<'_>, what: &str) -> Result<Confusion, DeciderError> {
    Ok(Confusion {
        counts: table(&input.counts(what)?),
    })
}

fn table(v: &[f64; 9]) -> Table {
    [[v[0], v[1], v[2]], [v[3], v[4], v[5]], [v[6], v[7], v[8]]]
}

fn write_config(out: &mut Writer, config: &DeciderConfig) {
    out.u16(config.discounts.len() as u16);
    out.f64s(&config.discounts);
    out.f64s(&config.scalars().map(|(_, value)| value));
}

fn read_config(input: &mut Reader<'_>) -> Result<DeciderConfig, DeciderError> {
    let count = usize::from(input.u16("number of discounts")?);
    let mut discounts = Vec::new();
    for _ in 0..count {
        discounts.push(input.f64("discounts")?);
    }
    let config = DeciderConfig::from_scalars(discounts, input.f64s("settings")?);
    config
        .validate()
        .map_err(|error| DeciderError::damaged(error.to_string()))?;
    Ok(config)
}

pub(crate) fn policy_version(config: &DeciderConfig) -> String {
    let mut settings = Writer::default();
    write_config(&mut settings, config);
    format!(
        "fixed-share-stack/{SNAPSHOT_VERSION}+{}",
        &hex_digest(&settings.bytes)[..8]
    )
}

pub(crate) fn hex_digest(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(2 * DIGEST);
    for byte in Sha256::digest(bytes) {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
