//! Snapshots that are not what they should be.

use fastcalc::decider::{
    Context, Decider, DeciderConfig, DeciderError, Feedback, SNAPSHOT_VERSION, Vote,
};
use sha2::{Digest, Sha256};

const DIGEST: usize = 32;

fn trained() -> Decider {
    let mut decider = Decider::new(DeciderConfig::default()).unwrap();
    for t in 0..50 {
        let votes = [
            Vote {
                slot: "a@1",
                probabilities: [0.6, 0.2, 0.2],
            },
            Vote {
                slot: "b@1",
                probabilities: [0.2, 0.2, 0.6],
            },
        ];
        let reward = f64::from(t % 7) - 3.0;
        let context = Context {
            regime: Some(["bear", "bull", "flat"][t as usize % 3]),
            anomaly: Some("none"),
        };
        let feedback = Feedback::Full([reward, 0.0, -reward - 2.0]);
        decider.learn_in(&votes, context, 1.0, feedback).unwrap();
    }
    decider
}

/// Puts a valid checksum over altered content, to get past it to the checks behind.
fn sealed(mut content: Vec<u8>) -> Vec<u8> {
    let digest = Sha256::digest(&content);
    content.extend_from_slice(&digest);
    content
}

fn content() -> Vec<u8> {
    let mut bytes = trained().snapshot();
    bytes.truncate(bytes.len() - DIGEST);
    bytes
}

fn reason(bytes: &[u8]) -> String {
    match Decider::restore(bytes) {
        Err(DeciderError::Damaged { what }) => what,
        other => panic!("expected Damaged, got {other:?}"),
    }
}

#[test]
fn every_truncation_is_found_with_and_without_a_valid_checksum() {
    let content = content();
    let whole = sealed(content.clone());
    for length in 0..whole.len() {
        assert!(Decider::restore(&whole[..length]).is_err(), "{length}");
    }
    for length in 0..content.len() {
        assert!(
            Decider::restore(&sealed(content[..length].to_vec())).is_err(),
            "{length}"
        );
    }
}

#[test]
fn a_newer_version_is_named() {
    let mut bytes = content();
    bytes[8..10].copy_from_slice(&(SNAPSHOT_VERSION + 1).to_le_bytes());
    let expected = DeciderError::Version {
        found: SNAPSHOT_VERSION + 1,
        supported: SNAPSHOT_VERSION,
    };
    assert_eq!(Decider::restore(&sealed(bytes)), Err(expected));
}

#[test]
fn an_older_version_is_named_too() {
    let mut bytes = content();
    bytes[8..10].copy_from_slice(&1u16.to_le_bytes());
    let expected = DeciderError::Version {
        found: 1,
        supported: SNAPSHOT_VERSION,
    };
    assert_eq!(Decider::restore(&sealed(bytes)), Err(expected));
}

#[test]
fn another_kind_of_file_is_named() {
    let mut bytes = content();
    bytes[0] = b'X';
    assert!(reason(&sealed(bytes)).contains("magic"));
}

#[test]
fn bytes_too_many_are_refused() {
    let mut bytes = content();
    bytes.push(0);
    assert!(reason(&sealed(bytes)).contains("too many"));
}

#[test]
fn numbers_that_are_none_are_refused_wherever_they_stand() {
    let clean = content();
    // Eight bytes anywhere: as settings, weights, counts, or text they are refused or they change
    // the state; they never panic and never put a NaN into it.
    for at in 10..clean.len() - 8 {
        let mut bytes = clean.clone();
        bytes[at..at + 8].copy_from_slice(&f64::NAN.to_le_bytes());
        if let Ok(decider) = Decider::restore(&sealed(bytes)) {
            let votes = [Vote {
                slot: "a@1",
                probabilities: [0.6, 0.2, 0.2],
            }];
            let bull = Context {
                regime: Some("bull"),
                anomaly: None,
            };
            let answer = decider.decide_in(&votes, bull, 1.0).unwrap();
            assert!(
                answer.scores.iter().all(|score| score.is_finite()),
                "byte {at}"
            );
        }
    }
}

#[test]
fn settings_out_of_range_are_refused_by_name() {
    let mut bytes = content();
    // After magic, version and the number of discounts comes the first discount.
    bytes[12..20].copy_from_slice(&1.5f64.to_le_bytes());
    assert!(reason(&sealed(bytes)).contains("config.discounts[0]"));
}

#[test]
fn the_hash_is_that_of_the_snapshot() {
    let decider = trained();
    let hex: String = Sha256::digest(decider.snapshot())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(decider.state_hash(), hex);
}

#[test]
fn the_policy_version_follows_the_settings() {
    let standard = trained().policy_version();
    let config = DeciderConfig {
        share_rate: 0.01,
        ..DeciderConfig::default()
    };
    let other = Decider::new(config).unwrap().policy_version();
    assert!(standard.starts_with("fixed-share-stack/3+"));
    assert_eq!(standard.len(), "fixed-share-stack/3+".len() + 8);
    assert_ne!(standard, other);
}
