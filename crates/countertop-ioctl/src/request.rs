//! One request whose code carries the size of its buffer.

#![expect(unsafe_code, reason = "ioctl(2) has no safe form; the two blocks say why they are sound")]

use std::ffi::c_void;
use std::io;
use std::os::fd::AsFd;

use rustix::ioctl::{Direction, Ioctl, IoctlOutput, Opcode, opcode};

/// The largest buffer: a request code has 14 bits for the size (asm-generic/ioctl.h).
pub(crate) const LONGEST: usize = 0x3FFF;

/// Is a request and the bytes it reads and writes.
struct Request<'a> {
    code: Opcode,
    buffer: &'a mut [u8],
}

// SAFETY: `as_ptr` points to `buffer`, which is borrowed mutably as long as the request lives and
// is initialised; whoever makes a `Request` makes its code fit the buffer. `IS_MUTATING` is true,
// so the compiler expects the kernel to write there. The output is the return value alone.
unsafe impl Ioctl for Request<'_> {
    type Output = usize;

    const IS_MUTATING: bool = true;

    fn opcode(&self) -> Opcode {
        self.code
    }

    fn as_ptr(&mut self) -> *mut c_void {
        self.buffer.as_mut_ptr().cast()
    }

    unsafe fn output_from_ptr(
        returned: IoctlOutput,
        _buffer: *mut c_void,
    ) -> rustix::io::Result<usize> {
        Ok(usize::try_from(returned).unwrap_or_default())
    }
}

/// Asks for the request `group`, `number` with `buffer`, whose size becomes part of the code, and
/// returns what the kernel returns.
pub(crate) fn sized(
    file: impl AsFd,
    direction: Direction,
    (group, number): (u8, u8),
    buffer: &mut [u8],
) -> io::Result<usize> {
    if buffer.is_empty() || buffer.len() > LONGEST {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let code = opcode::from_components(direction, group, number, buffer.len());
    ask(file, Request { code, buffer })
}

/// Asks for a request with a code from before sizes were part of it; its argument is one `int`.
pub(crate) fn int(file: impl AsFd, code: Opcode) -> io::Result<i32> {
    let mut buffer = [0; size_of::<i32>()];
    ask(file, Request { code, buffer: &mut buffer })?;
    Ok(i32::from_ne_bytes(buffer))
}

fn ask(file: impl AsFd, request: Request<'_>) -> io::Result<usize> {
    // SAFETY: the kernel copies at most the size that the code carries, and both makers of requests
    // give a buffer of that size: `sized` composes the code from the buffer's length, and the code
    // given to `int` is one of linux/lp.h, whose group 0x06 no other driver uses
    // (ioctl-number.rst). A file that is something else refuses the code.
    Ok(unsafe { rustix::ioctl::ioctl(file, request) }?)
}
