//! A message of any type, owned and erased.
//!
//! A value of at most four words lies inside the message, a larger one in a box of its own:
//!
//! ```text
//!   Message ┌──────────────────────────────┬──────┐
//!           │ value, up to 32 bytes        │ info │   inline
//!           ├─────┬────────────────────────┼──────┤
//!           │ ptr │                        │ info │   boxed: ptr ──▶ value
//!           └─────┴────────────────────────┴──────┘
//!                          info ──▶ type id, name, how to drop
//! ```
//!
//! The value comes first: where a message is copied in pieces of 16 bytes, no field of the value
//! crosses two of them, and reading it need not wait until both have left the store buffer.
//!
//! Invariants:
//! - M1: `info` is the `TypeInfo` of the type of the value, and the value is alive.
//! - M2: the value is inline exactly if `fits_inline` says so for its type.

use std::any::{Any, TypeId, type_name};
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, MaybeUninit, needs_drop};

use super::quiet::quietly;

/// Words that a message holds without a box: enough for a pid, a number and a word to spare.
const INLINE_WORDS: usize = 4;

/// A message whose type is not known yet: owned, `Send`, of any type.
///
/// The catch-all arm of [`receive!`](crate::receive) binds one, and a
/// [`Timeout`](crate::Timeout) carries one. Ask for the type with [`is`](Self::is), take the value
/// out with [`downcast`](Self::downcast). [`send`](crate::send) sends a `Message` on as what is in
/// it. Its `Debug` shows the type only, since a value need not be printable.
///
/// ```
/// use kerosene::Message;
///
/// let message = Message::new(7_u64);
/// let message = message.downcast::<String>().expect_err("it is a number");
/// assert_eq!(message.downcast::<u64>().ok(), Some(7));
/// ```
///
/// A message that nobody receives is dropped by the runtime; a panic in the `Drop` of its value is
/// reported by the panic hook and goes no further.
///
/// In Erlang: a term in the mailbox.
#[repr(C)]
pub struct Message {
    value: Storage,
    info: &'static TypeInfo,
    /// A message may move to another thread but not be looked at from two: the value is only
    /// `Send`.
    not_sync: PhantomData<Cell<()>>,
}

union Storage {
    /// Words that may be pointers, so that a word by itself carries whatever it is a part of.
    inline: [MaybeUninit<*mut ()>; INLINE_WORDS],
    boxed: *mut (),
}

// SAFETY: `new` takes only values that are `Send`, and the message owns its value alone (M1).
unsafe impl Send for Message {}

/// The value as the other type, if it is the same one, which the compiler knows.
#[inline]
pub(crate) fn same<A: Any, B: Any>(value: A) -> Result<B, A> {
    let mut value = Some(value);
    let any: &mut dyn Any = &mut value;
    let same = any.downcast_mut::<Option<B>>().and_then(Option::take);
    same.ok_or_else(|| value.expect("nothing has been taken"))
}

struct TypeInfo {
    id: TypeId,
    name: fn() -> &'static str,
    /// `None` if there is nothing to do.
    drop: Option<unsafe fn(&mut Storage)>,
}

impl Message {
    /// Wraps a value.
    #[inline]
    pub fn new<T: Any + Send>(value: T) -> Self {
        let value = if fits_inline::<T>() {
            let mut storage = Storage { inline: [const { MaybeUninit::uninit() }; INLINE_WORDS] };
            // SAFETY: the storage is large and aligned enough, as `fits_inline` checked.
            unsafe { storage.as_inline_mut::<T>().write(value) };
            storage
        } else {
            Storage { boxed: Box::into_raw(Box::new(value)).cast() }
        };
        Self { info: T::INFO, value, not_sync: PhantomData }
    }

    /// Wraps a value, unless it is a message already.
    #[inline]
    pub(crate) fn of<T: Any + Send>(value: T) -> Self {
        same(value).unwrap_or_else(Self::new)
    }

    /// Changes places with one that holds `()`, in one step: at each stop on its way a message
    /// would have to wait for its parts. Word by word, so that the compiler may keep them in
    /// registers.
    #[inline]
    pub(crate) fn move_to(&mut self, empty: &mut Self) {
        let (from, to) = (&raw const self.value.inline, &raw mut empty.value.inline);
        for word in 0..INLINE_WORDS {
            // SAFETY: the words are the whole storage, whichever field is in use, and a word may be
            // uninitialized. They are moved: what is left holds `()`, which has none (M1).
            unsafe { (*to)[word] = (*from)[word] };
        }
        empty.info = std::mem::replace(&mut self.info, <()>::INFO);
    }

    /// Whether a value of this type lies in the message itself.
    pub(crate) const fn is_inline<T>() -> bool {
        fits_inline::<T>()
    }

