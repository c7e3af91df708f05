package io.portcullis.local;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One part as a supervised process. Its methods block. {@link #close} may be called by any thread
 * at any time, the others by one at a time.
 */
final class RunningPart {
  static final Duration STOP_GRACE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(50);

  private final LocalPart part;
  private final LogFile log;
  private final PidFile pidFile;
  private volatile @Nullable Process process;
  private boolean closed;

  RunningPart(LocalPart part, LogFile log, PidFile pidFile) {
    this.part = part;
    this.log = log;
    this.pidFile = pidFile;
  }

  LocalPart part() {
    return part;
  }

  /** Prepares, starts, and returns when the part serves. */
  void start(Progress progress) {
    long began = System.nanoTime();
    part.prepare(state -> progress.working(part.title(), state));
    progress.working(part.title(), "starting");
    log.rotate();
    Process started = launch();
    boolean ready =
        Wait.until(
            part.startLimit(), POLL, () -> !started.isAlive() || part.ready(started.toHandle()));
    if (!started.isAlive()) {
      pidFile.delete();
      throw LocalFailure.ofPart(
          part.part(), "ended with exit code %d".formatted(started.exitValue()), log);
    }
    if (!ready) {
      throw LocalFailure.ofPart(
          part.part(), "was not ready in %d s".formatted(part.startLimit().toSeconds()), log);
    }
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    progress.ready(part.title(), took, part.address());
  }

  /** Ends the process if there is one; orderly first, and at any rate soon. */
  void stop() {
    Process running = process;
    if (running != null) {
      ProcessTree.end(running.toHandle(), part.part().stopSignal(), STOP_GRACE);
      process = null;
    }
    pidFile.delete();
  }

  /** Stops it for good: a start that is under way on another thread launches nothing any more. */
  synchronized void close() {
    closed = true;
    stop();
  }

  void signal(String signal) {
    ProcessTree.signal(process(), signal);
  }

  /**
   * The process as the system sees it.
   *
   * @throws IllegalStateException when the part was not started
   */
  ProcessHandle process() {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException(part.part().label() + " is not started");
    }
    return running.toHandle();
  }

  private synchronized Process launch() {
    if (closed) {
      throw new LocalFailure(part.part().label() + " was stopped while it started");
    }
    ProcessBuilder builder = part.process();
    // A session of its own: Ctrl-C at the terminal must reach the node first, which then ends the
    // parts in order. The command replaces itself, so the process id is the part's.
    List<String> command = new ArrayList<>();
    Executables.find("setsid").ifPresent(setsid -> command.add(setsid.toString()));
    command.addAll(builder.command());
    try {
      Process started =
          builder
              .command(command)
              .redirectErrorStream(true)
              .redirectInput(new File("/dev/null"))
              .redirectOutput(log.path().toFile())
              .start();
      process = started;
      pidFile.write(started.toHandle());
      return started;
    } catch (IOException e) {
      throw new LocalFailure(
          "%s cannot be started: %s".formatted(part.part().label(), e.getMessage()), e);
    }
  }
}
