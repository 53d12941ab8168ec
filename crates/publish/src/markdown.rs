//! stub
use crate::Stand;
use agenda::publication::Publication;
pub fn markdown(_p: &Publication, _s: Stand<'_>) -> String {
    String::new()
}