    /// Whether the value is a `T`, exactly.
    #[inline]
    pub fn is<T: Any>(&self) -> bool {
        self.info.id == TypeId::of::<T>()
    }

    /// Takes the value out.
    ///
    /// # Errors
    ///
    /// The message itself, unchanged, if the value is no `T`.
    #[inline]
    pub fn downcast<T: Any>(self) -> Result<T, Self> {
        if !self.is::<T>() {
            return Err(self);
        }
        let mut this = ManuallyDrop::new(self);
        // SAFETY: the value is a `T` (M1, just checked), stored as M2 says; it is moved out once,
        // because `this` is not dropped.
        Ok(unsafe { this.value.take::<T>() })
    }

    /// Lends the value, a `T`, to `taker`, which keeps it or gives it back. A value that is given
    /// back lies where it lay before: nothing is allocated. What is left of a message whose value
    /// was kept holds `()`.
    #[inline]
    pub(crate) fn lend<T: Any + Send, R>(
        &mut self,
        taker: impl FnOnce(T) -> Result<R, T>,
    ) -> Option<R> {
        if !self.is::<T>() {
            return None;
        }
        // From here on the value is the taker's, also if it panics (M1).
        self.info = <()>::INFO;
        if fits_inline::<T>() {
            // SAFETY: the value is a `T` (M1, checked above) and inline (M2); it is moved out.
            let value = unsafe { self.value.as_inline_mut::<T>().read() };
            match taker(value) {
                Ok(kept) => return Some(kept),
                // SAFETY: the storage is large and aligned enough (M2).
                Err(value) => unsafe { self.value.as_inline_mut::<T>().write(value) },
            }
        } else {
            // SAFETY: the value is a `T` (M1, checked above) and boxed (M2); the message has given
            // the box up. As a box of `MaybeUninit` it frees the memory, never the value.
            let mut boxed = unsafe { Box::from_raw(self.value.boxed.cast::<MaybeUninit<T>>()) };
            // SAFETY: the value was alive (M1), and from here on the box counts as empty.
            match taker(unsafe { boxed.assume_init_read() }) {
                Ok(kept) => return Some(kept),
                Err(value) => boxed.write(value),
            };
            self.value = Storage { boxed: Box::into_raw(boxed).cast() };
        }
        self.info = T::INFO;
        None
    }

    /// The value, if it is a `T`.
    pub fn downcast_ref<T: Any>(&self) -> Option<&T> {
        // SAFETY: the value is a `T` (M1, checked here), stored as M2 says, and borrowed with self.
        self.is::<T>().then(|| unsafe { &*self.value.as_ptr::<T>() })
    }

    /// The name of the value's type, for people to read: do not compare it.
    pub fn type_name(&self) -> &'static str {
        (self.info.name)()
    }

    #[cold]
    fn drop_with(&mut self, drop: unsafe fn(&mut Storage)) {
        // SAFETY: `drop` is for the type of the value (M1), and the value is not used again: only
        // `Drop` calls this.
        quietly(|| unsafe { drop(&mut self.value) });
    }

    /// The type of the value.
    #[inline]
    pub(crate) fn type_id_of_value(&self) -> TypeId {
        self.info.id
    }
}

impl Drop for Message {
    #[inline]
    fn drop(&mut self) {
        if let Some(drop) = self.info.drop {
            self.drop_with(drop);
        }
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({})", self.type_name())
    }
}

impl Storage {
    fn as_inline_mut<T>(&mut self) -> *mut T {
        (&raw mut self.inline).cast()
    }

    /// Where the value is.
    ///
    /// # Safety
    ///
    /// The storage holds a `T`, stored as M2 says.
    unsafe fn as_ptr<T>(&self) -> *const T {
        if fits_inline::<T>() {
            (&raw const self.inline).cast()
        } else {
            // SAFETY: by M2 the value is boxed, so `boxed` is the field in use.
            unsafe { self.boxed }.cast()
        }
    }

    /// Moves the value out.
    ///
    /// # Safety
    ///
    /// The storage holds a `T`, stored as M2 says, and is not used again.
    #[inline]
    unsafe fn take<T>(&mut self) -> T {
        if fits_inline::<T>() {
            // SAFETY: by M2 the value is inline, and by contract it is moved out only here.
            unsafe { self.as_inline_mut::<T>().read() }
        } else {
            // SAFETY: by M2 `boxed` came from `Box::into_raw` of a `Box<T>`, taken back only here.
            *unsafe { Box::from_raw(self.boxed.cast::<T>()) }
        }
    }
}

