package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/asvs.md} answers every requirement once, and what it names as proof is there. */
final class AsvsTest {
  private static final Path PAGE = Path.of("docs/asvs.md");
  private static final Path IDS = Path.of("src/test/resources/asvs/requirements.txt");
  private static final String MET = "met";
  private static final String OPEN = "open";
  private static final String NOT_APPLICABLE = "not applicable";
  private static final String NONE = "–";

  @Test
  void rows_areOneForEachRequirement() throws IOException {
    assertEquals(109, Files.readAllLines(IDS).size());
    assertEquals(Files.readAllLines(IDS), rows().stream().map(Row::id).toList());
  }

  @Test
  void rows_sayWhatIsAskedAndHowItStands() throws IOException {
    for (Row row : rows()) {
      assertTrue(Set.of(MET, OPEN, NOT_APPLICABLE).contains(row.status), row.toString());
      assertTrue(row.asked.length() > 5, row.toString());
      assertTrue(row.where.length() > 5, row.toString());
    }
  }

  @Test
  void rows_thatAreMet_nameFilesAndTests() throws IOException {
    for (Row row : rows()) {
      List<Citation> tests = Citation.in(row.shownBy);
      boolean shown = !tests.isEmpty() && tests.stream().allMatch(Citation::isTest);
      List<Citation> files = Citation.in(row.where);
      if (row.status.equals(MET)) {
        assertTrue(shown, "no test, or more than tests: " + row);
        assertFalse(files.isEmpty(), "no file: " + row);
        assertTrue(files.stream().noneMatch(Citation::isTest), "in the wrong column: " + row);
      } else if (row.status.equals(NOT_APPLICABLE)) {
        assertEquals(NONE, row.shownBy, row.toString());
      } else {
        assertTrue(row.shownBy.equals(NONE) || shown, row.toString());
      }
    }
  }

  @Test
  void evidence_ofEveryRow_isThere() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Row row : rows()) {
      for (Citation citation : Citation.in(row.where + row.shownBy)) {
        if (!citation.exists()) {
          missing.add(row.id + ": " + citation.name());
        }
      }
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void summary_counts_asTheRowsDo() throws IOException {
    Map<String, Long> counts =
        rows().stream().collect(Collectors.groupingBy(Row::status, Collectors.counting()));
    String right =
        "%d requirements: %d met, %d not applicable, %d open."
            .formatted(
                rows().size(),
                counts.getOrDefault(MET, 0L),
                counts.getOrDefault(NOT_APPLICABLE, 0L),
                counts.getOrDefault(OPEN, 0L));
    assertTrue(Files.readAllLines(PAGE).contains(right), "the page should say: " + right);
  }

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("| V")) {
        String[] cells = line.split("\\|", -1);
        assertEquals(8, cells.length, "six columns: " + line);
        rows.add(
            new Row(
                cells[1].strip(),
                cells[3].strip(),
                cells[4].strip(),
                cells[5].strip(),
                cells[6].strip()));
      }
    }
    return rows;
  }

  private record Row(String id, String asked, String status, String where, String shownBy) {}
}
