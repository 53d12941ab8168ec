//! Commands as a browser sends them: late, sometimes twice, and again with the same id when
//! no answer came.

use crate::{
    check::{Checked, durable, require},
    random::Random,
};
use agenda::{
    event::Recorded,
    id::{CommandId, SessionId},
    live::{CommandMeta, Done, Input, ReplyKey},
    meeting::MeetingCommand,
    rejection::Rejection,
};
use std::collections::{BTreeMap, VecDeque};

#[derive(Debug, Clone)]
pub struct Call {
    pub meta: CommandMeta,
    pub command: MeetingCommand,
}

#[derive(Debug, Default)]
pub struct Calls {
    /// On their way to the server.
    pub waiting: VecDeque<Call>,
    /// With the server.
    open: BTreeMap<ReplyKey, Call>,
    /// What was answered to each command that was carried out.
    done: BTreeMap<CommandId, Done>,
    keys: u64,
    pub retries: u64,
}

impl Calls {
    pub fn issue(&mut self, user: &agenda::id::UserId, command: MeetingCommand, random: &mut Random) {
        let id = CommandId::from_bytes(random.bytes());
        let session = SessionId::from_bytes(random.bytes());
        self.waiting.push_back(Call { meta: CommandMeta { id, user: user.clone(), session }, command });
    }

    /// The next request that reaches the server.
    pub fn arrive(&mut self) -> Option<Input> {
        let call = self.waiting.pop_front()?;
        self.keys += 1;
        let reply = ReplyKey(self.keys);
        self.open.insert(reply, call.clone());
        Some(Input::Command { reply, meta: call.meta, command: call.command })
    }

    /// An answer left the server; it may be lost, and the browser may ask again all the same.
    pub fn answered(
        &mut self,
        log: &[Recorded],
        reply: ReplyKey,
        answer: Result<Done, Rejection>,
        random: &mut Random,
    ) -> Checked {
        let call = self.open.remove(&reply).ok_or("an answer to nobody")?;
        let before = self.done.get(&call.meta.id);
        match answer {
            Ok(done) => {
                durable::answer(log, &done)?;
                let same = before.is_none_or(|before| *before == done);
                require(same, || format!("a retry was answered {done:?}, before {before:?}"))?;
                self.done.insert(call.meta.id, done);
            }
            Err(why) => require(before.is_none(), || format!("a retry of what was done got {why:?}"))?,
        }
        if random.percent(20) {
            self.retries += 1;
            self.waiting.push_back(call);
        }
        Ok(())
    }

    /// The server is gone; who waits will ask again.
    pub fn lost(&mut self) {
        let open = std::mem::take(&mut self.open);
        self.retries += open.len() as u64;
        self.waiting.extend(open.into_values());
    }

    pub fn is_quiet(&self) -> bool {
        self.waiting.is_empty() && self.open.is_empty()
    }

    /// Each command had one effect, and the answer named it.
    pub fn check(&self, log: &[Recorded]) -> Checked {
        let mut seen = BTreeMap::new();
        for recorded in log {
            let before = seen.insert(recorded.commit.command, recorded.commit.sequence);
            require(before.is_none(), || format!("{:?} was carried out twice", recorded.commit.command))?;
        }
        for (command, done) in &self.done {
            require(seen.get(command) == Some(&done.sequence), || {
                format!("{command:?} was answered {done:?}, but the log has it elsewhere")
            })?;
        }
        Ok(())
    }
}
