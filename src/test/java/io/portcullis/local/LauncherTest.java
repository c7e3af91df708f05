package io.portcullis.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script in a small repository of its own, with a JDK and a Maven that only act. */
@Timeout(60)
class LauncherTest {
  private static final List<String> TOOLS =
      List.of(
          "awk",
          "bash",
          "cat",
          "chmod",
          "date",
          "dirname",
          "env",
          "find",
          "flock",
          "grep",
          "head",
          "mkdir",
          "mv",
          "printf",
          "readlink",
          "rm",
          "sed",
          "sh",
          "sleep",
          "tail",
          "tee",
          "touch");

  /** Counts its runs, then makes what a build makes. */
  private static final String MAVEN =
      """
      #!/bin/sh
      echo run >> "$REPO/builds"
      echo "[INFO] --- compiler:1:compile (default) @ portcullis ---"
      sleep 0.3
      mkdir -p "$REPO/target/lib" && touch "$REPO/target/portcullis.jar"
      """;

  private static final String JAVA =
      """
      #!/bin/sh
      for argument; do echo "<$argument>"; done
      """;

  private final Path folder;
  private final Path repository;
  private final Path bin;
  private final Path jdk;

  LauncherTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    repository = Files.createDirectories(folder.resolve("the repository"));
    bin = Files.createDirectories(folder.resolve("bin"));
    for (String tool : TOOLS) {
      Executables.find(tool).ifPresent(path -> link(bin.resolve(tool), path));
    }
    Files.copy(Path.of("portcullis"), repository.resolve("portcullis"));
    executable(
        repository.resolve("portcullis"), Files.readString(repository.resolve("portcullis")));
    Files.writeString(repository.resolve("pom.xml"), "<project/>");
    Files.createDirectories(repository.resolve("src/main"));
    jdk = Files.createDirectories(folder.resolve("jvm/jdk-25/bin")).resolve("..").normalize();
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    executable(jdk.resolve("bin/java"), JAVA);
    executable(jdk.resolve("bin/javac"), JAVA);
  }

  @Test
  void scripts_areValidBash() throws Exception {
    for (String script : List.of("portcullis", ".ci/run")) {
      Process check = new ProcessBuilder("bash", "-n", script).inheritIO().start();
      assertTrue(check.waitFor(10, TimeUnit.SECONDS));
      assertEquals(0, check.exitValue(), script);
      assertTrue(Files.isExecutable(Path.of(script)), script);
    }
  }

  @Test
  void launch_withoutJdk_says3AndWhatToDo() throws Exception {
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"21.0.2\"\n");
    Result result = launch(folder, "up");
    assertEquals(3, result.exit());
    assertTrue(result.text().startsWith("portcullis: no JDK 25 or newer here."), result.text());
  }

  @Test
  void launch_ofTheStack_needsNoJdk() throws Exception {
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"21.0.2\"\n");
    Path stack = Files.createDirectories(repository.resolve("docker")).resolve("stack");
    executable(stack, JAVA);
    Result result = launch(folder, "stack", "up", "a b");
    assertEquals(0, result.exit(), result.text());
    assertEquals("<up>\n<a b>\n", result.text());
  }

  @Test
  void launch_withoutMaven_says3() throws Exception {
    Result result = launch(folder, "up");
    assertEquals(3, result.exit());
    assertTrue(result.text().contains("apt-get install maven"), result.text());
  }

  @Test
  void launch_throughALinkFromAnywhere_buildsOnceAndRuns() throws Exception {
    executable(bin.resolve("mvn"), MAVEN);
    link(folder.resolve("link"), repository.resolve("portcullis"));
    for (int i = 0; i < 2; i++) {
      Result result =
          run(folder, Map.of("PORTCULLIS_JAVA_OPTS", "-Da=1 -Db=2"), "./link", "token", "a b");
      assertEquals(0, result.exit(), result.text());
      assertTrue(result.text().contains("<-Dportcullis.home=" + real(repository) + ">"));
      assertTrue(
          result
              .text()
              .endsWith(
                  "<-Da=1>\n<-Db=2>\n<-jar>\n<%s/target/portcullis.jar>\n<token>\n<a b>\n"
                      .formatted(real(repository))),
          result.text());
    }
    assertEquals(1, builds());
  }

  @Test
  void launch_afterAChange_buildsAgain() throws Exception {
    executable(bin.resolve("mvn"), MAVEN);
    launch(folder, "x");
    Path source = Files.writeString(repository.resolve("src/main/New.java"), "");
    var later = java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 2000);
    Files.setLastModifiedTime(source, later);
    launch(folder, "x");
    assertEquals(2, builds());
  }

  @Test
  void launch_twiceAtOnce_buildsOnce() throws Exception {
    executable(bin.resolve("mvn"), MAVEN);
    List<Process> both = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      both.add(start(folder, Map.of(), repository.resolve("portcullis").toString(), "x"));
    }
    for (Process process : both) {
      assertEquals(0, finish(process).exit());
    }
    assertEquals(1, builds());
  }

  @Test
  void launch_whenTheBuildFails_says1AndShowsTheErrors() throws Exception {
    executable(
        bin.resolve("mvn"),
        "#!/bin/sh\necho '[INFO] fine'\necho '[ERROR] Main.java:[3,1] not Java'\nexit 1\n");
    Result result = launch(folder, "up");
    assertEquals(1, result.exit());
    assertTrue(result.text().contains("[ERROR] Main.java:[3,1] not Java"), result.text());
    assertTrue(result.text().contains(real(repository) + "/target/build.log"), result.text());
  }

  @Test
  void upEdge_withoutItsPackages_triesToInstallThemAndLeavesTheVerdictToUp() throws Exception {
    executable(bin.resolve("mvn"), MAVEN);
    String up = repository.resolve("portcullis").toString();
    var nothing = Map.of("PORTCULLIS_EDGE_ROOT", folder.resolve("nothing").toString());
    Result result = run(folder, nothing, up, "up", "--edge");
    assertEquals(0, result.exit(), result.text());
    for (String name : EdgePrograms.PACKAGES) {
      String line = "portcullis: cannot install " + name + ": there is no apt-get on this machine";
      assertTrue(result.text().contains(line), result.text());
    }
    assertTrue(result.text().endsWith("<up>\n<--edge>\n"), result.text());
    assertFalse(run(folder, nothing, up, "up").text().contains("cannot install"));
  }

  @Test
  void verify_withAnUnknownArgument_says2() throws Exception {
    Result result = launch(folder, "verify", "--slow");
    assertEquals(2, result.exit());
    assertTrue(result.text().contains("unknown argument '--slow'"), result.text());
  }

  @Test
  void verify_addsUpTheReportsAndKeepsTheExitCode() throws Exception {
    executable(
        bin.resolve("mvn"),
        """
        #!/bin/sh
        cd "$REPO" && mkdir -p target/surefire-reports target/failsafe-reports
        cat > target/surefire-reports/TEST-a.xml <<'X'
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuite xmlns:xsi="x" version="3.0" name="a" time="0.1" tests="10" errors="1" skipped="2" failures="3" flakes="0">
          <testcase name="tests"/>
        </testsuite>
        X
        cat > target/failsafe-reports/TEST-b.xml <<'X'
        <testsuite name="b" tests="5" errors="0" skipped="0" failures="0">
        </testsuite>
        X
        echo '[INFO] Tests run: 15'
        exit 1
        """);
    Result result = launch(folder, "verify", "--fast");
    assertEquals(1, result.exit(), result.text());
    assertEquals("[INFO] Tests run: 15\n9 passed, 4 failed, 2 skipped\n", result.text());
  }

  @Test
  void verify_withoutAnyTest_fails() throws Exception {
    executable(bin.resolve("mvn"), "#!/bin/sh\nexit 0\n");
    Result result = launch(folder, "verify", "--fast");
    assertEquals(1, result.exit());
    assertTrue(result.text().contains("no test ran"), result.text());
  }

  private record Result(int exit, String text) {}

  private Result launch(Path directory, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(repository.resolve("portcullis").toString());
    command.addAll(List.of(arguments));
    return run(directory, Map.of(), command.toArray(String[]::new));
  }

  private Result run(Path directory, Map<String, String> environment, String... command)
      throws Exception {
    return finish(start(directory, environment, command));
  }

  private Process start(Path directory, Map<String, String> environment, String... command)
      throws IOException {
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    builder.environment().put("PORTCULLIS_JVM_DIRS", folder.resolve("jvm").toString());
    builder.environment().put("REPO", repository.toString());
    builder.environment().putAll(environment);
    return builder.redirectErrorStream(true).start();
  }

  private static Result finish(Process process) throws Exception {
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    return new Result(process.exitValue(), text);
  }

  private int builds() throws IOException {
    return Files.readAllLines(repository.resolve("builds")).size();
  }

  private static Path real(Path path) throws IOException {
    return path.toRealPath();
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void link(Path link, Path target) {
    try {
      Files.createSymbolicLink(link, target);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
