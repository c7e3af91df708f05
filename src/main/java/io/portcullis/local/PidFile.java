package io.portcullis.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Remembers a process over our own death. A process is recognised by its id and by the instant it
 * was started, because ids are used again.
 */
record PidFile(Path path) {
  /** The system reports start times in ticks relative to its boot; the clock may have been set. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  /** Remembers the process. */
  void write(ProcessHandle process) {
    String started = process.info().startInstant().map(i -> "" + i.toEpochMilli()).orElse("0");
    try {
      Files.createDirectories(Folders.parent(path));
      Files.writeString(path, process.pid() + "\n" + started + "\n");
    } catch (IOException e) {
      throw new LocalFailure("cannot write " + path + ": " + e.getMessage(), e);
    }
  }

  /** The remembered process if it still runs; a file that says nothing useful is as no file. */
  Optional<ProcessHandle> process() {
    try {
      List<String> lines = Files.readAllLines(path);
      if (lines.size() < 2) {
        return Optional.empty();
      }
      Instant started = Instant.ofEpochMilli(Long.parseLong(lines.get(1).strip()));
      return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
          .filter(ProcessTree::runs)
          .filter(process -> startedAt(process, started));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  void delete() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new LocalFailure("cannot delete " + path + ": " + e.getMessage(), e);
    }
  }

  private static boolean startedAt(ProcessHandle process, Instant instant) {
    return process
        .info()
        .startInstant()
        .map(actual -> Duration.between(actual, instant).abs().compareTo(TOLERANCE) <= 0)
        .orElse(false);
  }
}
