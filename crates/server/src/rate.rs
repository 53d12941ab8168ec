//! How many HTTP requests one caller may make: a token bucket per address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Instant,
};

/// Callers that are remembered; when there are more, those with a full bucket are forgotten.
const MAX_CALLERS: usize = 10_000;

pub struct RateLimiter {
    per_second: f64,
    burst: f64,
    callers: Mutex<HashMap<IpAddr, (f64, Instant)>>,
}

impl RateLimiter {
    pub fn new(per_second: u32, burst: u32) -> Self {
        Self { per_second: per_second.into(), burst: burst.into(), callers: Mutex::default() }
    }

    /// Whether the caller may make one more request now.
    pub fn allow(&self, caller: IpAddr, now: Instant) -> bool {
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if callers.len() >= MAX_CALLERS && !callers.contains_key(&caller) {
            callers.retain(|_, (level, then)| self.filled(*level, *then, now) < self.burst);
            if callers.len() >= MAX_CALLERS {
                return false;
            }
        }
        let (level, then) = callers.entry(caller).or_insert((self.burst, now));
        *level = self.filled(*level, *then, now);
        *then = now;
        let enough = *level >= 1.0;
        if enough {
            *level -= 1.0;
        }
        enough
    }

    fn filled(&self, level: f64, then: Instant, now: Instant) -> f64 {
        (level + now.saturating_duration_since(then).as_secs_f64() * self.per_second).min(self.burst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn one_caller_cannot_use_up_another_ones_share() {
        let limiter = RateLimiter::new(10, 2);
        let (a, b) = (IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 2]));
        let now = Instant::now();
        assert!(limiter.allow(a, now) && limiter.allow(a, now) && !limiter.allow(a, now));
        assert!(limiter.allow(b, now));
        assert!(limiter.allow(a, now + Duration::from_millis(100)));
        assert!(!limiter.allow(a, now + Duration::from_millis(100)));
    }
}
