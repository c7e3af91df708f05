package io.portcullis.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class TableTest {
  @Test
  void render_setsTheFirstColumnLeftAndTheOthersRight() {
    String text =
        new Table("server", "req/s", "µs")
            .row("gateway", "12345", "78.1")
            .row("a", "9", "5.0")
            .render();
    assertEquals(
        """
        server    req/s     µs
        -------   -----   ----
        gateway   12345   78.1
        a             9    5.0
        """,
        text);
  }

  @Test
  void render_leavesNoTrailingSpaces() {
    assertEquals("a   bb\n-   --\nx\n", new Table("a", "bb").row("x", "").render());
  }

  @Test
  void row_ofAnotherWidth_fails() {
    assertThrows(IllegalArgumentException.class, () -> new Table("a", "b").row("x"));
  }
}
