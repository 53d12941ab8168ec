//! The values used last, within a number and a weight: what is dropped is made again.

/// One value of any weight may be kept.
pub struct Recent<K, V> {
    /// The one used last stands last.
    entries: Vec<(K, V, usize)>,
    most: usize,
    weight: usize,
}

impl<K: PartialEq + Copy, V: Clone> Recent<K, V> {
    /// At most so many values, of at most so much weight together.
    pub fn new(most: usize, weight: usize) -> Self {
        Self { entries: Vec::new(), most, weight }
    }

    pub fn get(&mut self, key: &K) -> Option<V> {
        let at = self.entries.iter().position(|(known, ..)| known == key)?;
        let entry = self.entries.remove(at);
        let value = entry.1.clone();
        self.entries.push(entry);
        Some(value)
    }

    pub fn forget(&mut self, gone: impl Fn(&K) -> bool) {
        self.entries.retain(|(key, ..)| !gone(key));
    }

    pub fn put(&mut self, key: K, value: V, weight: usize) {
        self.entries.retain(|(known, ..)| *known != key);
        self.entries.push((key, value, weight));
        let all = |entries: &[(K, V, usize)]| entries.iter().map(|entry| entry.2).sum::<usize>();
        while self.entries.len() > 1 && (self.entries.len() > self.most || all(&self.entries) > self.weight) {
            self.entries.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Recent;

    #[test]
    fn what_was_not_used_for_longest_is_dropped() {
        let mut recent = Recent::new(2, 10);
        recent.put(1, 'a', 4);
        recent.put(2, 'b', 4);
        assert_eq!(recent.get(&1), Some('a'));
        recent.put(3, 'c', 4);
        assert_eq!((recent.get(&1), recent.get(&2), recent.get(&3)), (Some('a'), None, Some('c')));
        recent.put(4, 'd', 9);
        assert_eq!((recent.get(&1), recent.get(&3), recent.get(&4)), (None, None, Some('d')), "by weight");
        recent.put(5, 'e', 99);
        assert_eq!(recent.get(&5), Some('e'), "one may always be kept");
    }
}
