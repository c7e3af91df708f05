package io.portcullis.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pid files, signals and supervision, with real small processes. */
class ProcessesTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(10);

  private final Path folder;
  private final List<Process> started = new ArrayList<>();

  ProcessesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void end() {
    started.forEach(process -> ProcessTree.end(process.toHandle(), "KILL", SOON));
  }

  @Test
  void pidFile_ofARunningProcess_findsIt() throws IOException {
    Process process = shell("exec sleep 60");
    var file = new PidFile(folder.resolve("run/x.pid"));
    file.write(process.toHandle());
    assertEquals(Optional.of(process.toHandle()), file.process());
  }

  @Test
  void pidFile_ofADeadProcess_findsNothing() throws Exception {
    Process process = shell("exec sleep 60");
    var file = new PidFile(folder.resolve("x.pid"));
    file.write(process.toHandle());
    process.destroyForcibly().waitFor();
    assertEquals(Optional.empty(), file.process());
  }

  @Test
  void pidFile_whoseIdIsUsedAgain_findsNothing() throws IOException {
    Process process = shell("exec sleep 60");
    Path path = folder.resolve("x.pid");
    long hourEarlier = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
    Files.writeString(path, process.pid() + "\n" + hourEarlier + "\n");
    assertEquals(Optional.empty(), new PidFile(path).process());
  }

  @Test
  void pidFile_thatSaysNothingUseful_findsNothing() throws IOException {
    for (String text : List.of("", "12", "x\ny\n", "99999999999999999999\n1\n", "-3\n1\n")) {
      Path path = Files.writeString(folder.resolve("x.pid"), text);
      assertEquals(Optional.empty(), new PidFile(path).process(), text);
    }
    assertEquals(Optional.empty(), new PidFile(folder.resolve("none")).process());
  }

  @Test
  void end_ofATreeThatRefusesToEnd_isForcedAndBounded() throws IOException {
    Process stubborn = shell("trap '' TERM INT; sleep 61 & echo up; while :; do sleep 60; done");
    stubborn.inputReader().readLine();
    List<ProcessHandle> tree = stubborn.toHandle().descendants().toList();
    assertTrue(tree.size() >= 1);
    long began = System.nanoTime();
    assertFalse(ProcessTree.end(stubborn.toHandle(), "TERM", Duration.ofMillis(300)));
    assertTrue(Duration.ofNanos(System.nanoTime() - began).compareTo(SOON) < 0);
    assertFalse(stubborn.isAlive());
    assertTrue(tree.stream().noneMatch(ProcessTree::runs));
  }

  @Test
  void end_ofAFrozenProcess_wakesItToEndInOrder() throws IOException {
    Process process = shell("trap 'exit 7' TERM; echo up; while :; do sleep 0.05; done");
    process.inputReader().readLine();
    ProcessTree.signal(process.toHandle(), "STOP");
    assertTrue(ProcessTree.end(process.toHandle(), "TERM", SOON));
    assertEquals(7, process.exitValue());
  }

  @Test
  void signal_kill_reachesTheChildren() throws IOException {
    Process parent = shell("sleep 62 & echo up; wait");
    parent.inputReader().readLine();
    List<ProcessHandle> children = parent.toHandle().descendants().toList();
    ProcessTree.signal(parent.toHandle(), "KILL");
    assertTrue(Wait.until(SOON, POLL, () -> children.stream().noneMatch(ProcessTree::runs)));
  }

  @Test
  void start_ofAPartThatDies_namesItsExitCodeItsLogAndTheLastLines() {
    RunningPart part = running("echo one; echo 'two: no such thing'; exit 5", true);
    var failure = assertThrows(LocalFailure.class, () -> part.start(Progress.SILENT));
    assertEquals(
        """
        Redis ended with exit code 5
        Its log is %s and ends:
          | one
          | two: no such thing"""
            .formatted(folder.resolve("part.log")),
        failure.getMessage());
    assertFalse(Files.exists(folder.resolve("part.pid")));
  }

  @Test
  void start_ofAPartThatIsNeverReady_givesUpAndCanBeStopped() {
    RunningPart part = running("exec sleep 60", false);
    var failure = assertThrows(LocalFailure.class, () -> part.start(Progress.SILENT));
    assertTrue(String.valueOf(failure.getMessage()).startsWith("Redis was not ready in 1 s"));
    ProcessHandle process = part.process();
    part.close();
    assertFalse(ProcessTree.runs(process));
  }

  @Test
  void start_afterClose_startsNothing() {
    RunningPart part = running("exec sleep 60", true);
    part.close();
    assertThrows(LocalFailure.class, () -> part.start(Progress.SILENT));
    assertThrows(IllegalStateException.class, part::process);
  }

  @Test
  void start_putsThePartIntoASessionOfItsOwn() {
    RunningPart part = running("exec sleep 60", true);
    part.start(Progress.SILENT);
    long pid = part.process().pid();
    assertTrue(Wait.until(SOON, POLL, () -> session(pid).equals(Long.toString(pid))));
    part.close();
  }

  @Test
  void start_keepsTheLogOfTheRunBefore() throws IOException {
    RunningPart part = running("echo run $$; exec sleep 60", true);
    part.start(Progress.SILENT);
    Path log = folder.resolve("part.log");
    assertTrue(Wait.until(SOON, POLL, () -> !new LogFile(log).tail(1).isEmpty()));
    String first = Files.readString(log);
    part.stop();
    part.start(Progress.SILENT);
    assertEquals(first, Files.readString(folder.resolve("part.log.1")));
    part.close();
  }

  private static String session(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return stat.substring(stat.lastIndexOf(") ") + 2).split(" ", -1)[3];
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Process shell(String script) throws IOException {
    Process process = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
    started.add(process);
    return process;
  }

  private RunningPart running(String script, boolean ready) {
    LocalPart part =
        new LocalPart() {
          @Override
          public Part part() {
            return Part.REDIS;
          }

          @Override
          public String title() {
            return "Small part";
          }

          @Override
          public String address() {
            return "nowhere";
          }

          @Override
          public void prepare(Consumer<String> state) {}

          @Override
          public ProcessBuilder process() {
            return new ProcessBuilder("sh", "-c", script);
          }

          @Override
          public boolean ready(ProcessHandle process) {
            // A part that ends is to be seen ending, not ready before.
            return ready && !script.contains("exit");
          }

          @Override
          public Duration startLimit() {
            return Duration.ofSeconds(1);
          }
        };
    var log = new LogFile(folder.resolve("part.log"));
    return new RunningPart(part, log, new PidFile(folder.resolve("part.pid")));
  }
}
