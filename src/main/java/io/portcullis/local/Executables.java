package io.portcullis.local;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Programs of this machine. */
final class Executables {
  private Executables() {}

  /** The program of that name on PATH, or where Debian keeps servers. */
  static Optional<Path> find(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream((path + File.pathSeparator + "/usr/bin:/usr/sbin").split(":", -1))
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Runs a program to its end.
   *
   * @param log takes its output
   * @throws LocalFailure when it fails or takes longer than the limit
   */
  static void run(Part part, String what, ProcessBuilder builder, LogFile log, Duration limit) {
    log.rotate();
    try {
      Process process =
          builder.redirectErrorStream(true).redirectOutput(log.path().toFile()).start();
      process.getOutputStream().close();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        ProcessTree.end(process.toHandle(), "KILL", Duration.ofSeconds(1));
        throw LocalFailure.ofPart(
            part, what + " took longer than " + limit.toSeconds() + " s", log);
      }
      if (process.exitValue() != 0) {
        throw LocalFailure.ofPart(
            part, "%s failed with exit code %d".formatted(what, process.exitValue()), log);
      }
    } catch (IOException e) {
      throw new LocalFailure(part.label() + " " + what + " failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LocalFailure(part.label() + " " + what + " was interrupted", e);
    }
  }

  /** What a short command prints; empty when it cannot be run or fails. */
  static Optional<String> output(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      return process.exitValue() == 0 ? Optional.of(text.strip()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
