package io.portcullis.waf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AuditLineTest {
  @Test
  void entry_ofARefusedRequest_isReadWithItsRules() {
    Transaction entry = read(RawEntries.refused("id-1", "203.0.113.9", "/api/v1/me?q=hunter2"));
    assertTrue(entry.refused());
    assertEquals("id-1", entry.id());
    assertEquals("203.0.113.9", entry.client());
    assertEquals("/api/v1/me", entry.path());
    assertEquals(RuleGroup.SQLI, entry.group());
    assertEquals(5, entry.score());
    assertEquals(List.of(942100, 949110), entry.block().rules());
    assertEquals("ARGS:q", entry.matches().getFirst().target());
  }

  @Test
  void entry_withSecretsEverywhere_hasNoneInTheMaskedLine() {
    String raw =
        RawEntries.entry(
            "id-2",
            "198.51.100.1",
            "/api/v1/x/eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln/hunter2!?access_token=hunter2",
            RawEntries.match(
                15001,
                "Secret in the query (hunter2)",
                "ARGS_GET:hunter2 secret",
                "hunter2",
                "portcullis/token"),
            RawEntries.match(19001, "Refused", "TX:refused", "1", "portcullis/verdict"));
    String line = MaskedLine.of(read(raw), Instant.EPOCH).toString();
    assertFalse(line.contains("hunter2"), line);
    assertFalse(line.contains("eyJ"), line);
    assertTrue(line.contains("\"15001\""), line);
    assertTrue(line.contains("\"waf.rule_group\":\"token\""), line);
  }

  @Test
  void entry_ofALevelThatIsOnlyLookedFor_isNotRefused() {
    String raw =
        RawEntries.entry(
            "id-3",
            "198.51.100.1",
            "/x",
            RawEntries.match(942430, "Many signs", "ARGS:q", "''''", "paranoia-level/2"));
    Transaction entry = read(raw);
    assertFalse(entry.refused());
    assertTrue(entry.matches().getFirst().detection());
  }

  @Test
  void entry_behindATornOne_isRead() {
    String whole = RawEntries.refused("id-4", "203.0.113.9", "/x");
    assertEquals("id-4", read(whole.substring(0, 80) + whole).id());
  }

  @Test
  void entry_withBytesThatAreNoText_isRead() {
    byte[] raw = RawEntries.refused("id-5", "203.0.113.9", "/@").getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < raw.length; i++) {
      raw[i] = raw[i] == '@' ? (byte) 0xfe : raw[i];
    }
    assertEquals("/…", AuditLine.read(raw).orElseThrow().path());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "{}",
        "[]",
        "{\"transaction\":[]}",
        "{\"transaction\":{}}",
        "{\"transaction\":",
        "{\"transaction\":{\"unique_id\":7}}",
        "{\"transaction\":{\"unique_id\":\"a\",\"messages\":[7]}}",
        "{\"transaction\":{\"unique_id\":\"a\",\"messages\":[{\"details\":{\"ruleId\":\"x\"}}]}}"
      })
  void garbage_ofAnyKind_isEmpty(String line) {
    assertEquals(Optional.empty(), AuditLine.read(line.getBytes(StandardCharsets.UTF_8)));
  }

  private static Transaction read(String line) {
    return AuditLine.read(line.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }
}
