package io.portcullis.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** wrk: the same for everybody, one thread and a fixed number of kept connections. */
final class Load {
  private static final int CONNECTIONS = 32;
  private static final int SLACK_SECONDS = 20;

  private final Tools tools;
  private final Cores cores;
  private final Path script;
  private final Path tokenFile;
  private final Workbench bench;

  Load(Tools tools, Cores cores, Path script, Path folder, Workbench bench) {
    this.tools = tools;
    this.cores = cores;
    this.script = script;
    this.tokenFile = folder.resolve("token");
    this.bench = bench;
  }

  /** How it is run, for the result. */
  static String description() {
    return "wrk, 1 thread, " + CONNECTIONS + " kept connections";
  }

  /**
   * Asks the same thing for some seconds.
   *
   * @throws BenchFailure when wrk fails; error answers are the caller's to judge
   */
  LoadResult run(URI uri, String token, int seconds) {
    return run(uri, token, Optional.empty(), seconds);
  }

  /** The same by POST of a JSON document from a file, where there is one. */
  LoadResult run(URI uri, String token, Optional<Path> body, int seconds) {
    List<String> command = new ArrayList<>(cores.loadPrefix(tools));
    command.add(tools.wrk().toString());
    command.addAll(List.of("-t1", "-c" + CONNECTIONS, "-d" + seconds + "s", "--timeout", "10s"));
    command.addAll(List.of("-s", script.toString(), uri.toString()));
    try {
      write(token);
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("BENCH_TOKEN_FILE", tokenFile.toString());
      body.ifPresent(file -> builder.environment().put("BENCH_BODY_FILE", file.toString()));
      Process wrk = builder.start();
      bench.keep(wrk::destroyForcibly);
      wrk.getOutputStream().close();
      // Only when it is late: to end a process that has ended closes its output unread.
      wrk.onExit()
          .orTimeout(seconds + SLACK_SECONDS, TimeUnit.SECONDS)
          .exceptionally(late -> wrk.destroyForcibly());
      String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = wrk.waitFor();
      if (code != 0) {
        throw BenchFailure.of("wrk failed with code " + code + ": " + output);
      }
      return LoadResult.parse(output);
    } catch (IOException | IllegalArgumentException e) {
      throw BenchFailure.of("wrk: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BenchFailure.of("interrupted");
    }
  }

  private void write(String token) throws IOException {
    if (!Files.exists(tokenFile)) {
      var owner = PosixFilePermissions.fromString("rw-------");
      Files.createFile(tokenFile, PosixFilePermissions.asFileAttribute(owner));
    }
    Files.writeString(tokenFile, token + "\n");
  }
}
