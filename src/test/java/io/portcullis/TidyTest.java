package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The style guide as a test: what a reader should never have to point out. */
final class TidyTest {
  private static final int MAX_FILE_LINES = 350;
  private static final int MAX_METHOD_LINES = 60;

  /** Tests have tables. */
  private static final int MAX_TABLE_LINES = 100;

  /** What is not called here, and what to use instead. Applies to main sources. */
  private static final Map<String, String> BANNED =
      Map.of(
          "Thread\\.sleep\\(", "a Vert.x timer, or a poll with a deadline",
          "\\.printStackTrace\\(", "the log",
          "System\\.(out|err)\\b", "the log, or the command's own writer",
          "\\bnew Thread\\(", "Thread.ofPlatform() or ofVirtual(), with a name",
          "Executors\\.newCached", "a bounded pool",
          "LocalDateTime", "Instant",
          "new Random\\(\\)\\.", "ThreadLocalRandom",
          "\\.toCompletionStage\\(\\)\\.toCompletableFuture\\(\\)\\.get\\(\\)",
              "a wait with a limit");

  private static final Pattern METHOD =
      Pattern.compile("^  (?! )(?:[\\w<>\\[\\],.?@ ]+ )?\\w+\\([^;]*$");

  @Test
  void files_ofAllSources_areShortEnough() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : sources("src")) {
      long lines = lines(file).size();
      if (lines > MAX_FILE_LINES) {
        tooLong.add(file + " has " + lines + " lines");
      }
    }
    assertEquals(List.of(), tooLong, "split by idea; the limit is " + MAX_FILE_LINES);
  }

  @Test
  void methods_ofAllSources_areShortEnough() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : sources("src")) {
      methodLengths(lines(file))
          .forEach(
              (name, length) -> {
                boolean test = file.startsWith("src/test");
                if (length > (test ? MAX_TABLE_LINES : MAX_METHOD_LINES)) {
                  tooLong.add(file + ": " + name + " has " + length + " lines");
                }
              });
    }
    assertEquals(List.of(), tooLong, "the limit is " + MAX_METHOD_LINES);
  }

  @Test
  void calls_thatAreBanned_areAbsent() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : sources("src/main")) {
      boolean speaks = file.toString().matches(".*/(command|local)/.*|.*/Main\\.java");
      List<String> lines = lines(file);
      for (int i = 0; i < lines.size(); i++) {
        for (Map.Entry<String, String> banned : BANNED.entrySet()) {
          boolean allowed = speaks && banned.getKey().matches("(System|Thread|..print).*");
          if (!allowed && Pattern.compile(banned.getKey()).matcher(lines.get(i)).find()) {
            found.add(file + ":" + (i + 1) + ": use " + banned.getValue() + " instead");
          }
        }
      }
    }
    assertEquals(List.of(), found);
  }

  @Test
  void markers_ofUnfinishedWork_areAbsent() throws IOException {
    Pattern marker = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");
    assertEquals(List.of(), matching(marker));
  }

  @Test
  void hosts_ofPackageRegistries_areAbsent() throws IOException {
    Pattern hosts =
        Pattern.compile(
            "repo1?\\.maven|maven\\.org/|deb\\.debian|registry\\.npm|security\\.debian|docker\\.io/",
            Pattern.CASE_INSENSITIVE);
    assertEquals(List.of(), matching(hosts));
  }

  @Test
  void tests_ofAllRooms_neitherSleepNorDisappear() throws IOException {
    Pattern hidden = Pattern.compile("Thread\\.sleep\\(|@Dis" + "abled|assume(True|False)\\(");
    List<String> found = new ArrayList<>();
    for (Path file : sources("src/test")) {
      if (!file.endsWith("TidyTest.java") && hidden.matcher(Files.readString(file)).find()) {
        found.add(file.toString());
      }
    }
    assertEquals(List.of(), found, "poll with a deadline; a skipped test says so in the launcher");
  }

  @Test
  void packages_ofMain_saySomethingOfThemselves() throws IOException {
    try (Stream<Path> folders = Files.walk(Path.of("src/main/java/io/portcullis"))) {
      List<Path> silent =
          folders
              .filter(Files::isDirectory)
              .filter(folder -> !folder.endsWith("io/portcullis"))
              .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
              .toList();
      assertEquals(List.of(), silent);
    }
  }

  @Test
  void methodLengths_ofThisFile_areFound() throws IOException {
    assertTrue(
        methodLengths(lines(Path.of("src/test/java/io/portcullis/TidyTest.java"))).size() > 8,
        "the reader of methods finds methods");
  }

  private static List<String> matching(Pattern pattern) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : texts()) {
      List<String> lines = lines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (pattern.matcher(lines.get(i)).find()) {
          found.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
        }
      }
    }
    return found;
  }

  private static Map<String, Integer> methodLengths(List<String> lines) {
    Map<String, Integer> lengths = new LinkedHashMap<>();
    int start = -1;
    String name = "";
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      Matcher matcher = METHOD.matcher(line);
      if (start < 0 && matcher.matches() && !line.contains(" = ") && line.contains("(")) {
        start = i;
        name = line.strip().replaceAll("\\(.*", "");
      } else if (start >= 0 && line.equals("  }")) {
        lengths.put(name + " at line " + (start + 1), i - start + 1);
        start = -1;
      } else if (start >= 0 && line.matches("  \\S.*;")) {
        start = -1;
      }
    }
    return lengths;
  }

  private static List<Path> sources(String root) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(root))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  /** Every text of the project that is committed or about to be. */
  private static List<Path> texts() throws IOException {
    List<Path> texts = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("."))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.toString();
        boolean ours = !name.matches("\\./(target|\\.git|\\.portcullis|\\.idea|\\.vscode)/.*");
        if (ours
            && name.matches(
                ".*(\\.(java|md|xml|ya?ml|json|sql|sh|conf|cfg|lua|properties)|/portcullis|/run|Dockerfile)")) {
          texts.add(file);
        }
      }
    }
    return texts;
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file, StandardCharsets.UTF_8);
  }
}
