//! What this page has read from the database or written to it, as it lies there, sealed.
//!
//! A browser may delete a database while the app is open. What stands here then goes into the new one, byte for byte, so that nothing
//! is lost that the page knew: the way in, the open draft, what waits, the person's own copies.

/// Values by store and key. Some dozens: a list is enough.
pub(super) struct Seen<T> {
    values: Vec<(&'static str, String, T)>,
}

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self { values: Vec::new() }
    }
}

impl<T: Clone> Seen<T> {
    /// This stands there now.
    pub(super) fn put(&mut self, store: &'static str, key: &str, value: T) {
        self.remove(store, key);
        self.values.push((store, key.to_owned(), value));
    }

    /// Nothing stands there.
    pub(super) fn remove(&mut self, store: &str, key: &str) {
        self.values.retain(|(s, k, _)| *s != store || k != key);
    }

    /// Nothing stands in that store.
    pub(super) fn clear(&mut self, store: &str) {
        self.values.retain(|(s, ..)| *s != store);
    }

    /// All is forgotten: somebody wanted to be, and what another page changed is not known here.
    pub(super) fn forget(&mut self) {
        self.values.clear();
    }

    /// What does not lie in a database that holds these.
    pub(super) fn missing(
        &self,
        present: &[(&'static str, String)],
    ) -> Vec<(&'static str, String, T)> {
        let lies_there =
            |store: &str, key: &str| present.iter().any(|(s, k)| *s == store && k == key);
        self.values
            .iter()
            .filter(|(s, k, _)| !lies_there(s, k))
            .cloned()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_or_written_last_is_put_back_where_nothing_lies() {
        let mut seen = Seen::default();
        seen.put("drafts", "a", 1);
        seen.put("drafts", "a", 2);
        seen.put("queue", "a", 3);
        seen.put("queue", "b", 4);
        seen.put("copies", "c", 5);
        seen.remove("queue", "b");
        seen.clear("copies");
        let all = [("drafts", "a".to_owned(), 2), ("queue", "a".to_owned(), 3)];
        assert_eq!(seen.missing(&[]), all);
        assert_eq!(
            seen.missing(&[("drafts", "a".to_owned()), ("queue", "b".to_owned())]),
            all[1..]
        );
        seen.forget();
        assert_eq!(seen.missing(&[]), []);
    }
}