trait Typed {
    const DROP: Option<unsafe fn(&mut Storage)>;
    const INFO: &'static TypeInfo;
}

impl<T: Any> Typed for T {
    const DROP: Option<unsafe fn(&mut Storage)> =
        if fits_inline::<T>() && !needs_drop::<T>() { None } else { Some(drop_value::<T>) };
    const INFO: &'static TypeInfo =
        &TypeInfo { id: TypeId::of::<T>(), name: type_name::<T>, drop: Self::DROP };
}

/// Drops the value where it lies.
///
/// # Safety
///
/// The storage holds a `T`, stored as M2 says, and is not used again.
unsafe fn drop_value<T>(storage: &mut Storage) {
    if fits_inline::<T>() {
        // SAFETY: by M2 the value is inline; it is dropped once, by contract.
        unsafe { storage.as_inline_mut::<T>().drop_in_place() };
    } else {
        // SAFETY: by M2 `boxed` came from `Box::into_raw` of a `Box<T>`.
        drop(unsafe { Box::from_raw(storage.boxed.cast::<T>()) });
    }
}

const fn fits_inline<T>() -> bool {
    size_of::<T>() <= size_of::<Storage>() && align_of::<T>() <= align_of::<Storage>()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_message_is_five_words() {
        assert_eq!(size_of::<Message>(), 40);
        assert_eq!(size_of::<Option<Message>>(), 40);
    }

    #[test]
    fn small_and_large_values_come_back_whole() {
        let small = (1_u8, 2_u64, 3_u64);
        let large = [7_u64; 40];
        assert_eq!(Message::new(small).downcast(), Ok(small));
        assert_eq!(Message::new(large).downcast(), Ok(large));
        assert_eq!(Message::new(()).downcast::<()>().ok(), Some(()));
    }

    #[test]
    fn a_value_with_a_wide_alignment_is_boxed() {
        #[repr(align(64))]
        #[derive(Debug, PartialEq)]
        struct Wide(u8);
        let message = Message::new(Wide(9));
        assert_eq!(message.downcast_ref(), Some(&Wide(9)));
        assert_eq!(message.downcast(), Ok(Wide(9)));
    }

    #[test]
    fn each_value_is_dropped_once() {
        let count = Arc::new(());
        let large = (Arc::clone(&count), [0_u64; 10]);
        drop(Message::new(Arc::clone(&count)));
        drop(Message::new(large));
        let message = Message::new(Arc::clone(&count)).downcast::<u8>().expect_err("no u8");
        assert_eq!(Arc::strong_count(&count), 2);
        drop(message.downcast::<Arc<()>>());
        assert_eq!(Arc::strong_count(&count), 1);
    }

    #[test]
    fn a_value_that_is_given_back_stays_in_its_place() {
        let mut large = Message::new([1_u64; 8]);
        let before: *const [u64; 8] = large.downcast_ref().expect("it is one");
        assert_eq!(large.lend(Err::<(), [u64; 8]>), None);
        assert_eq!(large.downcast_ref().map(|v: &[u64; 8]| &raw const *v), Some(before));
        assert_eq!(large.lend(Ok::<[u64; 8], [u64; 8]>), Some([1; 8]));
        assert!(large.is::<()>());

        let mut small = Message::new(7_u8);
        assert_eq!(small.lend(Err::<(), u16>), None, "another type");
        assert_eq!(small.lend(Err::<(), u8>), None);
        assert_eq!(small.lend(Ok::<u8, u8>), Some(7));
    }

    #[test]
    fn a_value_lent_to_code_that_panics_is_dropped_once() {
        let count = Arc::new(());
        for large in [false, true] {
            let value = (Arc::clone(&count), [0_u64; 10]);
            let mut message =
                if large { Message::new(value) } else { Message::new(Arc::clone(&count)) };
            let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                message.lend(|_: Arc<()>| -> Result<(), Arc<()>> { panic!("small") });
                message.lend(|_: (Arc<()>, [u64; 10])| -> Result<(), (Arc<()>, [u64; 10])> {
                    panic!("large")
                });
            }));
            assert!(panicked.is_err());
            drop(message);
        }
        assert_eq!(Arc::strong_count(&count), 1);
    }

    #[test]
    fn a_message_is_send_and_not_sync() {
        fn send<T: Send>() {}
        trait NotSync<A> {
            fn check() {}
        }
        impl<T: ?Sized> NotSync<()> for T {}
        impl<T: ?Sized + Sync> NotSync<u8> for T {}
        send::<Message>();
        // Ambiguous, and so an error, if `Message` were `Sync`.
        <Message as NotSync<_>>::check();
    }

    impl PartialEq for Message {
        fn eq(&self, _: &Self) -> bool {
            false
        }
    }
}
