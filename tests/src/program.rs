//! A program that runs beside a test.

use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long a program may take to say or do something.
const PATIENCE: Duration = Duration::from_secs(30);

/// Is a program whose output is read line by line. It is killed with this value.
#[derive(Debug)]
pub struct Program {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<String>,
    errors: Receiver<String>,
}

impl Program {
    /// Starts a program with pipes for input, output and errors.
    ///
    /// # Errors
    ///
    /// When there is no such program, or the system refuses.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let output = lines(child.stdout.take());
        let errors = lines(child.stderr.take());
        Ok(Self { input: child.stdin.take(), child, output, errors })
    }

    /// Returns the rest of the next line of the output that begins with `start`.
    ///
    /// # Errors
    ///
    /// When the output ends or stays silent; says what was printed as an error.
    pub fn line(&self, start: &str) -> io::Result<String> {
        loop {
            let line = self.output.recv_timeout(PATIENCE);
            let line = line.map_err(|error| {
                let errors: Vec<_> = self.errors.try_iter().collect();
                io::Error::other(format!("no line `{start}…`: {error}; errors: {errors:?}"))
            })?;
            if let Some(rest) = line.strip_prefix(start) {
                return Ok(rest.to_owned());
            }
        }
    }

    /// Types a line.
    ///
    /// # Errors
    ///
    /// When the program has ended.
    pub fn type_line(&mut self, text: &str) -> io::Result<()> {
        let input = self.input.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(input, "{text}")
    }

    /// Closes the input, as a terminal that is gone.
    pub fn close_input(&mut self) {
        self.input = None;
    }

    /// Sends a signal, such as `INT` or `TERM`.
    ///
    /// # Errors
    ///
    /// When the shell fails.
    pub fn signal(&self, name: &str) -> io::Result<()> {
        let id = self.child.id().to_string();
        let kill = ["-c", "kill -s \"$0\" \"$1\"", name, &id];
        let status = Command::new("sh").args(kill).status()?;
        status.success().then_some(()).ok_or_else(|| io::Error::other("kill failed"))
    }

    /// Waits for the end.
    ///
    /// # Errors
    ///
    /// When the program goes on.
    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            // A child has no event to wait for with a deadline.
            thread::sleep(Duration::from_millis(5));
        }
        Err(io::Error::new(io::ErrorKind::TimedOut, "the program goes on"))
    }

    /// Returns whether the program goes on.
    ///
    /// # Errors
    ///
    /// When the system does not tell.
    pub fn runs(&mut self) -> io::Result<bool> {
        Ok(self.child.try_wait()?.is_none())
    }

    /// Returns the processor time used, in ticks of a hundredth of a second (proc(5), stat 14, 15).
    ///
    /// # Errors
    ///
    /// When the program has ended.
    pub fn processor_ticks(&self) -> io::Result<u64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        // The name, field 2, ends with the parenthesis.
        Ok(fields.skip(14 - 3).take(2).filter_map(|it| it.parse::<u64>().ok()).sum())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It is ending either way.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(pipe: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (found, lines) = channel();
    thread::spawn(move || {
        let mut lines = pipe.into_iter().flat_map(|pipe| BufReader::new(pipe).lines()).flatten();
        while lines.next().is_some_and(|line| found.send(line).is_ok()) {}
    });
    lines
}
