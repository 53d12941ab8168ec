//! What a process that renders is given, and what it says at the end.

use crate::{
    artefact::{Artefact, RenderError},
    files::Files,
    pdf::Warning,
    proof::{Proof, Stand},
};
use agenda::{id::Hash, publication::Publication};
use serde::{Deserialize, Serialize};

/// One artefact to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub publication: Publication,
    pub stand: JobStand,
    pub artefact: Artefact,
    /// Those that [`crate::wanted`] names and that are at hand.
    #[serde(skip)]
    pub files: Files,
}

/// A message that is no job.
#[derive(Debug, thiserror::Error)]
pub enum BadJob {
    #[error("the job is not the JSON that it should be: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the job ends before its files do")]
    Cut,
}

/// What separates the parts of a message; JSON has none in it as it is written here.
const END: u8 = b'\n';

impl Job {
    /// A line of JSON, a line with the hash and size of each file, then the files.
    pub fn to_message(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut message = serde_json::to_vec(self)?;
        message.push(END);
        let sizes: Vec<_> = self.files.iter().map(|(hash, bytes)| (hash, bytes.len())).collect();
        serde_json::to_writer(&mut message, &sizes)?;
        message.push(END);
        self.files.values().for_each(|bytes| message.extend_from_slice(bytes));
        Ok(message)
    }

    pub fn from_message(message: &[u8]) -> Result<Self, BadJob> {
        let mut parts = message.splitn(3, |byte| *byte == END);
        let mut next = || parts.next().ok_or(BadJob::Cut);
        let mut job: Self = serde_json::from_slice(next()?)?;
        let sizes: Vec<(Hash, usize)> = serde_json::from_slice(next()?)?;
        let mut rest = next()?;
        for (hash, size) in sizes {
            let (file, after) = rest.split_at_checked(size).ok_or(BadJob::Cut)?;
            job.files.insert(hash, file.to_vec());
            rest = after;
        }
        Ok(job)
    }
}

/// [`Stand`] as a value of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobStand {
    Published(Proof),
    Imported,
    Draft,
}

/// What the process says at the end, as JSON, beside the bytes.
pub type Outcome = Result<Vec<Warning>, RenderError>;

impl JobStand {
    pub fn stand(&self) -> Stand<'_> {
        match self {
            Self::Published(proof) => Stand::Published(proof),
            Self::Imported => Stand::Imported,
            Self::Draft => Stand::Draft,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Format;
    use agenda::{id::MeetingId, publication::MODEL_VERSION};

    fn job() -> Job {
        let publication = Publication {
            model: MODEL_VERSION,
            meeting: MeetingId::from_bytes([1; 16]),
            forum: "Havne\nforum".into(),
            date: jiff::civil::date(2031, 2, 3),
            time: jiff::civil::time(8, 30, 0, 0),
            place: "Broen".into(),
            participants: vec![],
            kind: agenda::event::EditionKind::Agenda,
            correction: None,
            items: vec![],
        };
        let files =
            [(Hash([1; 32]), b"en\nto".to_vec()), (Hash([2; 32]), vec![]), (Hash([3; 32]), vec![0, 10, 255])];
        let files = files.into_iter().collect();
        Job { publication, stand: JobStand::Draft, artefact: Format::Samlet.into(), files }
    }

    #[test]
    fn a_job_arrives_with_its_files_and_a_cut_one_is_refused() {
        let message = job().to_message().unwrap();
        assert_eq!(Job::from_message(&message).unwrap(), job());
        for end in 0..message.len() {
            assert!(Job::from_message(&message[..end]).is_err(), "{end}");
        }
    }
}
