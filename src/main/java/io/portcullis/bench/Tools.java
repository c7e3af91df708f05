package io.portcullis.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The programs of this machine that a run needs.
 *
 * @param haproxy the peer, and the upstream
 * @param wrk the load
 * @param taskset gives processes to cores
 */
record Tools(Path haproxy, Path wrk, Path taskset) {

  /**
   * Finds them.
   *
   * @throws BenchFailure with all that are missing and how to get them
   */
  static Tools find() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    // Debian keeps servers where the PATH of ordinary users does not look.
    return find(path + File.pathSeparator + "/usr/sbin");
  }

  static Tools find(String path) {
    List<String> missing = new ArrayList<>();
    Path haproxy = program(path, "haproxy", "haproxy", missing);
    Path wrk = program(path, "wrk", "wrk", missing);
    Path taskset = program(path, "taskset", "util-linux", missing);
    if (!missing.isEmpty()) {
      throw BenchFailure.missing(
          "missing on this machine: apt-get install " + String.join(" ", missing));
    }
    return new Tools(haproxy, wrk, taskset);
  }

  /** The version of HAProxy, e.g. {@code 2.6.12}. */
  String haproxyVersion() {
    String first = output(List.of(haproxy.toString(), "-v"));
    return first.replaceAll("(?s).*?version (\\d+(\\.\\d+)*).*", "$1");
  }

  /** Runs a short program and gives what it prints on both streams. */
  static String output(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw BenchFailure.of(command.getFirst() + " failed with code " + code + ": " + text);
      }
      return text;
    } catch (IOException e) {
      throw BenchFailure.of(command.getFirst() + " cannot be run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BenchFailure.of("interrupted");
    }
  }

  private static Path program(String path, String name, String packageName, List<String> missing) {
    Optional<Path> found =
        Arrays.stream(path.split(File.pathSeparator, -1))
            .filter(folder -> !folder.isBlank())
            .map(folder -> Path.of(folder, name))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty()) {
      missing.add(packageName);
    }
    return found.orElse(Path.of(name));
  }
}
