package io.portcullis.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A server of this run: a process, its name for people, and its log. */
final class Child implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final String name;
  private final Process process;
  private final Path log;

  private Child(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /** Starts a process; what it says goes to a log of its own. */
  static Child start(String name, List<String> command, Map<String, String> environment, Path log) {
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.redirectOutput(log.toFile());
      // What is measured does not depend on how somebody has set up their shell.
      builder.environment().keySet().removeIf(variable -> variable.startsWith("PORTCULLIS_"));
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      return new Child(name, process, log);
    } catch (IOException e) {
      throw BenchFailure.of(name + " cannot be started: " + e.getMessage());
    }
  }

  long pid() {
    return process.pid();
  }

  /**
   * Waits until it serves.
   *
   * @throws BenchFailure with the end of its log when it ended or took longer than the limit
   */
  Child await(Duration limit, Duration poll, BooleanSupplier ready) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!ready.getAsBoolean()) {
      if (!process.isAlive()) {
        throw BenchFailure.of(name + " ended with code " + process.exitValue() + tail());
      }
      if (System.nanoTime() - deadline >= 0) {
        throw BenchFailure.of(name + " was not ready in " + limit.toSeconds() + " s" + tail());
      }
      LockSupport.parkNanos(poll.toNanos());
    }
    return this;
  }

  /** Ends it in order, and if it does not, at any rate. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return name;
  }

  private String tail() {
    try {
      List<String> lines = Files.readAllLines(log);
      String end = String.join("\n  ", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
      return "; its log, " + log + ", ends:\n  " + end;
    } catch (IOException | UncheckedIOException e) {
      return "; its log is " + log;
    }
  }
}
