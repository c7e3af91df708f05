package io.portcullis.bench;

import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Everything that the run started, and its voice. What was kept last is ended first, once, by the
 * run itself or by the hook of Ctrl-C, whichever comes first.
 */
final class Workbench implements AutoCloseable {
  private final PrintWriter out;
  private final long begunNanos = System.nanoTime();
  private final Deque<AutoCloseable> kept = new ArrayDeque<>();
  private final Thread hook = Thread.ofPlatform().name("bench-stop").unstarted(this::end);
  private boolean ended;

  Workbench(PrintWriter out) {
    this.out = out;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Takes the responsibility for something that runs.
   *
   * @throws BenchFailure when the run was ended meanwhile; the thing is ended as well
   */
  <T extends AutoCloseable> T keep(T thing) {
    synchronized (kept) {
      if (!ended) {
        kept.push(thing);
        return thing;
      }
    }
    end(thing);
    throw BenchFailure.of("the run was stopped");
  }

  /** Whether the run was told to stop: what fails from then on fails because of that. */
  boolean stopped() {
    synchronized (kept) {
      return ended;
    }
  }

  /** A line of progress, with the seconds since the start of the run. */
  void say(String line) {
    double seconds = (System.nanoTime() - begunNanos) / 1e9;
    synchronized (out) {
      out.printf(Locale.ROOT, "%6.1f s  %s%n", seconds, line);
      out.flush();
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException stopping) {
      say("stopping what was started");
    }
    end();
  }

  private void end() {
    while (true) {
      AutoCloseable thing;
      synchronized (kept) {
        ended = true;
        thing = kept.poll();
      }
      if (thing == null) {
        return;
      }
      end(thing);
    }
  }

  private void end(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception e) {
      say("%s did not stop in order: %s".formatted(thing, e));
    }
  }
}
