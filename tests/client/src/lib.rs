//! A client of the real program, for tests and measurements: it starts and kills the binary,
//! signs in, speaks the HTTP interface, and writes over WebSockets as an editor does, one
//! character a change. It keeps no rule of the service; it notes what the service answered.

mod editor;
mod pen;
mod program;
mod s3;
mod session;
mod typing;

pub use editor::{Editor, Gone, News};
pub use pen::{ACTOR_PREFIX, Arrival, Heard, Pen, Written};
pub use program::{Ended, Program, Settings, program_path, verify};
pub use s3::{S3_KEY, S3_SECRET, s3_server};
pub use session::{Answer, Session};

/// Why a request or a start failed.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// SplitMix64: reproducible choices.
#[derive(Debug, Clone)]
pub struct Dice(pub u64);

impl Dice {
    pub fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.throw() % end.max(1)
    }

    pub fn bytes(&mut self) -> [u8; 16] {
        ((u128::from(self.throw()) << 64) | u128::from(self.throw())).to_be_bytes()
    }

    /// A uuid for a command.
    pub fn command(&mut self) -> String {
        agenda::id::CommandId::from_bytes(self.bytes()).to_string()
    }

    /// Another series that follows from this one.
    pub fn fork(&mut self) -> Self {
        Self(self.throw())
    }
}
