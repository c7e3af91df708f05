package io.portcullis.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Signals for a process and those it started. */
final class ProcessTree {
  private static final Duration POLL = Duration.ofMillis(20);

  private ProcessTree() {}

  /**
   * Sends a signal by its short name. {@code STOP}, {@code CONT} and {@code KILL} reach the whole
   * tree, since a part is frozen or dead only as a whole; others reach the root, which knows how to
   * treat its children.
   */
  static void signal(ProcessHandle root, String signal) {
    Stream<ProcessHandle> targets =
        switch (signal) {
          case "STOP", "CONT", "KILL" -> Stream.concat(Stream.of(root), root.descendants());
          default -> Stream.of(root);
        };
    List<String> pids = targets.map(process -> Long.toString(process.pid())).toList();
    // The shell's own kill: the command of that name is not on every machine.
    var script = "for pid; do kill -" + signal + " \"$pid\" 2>/dev/null; done; true";
    var command = new java.util.ArrayList<>(List.of("sh", "-c", script, "kill"));
    command.addAll(pids);
    try {
      Process kill = new ProcessBuilder(command).redirectErrorStream(true).start();
      if (!kill.waitFor(5, TimeUnit.SECONDS)) {
        kill.destroyForcibly();
      }
    } catch (IOException e) {
      throw new LocalFailure("cannot send a signal: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Ends a process: the signal that it takes as 'finish your work', then, after the grace, the one
   * it cannot refuse. Returns when the whole tree is gone.
   *
   * @return whether it ended within the grace
   */
  static boolean end(ProcessHandle root, String signal, Duration grace) {
    List<ProcessHandle> tree = Stream.concat(Stream.of(root), root.descendants()).toList();
    if (tree.stream().noneMatch(ProcessTree::runs)) {
      return true;
    }
    signal(root, signal);
    signal(root, "CONT"); // somebody may have frozen it
    if (awaitGone(tree, grace)) {
      return true;
    }
    tree.forEach(ProcessHandle::destroyForcibly);
    root.descendants().forEach(ProcessHandle::destroyForcibly);
    awaitGone(tree, Duration.ofSeconds(5));
    return false;
  }

  /** Whether the process still does anything; a zombie that nobody has collected does not. */
  static boolean runs(ProcessHandle process) {
    return process.isAlive() && !zombie(process.pid());
  }

  private static boolean awaitGone(List<ProcessHandle> tree, Duration limit) {
    return Wait.until(limit, POLL, () -> tree.stream().noneMatch(ProcessTree::runs));
  }

  private static boolean zombie(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      int state = stat.lastIndexOf(") ") + 2;
      return state > 1 && state < stat.length() && stat.charAt(state) == 'Z';
    } catch (IOException e) {
      return false;
    }
  }
}
